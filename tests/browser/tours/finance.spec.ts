import { randomUUID } from "node:crypto";
import { Colleague } from "../support/api.ts";
import { expect, PASSWORD, test } from "../support/test.ts";

const UNITS = { zh: "2-1-1201", en: "2-2-1201" };

/** How many months from now each language bills, so that both find something to do. */
const LATER = { zh: 2, en: 3 };

function monthsFromNow(count: number): string {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() + count, 1)).toISOString().slice(0, 7);
}

test("finance previews a month, runs it and sees it come in", async ({ visit, language }) => {
  await (await Colleague.called("finance")).accountOf(UNITS[language]);
  const month = monthsFromNow(LATER[language]);
  const finance = await visit("desktop");
  const { billRuns, collection } = finance.words;
  await finance.signIn("finance", PASSWORD);
  await finance.link(billRuns.title).click();
  await expect(finance.title(billRuns.title)).toBeVisible();
  await finance.look("bill runs");

  await finance.link(billRuns.newRun).click();
  const chosen = finance.page.getByRole("textbox", { name: billRuns.month });
  await chosen.fill(month);
  await finance.page.keyboard.press("Enter");
  await expect(finance.page).toHaveURL(new RegExp(month));
  await expect(finance.page.getByText(billRuns.willIssue)).toBeVisible();
  const first = finance.page.getByRole("row").filter({ hasText: "1-1-0101" });
  await first.getByRole("button").click();
  await expect(finance.page.getByText("×").first()).toBeVisible();
  await finance.look("preview");

  await finance.button(billRuns.start).click();
  const asked = finance.dialog(finance.say(billRuns.startTitle, { month }));
  await asked.getByRole("button", { name: billRuns.start }).click();
  await expect(finance.page.getByText(billRuns.states.DONE, { exact: true })).toBeVisible({
    timeout: 60_000,
  });
  await finance.look("bill run");

  await finance.link(collection.title).click();
  await expect(finance.title(collection.title)).toBeVisible();
  await expect(finance.page.getByText("%").first()).toBeVisible();
  await finance.look("collection rate");
});

test("finance approves a refund that the cashier asked for", async ({ visit, language }) => {
  const cashier = await Colleague.called("cashier");
  const accountId = await cashier.accountOf(UNITS[language]);
  const take = `mutation($input: TakePaymentInput!) {
    takePayment(input: $input) { payment { id } }
  }`;
  const money = { accountId, amount: "50", till: "CASH", idempotencyKey: randomUUID() };
  const taken = await cashier.ask<{ takePayment: { payment: { id: string } } }>(take, {
    input: money,
  });
  const request = `mutation($input: RequestRefundInput!) {
    requestRefund(input: $input) { refund { id } }
  }`;
  const reason = `browser ${language}`;
  await cashier.ask(request, {
    input: {
      paymentId: taken.takePayment.payment.id,
      amount: "20",
      reason,
      idempotencyKey: randomUUID(),
    },
  });

  const finance = await visit("desktop");
  const { refunds, cashier: words } = finance.words;
  await finance.signIn("finance", PASSWORD);
  await finance.link(refunds.title).click();
  const row = finance.page.getByRole("row").filter({ hasText: reason });
  await expect(row).toContainText("20.00");
  await finance.look("refunds");
  await row.getByRole("button", { name: refunds.approve }).click();
  const asked = finance.dialog(/20\.00/);
  await finance.look("approving a refund");
  await asked.getByRole("button", { name: refunds.approve }).click();
  await expect(asked).toHaveCount(0);
  await expect(row).toHaveCount(0);
  const status = finance.page.getByRole("combobox", { name: refunds.status });
  await finance.choose(status, words.refundStatuses.SUCCEEDED);
  await expect(row).toContainText(words.refundStatuses.SUCCEEDED);
});
