import { expect, test } from "vitest";
import { preferredLanguage } from "./language";

test("a choice made before counts, then what the browser asks for, then Chinese", () => {
  expect(preferredLanguage("en", ["zh-CN"])).toBe("en");
  expect(preferredLanguage(null, ["fr-FR", "en-GB", "zh-CN"])).toBe("en");
  expect(preferredLanguage(null, ["zh-TW", "en"])).toBe("zh");
  expect(preferredLanguage("de", ["fr"])).toBe("zh");
});
