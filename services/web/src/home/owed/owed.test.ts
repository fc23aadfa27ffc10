import { expect, test } from "vitest";
import { type Account, type Bill, openBills, placeOf, totals } from "./owed";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

function bill(due: string, outstanding: string, status: Bill["status"] = "ISSUED"): Bill {
  return { due, status, firstMonth: due.slice(0, 7), outstanding: yuan(outstanding) } as Bill;
}

function account(bills: Bill[]): Account {
  const estate = { id: "est_1", name: "翡翠湖畔花园" };
  return { estate, unit: { id: "unt_1", label: "3-1-1201" }, bills: { nodes: bills } } as Account;
}

test("open bills come by their due day, without paid and voided ones", () => {
  const bills = [
    bill("2026-12-20", "278.62"),
    bill("2026-11-20", "0.00", "PAID"),
    bill("2026-10-20", "100.00", "VOIDED"),
    bill("2026-09-20", "20.00", "OVERDUE"),
  ];
  expect(openBills(account(bills)).map(({ due }) => due)).toEqual(["2026-09-20", "2026-12-20"]);
});

test("each currency has a total of its own", () => {
  const pounds = {
    ...bill("2026-12-20", "5.00"),
    outstanding: { amount: "5.00", currency: "GBP" },
  };
  const all = totals([bill("2026-12-20", "278.62"), bill("2026-09-20", "20.00"), pounds]);
  expect(all).toEqual([yuan("298.62"), { amount: "5.00", currency: "GBP" }]);
  expect(totals([])).toEqual([]);
});

test("a place is the estate and the unit", () => {
  expect(placeOf(account([]))).toBe("翡翠湖畔花园 3-1-1201");
  expect(placeOf({ ...account([]), unit: null })).toBe("翡翠湖畔花园");
});
