import { expect, test } from "vitest";
import { listed, preferredLanguage } from "./language";

test("a choice made before counts, then what the browser asks for, then Chinese", () => {
  expect(preferredLanguage("en", ["zh-CN"])).toBe("en");
  expect(preferredLanguage(null, ["fr-FR", "en-GB", "zh-CN"])).toBe("en");
  expect(preferredLanguage(null, ["zh-TW", "en"])).toBe("zh");
  expect(preferredLanguage("de", ["fr"])).toBe("zh");
});

test("a list is written as its language does", () => {
  expect(listed(["一", "二"], "zh")).toBe("一、二");
  expect(listed(["One", "Two"], "en")).toBe("One, Two");
});
