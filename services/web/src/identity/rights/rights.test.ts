import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import rights from "./texts";

test("every permission of the matrix has a name", () => {
  const matrix = readFileSync(
    new URL("../../../../../libs/authz/matrix.csv", import.meta.url),
    "utf8",
  );
  const permissions = matrix
    .split("\n")
    .filter(line => /^[a-z_]+\.[a-z_]+,/.test(line))
    .map(line => line.split(",")[0] ?? "");
  const named = Object.entries(rights.zh).flatMap(([resource, acts]) =>
    Object.keys(acts).map(act => `${resource}.${act}`),
  );
  expect(permissions.length).toBeGreaterThan(30);
  expect(named.sort()).toEqual(permissions.sort());
});
