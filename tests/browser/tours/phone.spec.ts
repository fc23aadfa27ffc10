import { Colleague } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

const SCREENS = {
  finance: [
    "/e/FCH",
    "/e/FCH/fees",
    "/e/FCH/bill-runs",
    "/e/FCH/bill-runs/new",
    "/e/FCH/refunds",
    "/e/FCH/collection",
  ],
  admin: ["/e/FCH/imports", "/staff", "/roles", "/audit"],
} as const;

for (const [login, places] of Object.entries(SCREENS)) {
  test(`the console of ${login} on a phone`, async ({ visit }) => {
    const person = await visit("phone", login);
    person.knows("demo.xlsx");
    for (const place of places) {
      await person.go(place);
      await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
      await person.look(place);
    }
  });
}

/** Goes where a link of this name leads. */
async function follow(cashier: Visitor, name: string | RegExp, screen: string) {
  const before = cashier.page.url();
  await cashier.page.getByRole("main").getByRole("link", { name }).first().click();
  await expect(cashier.page).not.toHaveURL(before);
  await expect(cashier.page.getByRole("heading", { level: 1 })).toBeVisible();
  await cashier.look(screen);
  await cashier.page.goBack();
}

test("a household, its bill and its statement on a phone", async ({ visit }) => {
  await (await Colleague.called("cashier")).accountOf("3-1-1201");
  const cashier = await visit("phone", "cashier");
  const { search, cashier: words, shell } = cashier.words;
  await cashier.go("/e/FCH");
  await cashier.button(shell.mainNavigation).click();
  await cashier.look("unfolded navigation");
  await cashier.button(shell.mainNavigation).click();
  await cashier.page.getByRole("combobox", { name: search.label }).fill("3-1-1201");
  await cashier.page.getByRole("option").filter({ hasText: "3-1-1201" }).click();
  await expect(cashier.title("3-1-1201")).toBeVisible();
  await cashier.look("household on a phone");
  await follow(cashier, words.statement, "statement on a phone");
  await follow(cashier, /\d{4}-\d{2}/, "bill on a phone");
  await cashier.button(new RegExp(words.take)).first().click();
  await expect(cashier.dialog(/./)).toBeVisible();
  await cashier.look("taking a payment on a phone");
});
