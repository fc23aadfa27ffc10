//! How findings that need a decision are settled: for all of a kind, or for one row.

import type { ImportChoiceInput, ImportFindingsQuery } from "@/graph/generated";

export type Finding = NonNullable<
  NonNullable<ImportFindingsQuery["import"]>["findings"]
>["nodes"][number];

/** The choices that were made, by where they hold. */
export type Choices = ReadonlyMap<string, ImportChoiceInput>;

export const NO_CHOICES: Choices = new Map();

type Place = Pick<Finding, "code"> & Partial<Pick<Finding, "sheet" | "row">>;

function key({ code, sheet, row }: Place): string {
  return [code, sheet ?? "", row ?? ""].join("|");
}

/** The choice for a finding: its own, else that for its kind. */
export function choiceFor(choices: Choices, finding: Finding): string | undefined {
  const own = choices.get(key(finding)) ?? choices.get(key({ code: finding.code }));
  return own?.choice;
}

/** The choices with one more, or another one at the same place. */
export function choose(choices: Choices, place: Place, choice: string): Choices {
  const { code, sheet, row } = place;
  const next = new Map(choices);
  next.set(key(place), { code, sheet: sheet ?? null, row: row ?? null, choice });
  return next;
}

/** What is sent: the most precise choice for a finding counts. */
export function choicesInput(choices: Choices): ImportChoiceInput[] {
  return [...choices.values()];
}
