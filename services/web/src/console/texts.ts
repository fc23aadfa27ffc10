import billRuns from "@/billing/bill-runs/texts";
import bills from "@/billing/bills/texts";
import cashier from "@/billing/cashier/texts";
import collection from "@/billing/collection/texts";
import fees from "@/billing/fees/texts";
import importedFees from "@/billing/imported-fees/texts";
import refunds from "@/billing/refunds/texts";
import statement from "@/billing/statement/texts";
import audit from "@/identity/audit/texts";
import rights from "@/identity/rights/texts";
import roles from "@/identity/roles/texts";
import staff from "@/identity/staff/texts";
import household from "@/residents/household/texts";
import imports from "@/residents/imports/texts";
import search from "@/residents/search/texts";
import session from "@/session/texts";
import shell from "./shell/texts";

/** The words of the staff console, one namespace a feature. */
export const consoleTexts = {
  session,
  shell,
  search,
  household,
  imports,
  bills,
  cashier,
  statement,
  fees,
  importedFees,
  billRuns,
  refunds,
  collection,
  staff,
  rights,
  roles,
  audit,
};
