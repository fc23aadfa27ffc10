import { expect, test } from "vitest";
import { readFilters, withFilters } from "./filters";

test("filters that are not set are not there", () => {
  const search = new URLSearchParams("status=REQUESTED&other=1&from=");
  expect(readFilters(search, ["status", "from"])).toEqual({ status: "REQUESTED" });
});

test("a changed filter begins at the first page and keeps the others", () => {
  const search = new URLSearchParams("status=all&after=abc&bills=open");
  expect(withFilters(search, { status: "REQUESTED" }).toString()).toBe(
    "status=REQUESTED&bills=open",
  );
});

test("an empty filter leaves the address", () => {
  const search = new URLSearchParams("item=fit_1&status=all");
  expect(withFilters(search, { item: "", status: undefined }).toString()).toBe("");
});
