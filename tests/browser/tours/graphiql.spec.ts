import { expect, PASSWORD, test } from "../support/test.ts";

test("the page of the API runs its first story as it stands, as finance", async ({ visit }) => {
  // Made for people who write programs, and in English alone: its words are not looked at.
  const program = await visit("desktop");
  const { page } = program;
  await program.go("/graphql");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /execute/i }).click();
  const answer = page.getByRole("region", { name: /result/i });
  await expect(answer).toContainText("previewBillRun");
  await expect(answer).toContainText("214870.98");
});
