import { expect, test } from "@playwright/test";
import { dataOf, untranslated } from "./untranslated.ts";

const NONE: ReadonlySet<string> = new Set();

test("a Chinese page may not speak English, nor show a key", () => {
  expect(untranslated(["缴费 ¥278.62", "3-1-1201", "FCH-SJ-202612"], "zh", NONE)).toEqual([]);
  expect(untranslated(["Take payment"], "zh", NONE)).toHaveLength(1);
  expect(untranslated(["cashier.take"], "zh", NONE)).toHaveLength(1);
  expect(untranslated(["PARTLY_PAID"], "zh", NONE)).toHaveLength(1);
});

test("an English page may not speak Chinese", () => {
  expect(untranslated(["Take ¥278.62"], "en", NONE)).toEqual([]);
  expect(untranslated(["向 Wang 收款"], "en", NONE)).toHaveLength(1);
  expect(untranslated(["Wang，"], "en", NONE)).toHaveLength(1);
  expect(untranslated(["bill_run.started"], "en", NONE)).toHaveLength(1);
  expect(untranslated(["PARTLY_PAID"], "en", NONE)).toHaveLength(1);
});

test("names come with the data, the other language's words do not", () => {
  const data = new Set<string>();
  dataOf({ payer: "王芳", lines: [{ wordsZh: "面积", wordsEn: "area" }] }, "en", data);
  expect(untranslated(["Payer 王芳", "area"], "en", data)).toEqual([]);
  expect(untranslated(["面积"], "en", data)).toHaveLength(1);
  dataOf({ status: "PARTLY_PAID", action: "bill_run.started" }, "zh", data);
  expect(untranslated(["PARTLY_PAID", "bill_run.started"], "zh", data)).toHaveLength(2);
});
