import { expect, test } from "vitest";
import { lineText, outcomeOf, pauseAfter } from "./payments";

test("only money that came counts as settled", () => {
  expect(["CREATED", "PENDING", "UNKNOWN"].map(status => outcomeOf(status as "PENDING"))).toEqual([
    "waiting",
    "waiting",
    "waiting",
  ]);
  expect(outcomeOf("FAILED")).toBe("failed");
  expect(outcomeOf("PARTLY_REFUNDED")).toBe("settled");
});

test("asking becomes seldom after half a minute", () => {
  const first = Array.from({ length: 30 }, (_, asked) => pauseAfter(asked));
  expect(first.reduce((all, pause) => all + pause, 0)).toBe(30_000);
  expect(pauseAfter(30)).toBe(10_000);
});

test("a line of a receipt is shown in one language", () => {
  expect(lineText("账单 2026-12 / Bill 2026-12", "zh")).toBe("账单 2026-12");
  expect(lineText("账单 2026-12 / Bill 2026-12", "en")).toBe("Bill 2026-12");
  expect(lineText("a / b / c", "en")).toBe("a / b / c");
  expect(lineText("押金", "en")).toBe("押金");
});
