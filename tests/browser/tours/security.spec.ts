import { origin } from "../support/api.ts";
import { expect, test } from "../support/test.ts";

const ENTRIES = { "/": "desk", "/home": "19912043102" };

for (const [place, login] of Object.entries(ENTRIES)) {
  test(`${place} runs no script but ours and shows scripts no token`, async ({ visit }) => {
    const visitor = await visit("desktop", login);
    const { page } = visitor;
    const answer = await page.request.get(origin() + place);
    const policy = answer.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("style-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");

    await visitor.go(place);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const ran = await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = true";
      document.body.append(script);
      return "ran" in window;
    });
    expect(ran).toBe(false);
    await expect.poll(() => visitor.troubles).not.toEqual([]);
    visitor.forgive(/Content Security Policy/);

    const seen = await page.evaluate(() => ({
      cookies: document.cookie.split("; ").map(pair => pair.split("=")[0]),
      stored: JSON.stringify([localStorage, sessionStorage]),
    }));
    expect(seen.cookies).toEqual(["__Host-csrf"]);
    const cookies = await page.context().cookies();
    const tokens = cookies.filter(({ name }) => name !== "__Host-csrf");
    expect(tokens.map(({ name }) => name).sort()).toEqual(["__Host-refresh", "__Host-session"]);
    for (const { httpOnly, secure, sameSite, value } of tokens) {
      expect([httpOnly, secure, sameSite]).toEqual([true, true, "Lax"]);
      expect(seen.stored).not.toContain(value);
    }
    // The cookies alone, as another site could have them sent, open nothing.
    const alone = await page.evaluate(async () => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ query: "{ viewer { id } }" });
      const response = await fetch("/graphql", { method: "POST", headers, body });
      return response.text();
    });
    expect(alone).not.toContain("usr_");
    expect(alone).toContain("errors");
    visitor.troubles.length = 0;
  });
}
