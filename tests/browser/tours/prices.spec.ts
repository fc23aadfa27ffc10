import { expect, PASSWORD, test } from "../support/test.ts";

const PRICES = {
  zh: { rate: "2.41", from: "2029-01-01" },
  en: { rate: "2.43", from: "2030-01-01" },
};

test("the director proposes a price and finance approves it", async ({ visit, language }) => {
  const { rate, from } = PRICES[language];
  const director = await visit("desktop");
  const { fees, shell } = director.words;
  await director.signIn("director", PASSWORD);
  await director.link(fees.title).click();
  await expect(director.title(fees.title)).toBeVisible();
  const row = (of: typeof director) => of.page.getByRole("row").filter({ hasText: rate });
  await director.look("prices");

  await director.button(fees.propose).click();
  const form = director.dialog(fees.proposeTitle);
  await form.getByLabel(fees.rate, { exact: true }).fill("2.4x");
  await form.getByRole("button", { name: fees.propose }).click();
  await expect(form.getByText(fees.notRate)).toBeVisible();
  await director.look("proposing a price");
  await form.getByLabel(fees.rate, { exact: true }).fill(rate);
  await form.getByLabel(fees.from, { exact: true }).fill(from);
  await director.page.keyboard.press("Tab");
  await form.getByRole("button", { name: fees.propose }).click();
  await expect(form).toHaveCount(0);
  await expect(row(director)).toContainText(fees.phases.PROPOSED);
  await expect(row(director)).toContainText(fees.ownProposal);

  const finance = await visit("desktop");
  await finance.signIn("finance", PASSWORD);
  await finance.link(fees.title).click();
  await row(finance).getByRole("button", { name: fees.approve }).click();
  const asked = finance.dialog(fees.approveTitle);
  await expect(asked).toContainText(rate);
  await finance.look("approving a price");
  await asked.getByRole("button", { name: fees.approve }).click();
  await expect(row(finance)).toContainText(fees.phases.APPROVED);
  await expect(finance.page.getByRole("button", { name: shell.cancel })).toHaveCount(0);
});
