import { expect, PASSWORD, test } from "../support/test.ts";

test("the front desk finds a household without a mouse", async ({ visit }) => {
  const desk = await visit("desktop");
  const { search, household } = desk.words;
  await desk.go("/");
  await expect(desk.button(desk.words.session.signIn)).toBeVisible();
  await desk.look("sign-in");
  await desk.signIn("desk", PASSWORD);
  await expect(desk.title(search.title)).toBeVisible();
  await desk.look("front desk");

  const box = desk.page.getByRole("combobox", { name: search.label });
  const hits = desk.page.getByRole("listbox", { name: search.label }).getByRole("option");
  await desk.page.keyboard.press("/");
  await expect(box).toBeFocused();
  await desk.page.keyboard.type("1201");
  await expect(hits.filter({ hasText: "3-1-1201" })).toBeVisible();
  await desk.look("search");
  await desk.page.keyboard.press("ArrowDown");
  await expect(hits.nth(1)).toHaveAttribute("aria-selected", "true");
  await desk.page.keyboard.press("ArrowUp");
  await desk.page.keyboard.press("Enter");
  await expect(desk.title(/1201/)).toBeVisible();
  await expect(desk.page.getByRole("heading", { name: household.people })).toBeVisible();
  await desk.look("household");

  for (const [typed, found] of [
    ["王芳", "3-1-1201"],
    ["S-01", "S-01"],
  ] as const) {
    await desk.page.keyboard.press("/");
    desk.knows(typed);
    await desk.page.keyboard.type(typed);
    await expect(hits.filter({ hasText: found }).first()).toBeVisible();
    await desk.page.keyboard.press("Escape");
    await box.fill("");
    await box.blur();
  }
});

test("who has no right to a screen is told so", async ({ visit }) => {
  const desk = await visit("desktop");
  await desk.signIn("desk", PASSWORD);
  await expect(desk.title(desk.words.search.title)).toBeVisible();
  await desk.go("/e/FCH/bill-runs");
  await expect(desk.page.getByText(desk.words.shell.noRight)).toBeVisible();
  desk.knows("bill_run.preview");
  await desk.look("no right");
  await desk.go("/nowhere");
  await expect(desk.page.getByText(desk.words.shell.notFound)).toBeVisible();
  await desk.look("no such page");
});
