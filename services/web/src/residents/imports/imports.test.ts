import { expect, test } from "vitest";
import { choiceFor, choicesInput, choose, type Finding, NO_CHOICES } from "./choices";
import { draftOf, mappingInput } from "./drafts";
import { columnIndex, letters } from "./letters";

const finding = (row: number): Finding => ({
  sheet: "房屋信息",
  row,
  column: "业主编号",
  value: "Y-9",
  code: "DANGLING_OWNER",
  zh: "找不到业主",
  en: "no such owner",
  severity: "CHOICE",
  choices: ["IMPORT_AS_VACANT", "LEAVE_OUT"],
});

test("columns have letters as in a spreadsheet", () => {
  expect([0, 25, 26, 51, 702].map(letters)).toEqual(["A", "Z", "AA", "AZ", "AAA"]);
  for (const index of [0, 25, 26, 700, 703]) expect(columnIndex(letters(index))).toBe(index);
  expect(columnIndex("")).toBeUndefined();
  expect(columnIndex("A1")).toBeUndefined();
});

test("a choice for one row stands before that for its kind", () => {
  const all = choose(NO_CHOICES, { code: "DANGLING_OWNER" }, "LEAVE_OUT");
  const both = choose(all, finding(7), "IMPORT_AS_VACANT");
  expect(choiceFor(both, finding(7))).toBe("IMPORT_AS_VACANT");
  expect(choiceFor(both, finding(8))).toBe("LEAVE_OUT");
  expect(choicesInput(both)).toHaveLength(2);
});

test("a sheet that is not read and a column without letters are not sent", () => {
  const column = { key: "unit", index: 1, header: "房号" };
  const sheet = { sheet: "一", kind: "units", headerRow: 2, columns: [column] };
  const draft = draftOf(sheet);
  expect(draft.letters).toEqual({ unit: "B" });
  const changed = { ...draft, letters: { unit: "c", floor: " " } };
  expect(mappingInput([changed, { ...draft, kind: "" }])).toEqual([
    { ...sheet, columns: [{ key: "unit", index: 2, header: "" }] },
  ]);
});
