import { Colleague } from "../support/api.ts";
import { expect, PASSWORD, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

const UNITS = { zh: "1-1-1201", en: "1-2-1201" };

/** Presses the button; nothing is printed, but the page is as paper would show it. */
async function print(cashier: Visitor, label: string) {
  const { page, words } = cashier;
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute("data-printed", "");
  });
  await cashier.button(words.cashier.print).click();
  await expect(page.locator("body[data-printed]")).toBeVisible();
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("article")).toContainText(label);
  await expect(page.getByRole("navigation")).toHaveCount(0);
  await expect(cashier.button(words.cashier.print)).toHaveCount(0);
  await expect(page.locator(".ant-message").filter({ visible: true })).toHaveCount(0);
  await cashier.look("printed receipt");
  await page.emulateMedia({ media: "screen" });
}

test("the cashier finds a household, takes a payment and prints a receipt", async ({
  visit,
  language,
}) => {
  const label = UNITS[language];
  await (await Colleague.called("cashier")).accountOf(label);
  const cashier = await visit("desktop");
  const { words } = cashier;
  await cashier.signIn("cashier", PASSWORD);
  await expect(cashier.title(words.search.title)).toBeVisible();

  await cashier.page.keyboard.press("/");
  await cashier.page.keyboard.type("1201");
  await cashier.page.getByRole("option").filter({ hasText: label }).click();
  await expect(cashier.title(new RegExp(label))).toBeVisible();
  await cashier.look("household with a debt");

  await cashier.page.keyboard.press("p");
  const dialog = cashier.dialog(/./);
  const amount = dialog.getByLabel(words.cashier.amount, { exact: true });
  await expect(amount).toHaveValue(/^\d+\.\d\d$/);
  await expect(amount).toBeFocused();
  await amount.fill("0.005");
  await cashier.page.keyboard.press("Enter");
  await expect(dialog.getByText(words.shell.notAmount)).toBeVisible();
  await cashier.look("taking a payment");
  await amount.fill("100");
  await expect(dialog.getByRole("status")).toBeVisible();
  await cashier.page.keyboard.press("Enter");

  await expect(cashier.title("100.00")).toBeVisible();
  const receipt = cashier.page.getByRole("article");
  await expect(receipt).toContainText(/FCH-SJ-\d{6}-\d{6}/);
  await expect(receipt).toContainText(label);
  await expect(receipt).toContainText("壹佰元整");
  await cashier.look("payment");
  await print(cashier, label);

  await cashier.link(label).first().click();
  await expect(cashier.title(new RegExp(label))).toBeVisible();
  await cashier.link(words.cashier.statement).first().click();
  await expect(cashier.title(new RegExp(words.statement.title.split("{{")[0] ?? ""))).toBeVisible();
  await expect(cashier.page.getByRole("row").filter({ hasText: "100.00" })).not.toHaveCount(0);
  await cashier.look("statement");
});
