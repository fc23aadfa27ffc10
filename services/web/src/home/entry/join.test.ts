import { expect, test } from "vitest";
import { readInvitation, tidyCode } from "./join";

test("a link fills in the company and the code", () => {
  expect(readInvitation("#company=cuihu&code=6f1c09")).toEqual({
    company: "cuihu",
    code: "6f1c09",
  });
  expect(readInvitation("#code=6f1c09")).toEqual({ company: "", code: "6f1c09" });
  expect(readInvitation("")).toEqual({ company: "", code: "" });
});

test("a code may be copied with blanks", () => {
  expect(tidyCode(" 6f1c 09ab\n")).toBe("6f1c09ab");
});
