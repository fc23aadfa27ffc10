import { randomUUID } from "node:crypto";
import { Colleague } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

const UNITS = { zh: "2-1-1201", en: "2-2-1201" };

/** Money at the counter, to be given back; answers the payment. */
async function taken(label: string): Promise<string> {
  const cashier = await Colleague.called("cashier");
  const accountId = await cashier.accountOf(label);
  const take = `mutation($input: TakePaymentInput!) {
    takePayment(input: $input) { payment { id } }
  }`;
  const input = { accountId, amount: "50", till: "CASH", idempotencyKey: randomUUID() };
  const answer = await cashier.ask<{ takePayment: { payment: { id: string } } }>(take, { input });
  return answer.takePayment.payment.id;
}

/** The cashier asks for some of it back. */
async function request(cashier: Visitor, amount: string, reason: string) {
  const { cashier: words, shell } = cashier.words;
  await cashier.button(words.requestRefund).click();
  const form = await cashier.opened(words.requestRefund);
  await form.getByLabel(words.amount, { exact: true }).fill(amount);
  await form.getByLabel(shell.reason).fill(reason);
  await cashier.look("asking for a refund");
  await form.getByRole("button", { name: shell.confirm }).click();
  await expect(form).toHaveCount(0);
  await expect(cashier.page.getByText(reason)).toBeVisible();
}

test("the cashier asks for refunds, finance approves one and rejects the other", async ({
  visit,
  language,
}) => {
  const payment = await taken(UNITS[language]);
  const [good, bad] = [`good ${randomUUID()}`, `bad ${randomUUID()}`];
  const cashier = await visit("desktop", "cashier");
  cashier.knows(good, bad);
  await cashier.go(`/e/FCH/payments/${payment}`);
  await request(cashier, "20", good);
  await request(cashier, "5", bad);

  const finance = await visit("desktop", "finance");
  const { refunds, shell, cashier: words } = finance.words;
  await finance.go("/e/FCH/refunds");
  await finance.link(refunds.title).click();
  const row = (reason: string) => finance.page.getByRole("row").filter({ hasText: reason });
  await expect(row(good)).toContainText("20.00");
  await expect(row(good)).toContainText(UNITS[language]);
  await finance.look("refunds");
  await row(good).getByRole("button", { name: refunds.approve }).click();
  const approval = finance.dialog(/20\.00/);
  await finance.look("approving a refund");
  await approval.getByRole("button", { name: refunds.approve }).click();
  await expect(approval).toHaveCount(0);
  await expect(row(good)).toHaveCount(0);
  await row(bad).getByRole("button", { name: refunds.reject }).click();
  const rejection = finance.dialog(refunds.rejectTitle);
  await rejection.getByRole("button", { name: refunds.reject }).click();
  await expect(rejection.getByText(shell.required)).toBeVisible();
  await finance.look("rejecting a refund");
  finance.knows("not owed");
  await rejection.getByLabel(shell.reason).fill("not owed");
  await rejection.getByRole("button", { name: refunds.reject }).click();
  await expect(row(bad)).toHaveCount(0);

  const status = finance.page.getByRole("combobox", { name: refunds.status });
  await finance.choose(status, words.refundStatuses.SUCCEEDED);
  await expect(row(good)).toContainText(words.refundStatuses.SUCCEEDED);
  await expect(finance.page).toHaveURL(/status=SUCCEEDED/);
  await finance.page.reload();
  await row(good).getByRole("link", { name: refunds.show }).click();
  await expect(finance.page.getByRole("article")).toHaveCount(2);
  await finance.look("refunded payment");

  await finance.button(words.voidReceipt).first().click();
  const voiding = finance.dialog(/FCH-SJ/);
  await voiding.getByLabel(shell.reason).fill(good);
  await finance.look("voiding a receipt");
  await voiding.getByRole("button", { name: words.voidReceipt }).click();
  await expect(voiding).toHaveCount(0);
  await expect(finance.page.getByText(words.voidMark).first()).toBeVisible();
  await expect(finance.page.getByRole("article")).toHaveCount(3);
});
