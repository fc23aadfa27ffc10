import type { AdjustImportMappingInput, ImportStateFragment } from "@/graph/generated";
import { columnIndex, letters } from "./letters";

type Sheet = ImportStateFragment["sheets"][number];

/** How a sheet shall be read, as it is edited; no kind: not at all. */
export type SheetDraft = {
  sheet: string;
  kind: string;
  headerRow: number;
  /** The letters of the column by the field's key; what is empty is not read. */
  letters: Record<string, string>;
  /** The headers that were found, by the column's index. */
  headers: Record<number, string>;
};

/** How a sheet is read now. */
export function draftOf({ sheet, kind, headerRow, columns }: Sheet): SheetDraft {
  return {
    sheet,
    kind,
    headerRow,
    letters: Object.fromEntries(columns.map(({ key, index }) => [key, letters(index)])),
    headers: Object.fromEntries(columns.map(({ index, header }) => [index, header])),
  };
}

/** The sheets that are read, as the graph takes them. */
export function mappingInput(drafts: SheetDraft[]): AdjustImportMappingInput["sheets"] {
  const read = drafts.filter(({ kind }) => kind !== "");
  return read.map(({ sheet, kind, headerRow, letters: chosen, headers }) => ({
    sheet,
    kind,
    headerRow,
    columns: Object.entries(chosen).flatMap(([key, typed]) => {
      const index = columnIndex(typed);
      return index === undefined ? [] : [{ key, index, header: headers[index] ?? "" }];
    }),
  }));
}
