import { type Browser, test as base, expect } from "@playwright/test";
import { origin, PASSWORD } from "./api.ts";
import { Visitor } from "./visitor.ts";
import type { Language } from "./words.ts";

export { expect, PASSWORD };

const WINDOWS = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 360, height: 740 },
} as const;

type Window = keyof typeof WINDOWS;

/** What a project says. */
export type Options = { language: Language };

/** Somebody of the demo's staff who is signed in already, or the person of another window. */
type Who = string | Visitor;

type Fixtures = {
  /** Lets somebody sit down at a browser; nothing may have gone wrong before they leave. */
  visit: (window: Window, who?: Who) => Promise<Visitor>;
};

type State = Awaited<ReturnType<ReturnType<Visitor["page"]["context"]>["storageState"]>>;

/** Signing in takes seconds, so a worker does it once a person; tours of signing in do it by hand. */
const SIGNED_IN = new Map<string, { state: State; at: number }>();

/** Well before the session has to be renewed, ms: two windows must not renew the same one. */
const FRESH = 300_000;

async function stateOf(browser: Browser, who: Who): Promise<State> {
  if (typeof who !== "string") return who.page.context().storageState();
  const known = SIGNED_IN.get(who);
  if (known && Date.now() - known.at < FRESH) return known.state;
  const page = await browser.newPage();
  await page.goto(`${origin()}/mark.svg`);
  const status = await page.evaluate(
    async credentials => {
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(credentials);
      return (await fetch("/auth/session", { method: "POST", headers, body })).status;
    },
    { company: "cuihu", login: who, password: PASSWORD },
  );
  expect(status).toBe(200);
  const state = await page.context().storageState();
  await page.context().close();
  SIGNED_IN.set(who, { state, at: Date.now() });
  return state;
}

export const test = base.extend<Fixtures & Options>({
  language: ["zh", { option: true }],
  visit: async ({ browser, language }, use) => {
    const visitors: Visitor[] = [];
    await use(async (window, who) => {
      const context = await browser.newContext({
        viewport: WINDOWS[window],
        hasTouch: window === "phone",
        isMobile: window === "phone",
        locale: language === "zh" ? "zh-CN" : "en-GB",
        timezoneId: "Asia/Shanghai",
        reducedMotion: "reduce",
        ...(who ? { storageState: await stateOf(browser, who) } : {}),
      });
      const visitor = new Visitor(await context.newPage(), language, origin());
      visitors.push(visitor);
      return visitor;
    });
    for (const { page, troubles } of visitors) {
      expect.soft(troubles).toEqual([]);
      await page.context().close();
    }
  },
});
