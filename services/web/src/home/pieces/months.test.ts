import { expect, test } from "vitest";
import { months } from "./months";

test("months have names", () => {
  expect(months("2026-12", "2026-12", "zh")).toBe("2026年12月");
  expect(months("2026-12", "2026-12", "en")).toBe("December 2026");
  expect(months("2026-07", "2026-09", "zh")).toBe("2026年7月 – 2026年9月");
});
