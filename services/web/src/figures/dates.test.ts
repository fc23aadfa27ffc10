import { expect, test } from "vitest";
import { addMonths, instant, monthSpan, startOfDay, today } from "./dates";

test("an instant is shown on the estate's clock", () => {
  expect(instant("2026-07-31T16:05:00Z", "Asia/Shanghai")).toBe("2026-08-01 00:05");
  expect(today("Asia/Shanghai", new Date("2026-12-31T16:00:00Z"))).toBe("2027-01-01");
});

test("a day begins where its zone says, also when the clocks change", () => {
  expect(startOfDay("2026-08-01", "Asia/Shanghai")).toBe("2026-07-31T16:00:00.000Z");
  expect(startOfDay("2026-08-01", "Asia/Shanghai", 1)).toBe("2026-08-01T16:00:00.000Z");
  expect(startOfDay("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
  expect(startOfDay("2026-03-29", "Europe/Berlin", 1)).toBe("2026-03-29T22:00:00.000Z");
});

test("months are counted over the years", () => {
  expect(addMonths("2026-12", 1)).toBe("2027-01");
  expect(addMonths("2026-01", -1)).toBe("2025-12");
  expect(addMonths("2026-07", -11)).toBe("2025-08");
});

test("a span of one month is one month", () => {
  expect(monthSpan("2026-07", "2026-07")).toBe("2026-07");
  expect(monthSpan("2026-07", "2026-09")).toBe("2026-07 – 2026-09");
});
