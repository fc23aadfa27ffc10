import { unique } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** Long after every bill run of the tours. */
const FROM = "2031-01-01";

/** The director enters a thing to charge for and proposes a price of it. */
async function propose(director: Visitor, name: string, code: string) {
  const { fees, shell } = director.words;
  await director.button(fees.newItem).click();
  const item = await director.opened(fees.newItem);
  await item.getByLabel(fees.code, { exact: true }).fill(code);
  await item.getByLabel(fees.nameZh, { exact: true }).fill(name);
  await item.getByLabel(fees.nameEn, { exact: true }).fill(name);
  await director.look("a new fee item");
  await item.getByRole("button", { name: shell.confirm }).click();
  await expect(item).toHaveCount(0);

  await director.button(fees.propose).click();
  const form = await director.opened(fees.proposeTitle);
  await director.choose(form.getByLabel(fees.item, { exact: true }), name);
  await form.getByLabel(fees.rate, { exact: true }).fill("2.4x");
  await form.getByRole("button", { name: fees.propose }).click();
  await expect(form.getByText(fees.notRate)).toBeVisible();
  await director.look("proposing a price");
  await form.getByLabel(fees.rate, { exact: true }).fill("2.41");
  await form.getByLabel(fees.from, { exact: true }).fill(FROM);
  await director.page.keyboard.press("Tab");
  await form.getByRole("button", { name: fees.propose }).click();
  await expect(form).toHaveCount(0);
}

test("the director proposes a price, finance approves it, the director gives it up", async ({
  visit,
  language,
}) => {
  const code = unique();
  const name = `${{ zh: "电梯费", en: "Lift fee" }[language]} ${code}`;
  const director = await visit("desktop", "director");
  const { fees, shell } = director.words;
  director.knows(name, code);
  await director.go("/e/FCH/fees");
  await expect(director.title(fees.title)).toBeVisible();
  await director.look("prices");
  await propose(director, name, code);
  const row = (of: Visitor) => of.page.getByRole("row").filter({ hasText: name });
  await expect(row(director)).toContainText(fees.phases.PROPOSED);
  await expect(row(director)).toContainText(fees.ownProposal);

  const finance = await visit("desktop", "finance");
  finance.knows(name, code);
  await finance.go("/e/FCH/fees");
  await row(finance).getByRole("button", { name: fees.approve }).click();
  const asked = finance.dialog(fees.approveTitle);
  await expect(asked).toContainText("2.41");
  await finance.look("approving a price");
  await asked.getByRole("button", { name: fees.approve }).click();
  await expect(asked).toHaveCount(0);
  await expect(row(finance)).toContainText(fees.phases.APPROVED);

  await director.choose(director.page.getByRole("combobox", { name: fees.item }), name);
  await expect(director.page).toHaveURL(/item=/);
  // Whose right is in one estate only knows colleagues of the company by name, too.
  await expect(row(director)).toContainText("周敏 / 何明");
  await row(director).getByRole("button", { name: fees.withdraw }).click();
  const withdrawal = director.dialog(fees.withdrawTitle);
  await withdrawal.getByLabel(shell.reason).fill(code);
  await director.look("withdrawing a price");
  await withdrawal.getByRole("button", { name: fees.withdraw }).click();
  await expect(withdrawal).toHaveCount(0);
  await expect(row(director)).toContainText(fees.phases.WITHDRAWN);
});
