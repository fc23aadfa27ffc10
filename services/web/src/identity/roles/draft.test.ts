import { expect, test } from "vitest";
import {
  draftOf,
  limitsAreAmounts,
  permissionsInput,
  type Role,
  rightsOf,
  withRight,
} from "./draft";

const role = (template: boolean, grantable: boolean, permissions: Role["permissions"]): Role => ({
  code: "X",
  nameZh: "甲",
  nameEn: "A",
  template,
  grantable,
  permissions,
});

const yuan = (amount: string) => ({ amount, currency: "CNY" });

const ROLES = [
  role(true, true, [
    { permission: "unit.read", reach: "ZONE", limit: null },
    { permission: "payment.take", reach: "ALL", limit: yuan("1000.00") },
  ]),
  role(true, false, [{ permission: "unit.read", reach: "OWN", limit: null }]),
  role(false, true, [{ permission: "unit.read", reach: "ASSIGNED", limit: null }]),
];

test("rights reach as far as those of staff can", () => {
  expect(rightsOf(ROLES)).toEqual([
    { permission: "unit.read", reaches: ["ALL", "ZONE"], limited: false },
    { permission: "payment.take", reaches: ["ALL"], limited: true },
  ]);
});

test("a role that is not changed is sent as it was", () => {
  const [first] = ROLES;
  if (!first) throw new Error("there is a first role");
  expect(permissionsInput(draftOf(first))).toEqual([
    { permission: "unit.read", reach: "ZONE", limit: null },
    { permission: "payment.take", reach: "ALL", limit: "1000.00" },
  ]);
});

test("a right is given, limited and taken away", () => {
  const given = withRight({}, "payment.take", { reach: "ALL", limit: "1,000" });
  expect(permissionsInput(given)[0]?.limit).toBe("1000.00");
  expect(withRight(given, "payment.take", undefined)).toEqual({});
});

test("a limit is an amount or nothing", () => {
  const limited = (limit: string) => limitsAreAmounts({ "bill.void": { reach: "ALL", limit } });
  expect([limited(""), limited("100"), limited("a lot")]).toEqual([true, true, false]);
});
