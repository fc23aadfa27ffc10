import { monthsFromNow } from "../support/api.ts";
import { expect, test } from "../support/test.ts";
import type { Visitor } from "../support/visitor.ts";

/** The owner of 3-1-1201. */
const OWNER = "19912043102";

const HELD = { staff: ["finance", "/e/FCH/refunds"], resident: [OWNER, "/home"] } as const;

/** Keeps every question of the graph waiting, cuts them off, and lets them through in the end. */
async function interrupted(visitor: Visitor, place: string) {
  const { page, words } = visitor;
  const letGo = await visitor.hold(route => route.abort("connectionfailed"));
  await visitor.go(place);
  await expect(page.getByRole("status")).toBeVisible();
  letGo();
  await expect(page.getByRole("alert")).toContainText(words.session.failure.OFFLINE);
  await visitor.look(`cut off ${place}`);
  visitor.forgive(/^net::ERR_CONNECTION_FAILED/);
  await page.unroute("**/graphql");
  await visitor.button(words.session.retry).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

for (const [who, [login, place]] of Object.entries(HELD)) {
  test(`${who} see that it loads, that it failed, and go on`, async ({ visit }) => {
    const visitor = await visit(who === "staff" ? "desktop" : "phone", login);
    await interrupted(visitor, place);
  });
}

test("one screen fails while the others work", async ({ visit }) => {
  const finance = await visit("desktop", "finance");
  const { words, page } = finance;
  await finance.go("/e/FCH");
  await expect(finance.title(words.search.title)).toBeVisible();
  await page.route("**/graphql", route => route.abort("connectionfailed"));
  await finance.link(words.collection.title).click();
  await expect(finance.title(words.collection.title)).toBeVisible();
  await expect(page.getByText(words.session.failure.OFFLINE).first()).toBeVisible();
  await finance.look("a screen cut off");
  await page.unroute("**/graphql");
  finance.forgive(/^net::ERR_CONNECTION_FAILED/);
  await finance.link(words.refunds.title).click();
  await expect(page.getByRole("table")).toBeVisible();
});

test("the figures of another month do not stand for those that are asked for", async ({ visit }) => {
  const finance = await visit("desktop", "finance");
  const { page, words } = finance;
  await finance.go("/e/FCH/bill-runs/new");
  const figures = page.getByText(words.billRuns.willIssue);
  await expect(figures).toBeVisible();
  const letGo = await finance.hold(route => route.continue());
  await finance.chooseMonth(words.billRuns.month, monthsFromNow(6));
  await expect(page.getByRole("status").first()).toBeVisible();
  await expect(figures).toHaveCount(0);
  await expect(finance.button(words.billRuns.start)).toHaveCount(0);
  letGo();
  await expect(figures).toBeVisible();
});
