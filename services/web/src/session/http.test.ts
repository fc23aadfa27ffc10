import { expect, test } from "vitest";
import { csrfToken } from "./http";

test("the CSRF token is found among other cookies", () => {
  expect(csrfToken("theme=dark; __Host-csrf=a-b_c; x=1")).toBe("a-b_c");
});

test("no cookie, or an empty one, is no session", () => {
  expect(csrfToken("")).toBeUndefined();
  expect(csrfToken("__Host-csrf=; not__Host-csrf=1")).toBeUndefined();
});
