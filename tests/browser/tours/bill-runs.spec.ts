import { Colleague, monthsFromNow } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

/** How many months from now each language bills, so that both find something to do. */
const LATER = { zh: 2, en: 3 };

/** A bill of its own to void. */
const UNITS = { zh: "4-1-0301", en: "4-2-0301" };

test("finance previews a month, runs it, runs it again and sees it come in", async ({
  visit,
  language,
}) => {
  await (await Colleague.called("finance")).accountOf(UNITS[language]);
  const month = monthsFromNow(LATER[language]);
  const finance = await visit("desktop", "finance");
  const { billRuns, collection } = finance.words;
  await finance.go("/e/FCH");
  await finance.link(billRuns.title).click();
  await expect(finance.title(billRuns.title)).toBeVisible();
  await finance.look("bill runs");

  await finance.link(billRuns.newRun).click();
  await finance.chooseMonth(billRuns.month, month);
  await expect(finance.page.getByText(billRuns.willIssue)).toBeVisible();
  await expect(finance.page.getByText(billRuns.difference)).toBeVisible();
  const first = finance.page.getByRole("row").filter({ hasText: "1-1-0101" });
  await first.getByRole("button").click();
  await expect(finance.page.getByText("×").first()).toBeVisible();
  await finance.look("preview");

  await finance.button(billRuns.start).click();
  const asked = finance.dialog(finance.say(billRuns.startTitle, { month }));
  await finance.look("starting a bill run");
  await asked.getByRole("button", { name: billRuns.start }).click();
  const done = finance.page.getByText(billRuns.states.DONE, { exact: true });
  await expect(done).toBeVisible({ timeout: 60_000 });
  await expect(finance.page.getByText(billRuns.doneNothing)).toHaveCount(0);
  await finance.look("bill run");
  const before = finance.page.url();
  await finance.button(billRuns.again).click();
  const again = finance.dialog(finance.say(billRuns.startTitle, { month }));
  await again.getByRole("button", { name: billRuns.again }).click();
  await expect(finance.page).not.toHaveURL(before);
  await expect(finance.page.getByText(billRuns.doneNothing)).toBeVisible({ timeout: 60_000 });
  await finance.look("bill run that changed nothing");

  await finance.link(collection.title).click();
  await expect(finance.title(collection.title)).toBeVisible();
  await expect(finance.page.getByText("%").nth(8)).toBeVisible();
  await finance.look("collection rate");
});

test("finance voids a wrong bill and issues it again", async ({ visit, language }) => {
  const label = UNITS[language];
  await (await Colleague.called("finance")).accountOf(label);
  const finance = await visit("desktop", "finance");
  const { bills, search, shell } = finance.words;
  await finance.go("/e/FCH");
  await expect(finance.title(search.title)).toBeVisible();
  await finance.page.keyboard.press("/");
  await finance.page.keyboard.type(label);
  await finance.page.getByRole("option").filter({ hasText: label }).click();
  await finance.page.getByRole("table", { name: bills.bills }).getByRole("link").last().click();
  await expect(finance.page.getByText("×")).not.toHaveCount(0);
  await finance.look("bill");

  await finance.button(bills.voidBill).click();
  const voiding = finance.dialog(bills.voidTitle);
  await voiding.getByLabel(shell.reason).fill("too large");
  finance.knows("too large");
  await finance.look("voiding a bill");
  await voiding.getByRole("button", { name: bills.voidBill }).click();
  await expect(voiding).toHaveCount(0);
  await expect(finance.page.getByText(bills.statuses.VOIDED, { exact: true })).toBeVisible();
  await finance.look("voided bill");
  const voided = finance.page.url();
  await finance.button(bills.reissue).click();
  const asked = finance.dialog(bills.reissue);
  await asked.getByRole("button", { name: bills.reissue }).click();
  await expect(finance.page).not.toHaveURL(voided);
  await finance.link(bills.replaces).click();
  await expect(finance.page).toHaveURL(voided);
});
