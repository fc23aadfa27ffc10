import { expect, PASSWORD, test } from "../support/test.ts";

/** A household by its number, its owner, her phone's tail; another one by its car. */
const SEARCHES = {
  "3-1-1201": "3-1-1201",
  王芳: "3-1-1201",
  "3102": "3-1-1201",
  A10444: "1-1-1201",
};

test("the front desk signs in and finds a household without a mouse", async ({ visit }) => {
  const desk = await visit("desktop");
  const { session, search, household } = desk.words;
  const { page } = desk;
  await desk.go("/");
  await expect(desk.button(session.signIn)).toBeVisible();
  await desk.look("sign-in");
  await page.getByLabel(session.company, { exact: true }).fill("cuihu");
  await page.getByLabel(session.login, { exact: true }).fill("desk");
  await page.getByLabel(session.password, { exact: true }).fill("a wrong password");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toContainText(session.wrong);
  desk.knows("desk");
  await desk.look("wrong password");
  desk.forgive(/^401: .*\/auth\/session$/);
  await page.getByLabel(session.password, { exact: true }).fill(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(desk.title(search.title)).toBeVisible();
  await desk.look("front desk");

  const box = page.getByRole("combobox", { name: search.label });
  const hits = page.getByRole("listbox", { name: search.label }).getByRole("option");
  await page.keyboard.press("/");
  await expect(box).toBeFocused();
  await page.keyboard.type("1201");
  await expect(hits.filter({ hasText: "3-1-1201" })).toBeVisible();
  await desk.look("search");
  await page.keyboard.press("ArrowDown");
  await expect(hits.nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowUp");
  await expect(hits.first()).toHaveAttribute("aria-selected", "true");
  for (const [typed, found] of Object.entries(SEARCHES)) {
    await box.fill(typed);
    await expect(hits.filter({ hasText: found })).toBeVisible();
  }
  await box.fill("nobody's");
  await expect(page.getByText(desk.say(search.none, { text: "nobody's" }))).toBeVisible();
  await box.fill("3-1-1201");
  await page.keyboard.press("Enter");
  await expect(desk.title("3-1-1201")).toBeVisible();
  await expect(page.getByRole("heading", { name: household.people })).toBeVisible();
  const owner = page.getByRole("listitem").filter({ hasText: household.payer });
  await expect(owner).toContainText("王*");
  await expect(page.getByText(/¥\d/).first()).toBeVisible();
  await desk.look("household");
});

test("the supervisor sees a phone number in full for a reason", async ({ visit }) => {
  const supervisor = await visit("desktop", "supervisor");
  const { household, shell, search } = supervisor.words;
  await supervisor.go("/e/FCH");
  await expect(supervisor.title(search.title)).toBeVisible();
  await supervisor.page.keyboard.press("/");
  await supervisor.page.keyboard.type("3-1-1201");
  // Enter before the answer: what is found first is chosen once it is there.
  await supervisor.page.keyboard.press("Enter");
  const owner = supervisor.page.getByRole("listitem").filter({ hasText: household.payer });
  await expect(owner).toContainText("199****3102");
  const reveal = supervisor.say(household.revealOf, { name: "王*" });
  await owner.getByRole("button", { name: reveal }).click();
  const form = supervisor.dialog(reveal);
  await form.getByRole("button", { name: shell.confirm }).click();
  await expect(form.getByText(shell.required)).toBeVisible();
  await form.getByLabel(shell.reason).fill("a leak above");
  supervisor.knows("a leak above");
  await supervisor.look("asking for personal data");
  await form.getByRole("button", { name: shell.confirm }).click();
  await expect(supervisor.page.getByText("19912043102")).toBeVisible();
  await supervisor.look("personal data");
});

test("who has no right to a screen is told so", async ({ visit }) => {
  const desk = await visit("desktop", "desk");
  await desk.go("/e/FCH/bill-runs");
  await expect(desk.page.getByText(desk.words.shell.noRight)).toBeVisible();
  await desk.look("no right");
  await desk.go("/nowhere");
  await expect(desk.page.getByText(desk.words.shell.notFound)).toBeVisible();
  await desk.look("no such page");
  await desk.go("/e/FCH/units/unt_00000000000000000000000000000000");
  await expect(desk.page.getByRole("alert")).toBeVisible();
  await desk.look("no such unit");
  desk.forgive(/^the graph: /);
});
