import { expect, PASSWORD, test } from "../support/test.ts";

const SCREENS = {
  finance: ["", "/fees", "/bill-runs", "/bill-runs/new", "/refunds", "/collection"],
  admin: ["/imports", ":/staff", ":/roles", ":/audit"],
} as const;

for (const [login, places] of Object.entries(SCREENS)) {
  test(`the console of ${login} on a phone`, async ({ visit }) => {
    const person = await visit("phone");
    await person.signIn(login, PASSWORD);
    for (const place of places) {
      await person.go(place.startsWith(":") ? place.slice(1) : `/e/FCH${place}`);
      await expect(person.page.getByRole("heading", { level: 1 })).toBeVisible();
      await person.look(place);
    }
  });
}
