import { expect, test } from "vitest";
import { selected } from "./selected";

test("the entry of a place is the longest one above it", () => {
  const entries = ["/e/FCH", "/e/FCH/bill-runs", "/audit"];
  expect(selected("/e/FCH/bill-runs/new", entries)).toBe("/e/FCH/bill-runs");
  expect(selected("/e/FCH/units/unt_1", entries)).toBe("/e/FCH");
  expect(selected("/auditor", entries)).toBe("");
});
