import { expect, test } from "vitest";
import { consoleTexts } from "@/console/texts";
import { homeTexts } from "@/home/texts";
import type { Tree } from "./texts";

/** Every key with its text, as `billing.title`. */
function flat(tree: Tree, above = ""): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[above + key, value]] : flat(value, `${above}${key}.`),
  );
}

const blanks = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();

test.each(Object.entries({ ...consoleTexts, ...homeTexts }))(
  "%s says everything in both languages",
  (_, { zh, en }) => {
    const [chinese, english] = [flat(zh), new Map(flat(en))];
    expect(chinese.map(([key]) => key)).toEqual([...english.keys()]);
    for (const [key, text] of chinese) {
      const other = english.get(key) ?? "";
      expect(text.trim(), key).not.toBe("");
      expect(other.trim(), key).not.toBe("");
      expect(blanks(other), key).toEqual(blanks(text));
      expect(other, key).not.toMatch(/[\u4e00-\u9fff]/);
    }
  },
);
