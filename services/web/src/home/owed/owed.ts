//! What is owed, out of what billing answers.

import { type Money, sign, sum } from "@/figures/money";
import type { BillSummaryFragment, MyAccountsQuery } from "@/graph/generated";

export type Account = NonNullable<MyAccountsQuery["myAccounts"]>[number];
export type Bill = BillSummaryFragment;

/** The bills of an account of which something is open, the oldest due first. */
export function openBills(account: Account): Bill[] {
  const open = account.bills.nodes.filter(
    ({ status, outstanding }) => status !== "VOIDED" && sign(outstanding) > 0,
  );
  return open.sort(
    (a, b) => a.due.localeCompare(b.due) || a.firstMonth.localeCompare(b.firstMonth),
  );
}

/** What is open of some bills: one sum a currency. */
export function totals(bills: Bill[]): Money[] {
  const currencies = [...new Set(bills.map(bill => bill.outstanding.currency))];
  return currencies.map(currency => {
    const of = bills.map(bill => bill.outstanding);
    return sum(
      of.filter(amount => amount.currency === currency),
      currency,
    );
  });
}

/** Where a bill is for, e.g. `翡翠湖畔花园 3-1-1201`. */
export function placeOf({ estate, unit }: Account): string {
  return unit ? `${estate.name} ${unit.label}` : estate.name;
}
