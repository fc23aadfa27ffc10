import { type Browser, type BrowserContext, test as base, expect } from "@playwright/test";
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

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** A browser with somebody signed in, for one worker. */
type Seat = { context: BrowserContext; at: number };

/** Signing in and reading the application anew take seconds, so a worker does both once a person and
 * window; tours of signing in do it by hand. */
const SEATS = new Map<string, Seat>();

/** Well before the session has to be renewed, ms: two windows must not renew the same one. */
const FRESH = 300_000;

async function signIn(context: BrowserContext, who: string) {
  const page = await context.newPage();
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
  await page.close();
}

function open(browser: Browser, window: Window, language: Language, state?: State) {
  return browser.newContext({
    viewport: WINDOWS[window],
    hasTouch: window === "phone",
    isMobile: window === "phone",
    locale: language === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
    ...(state ? { storageState: state } : {}),
  });
}

/** The browser in which somebody of the staff sits, with whom it was before or anew. */
async function seatOf(who: string, browser: Browser, window: Window, language: Language) {
  const place = `${who} ${window} ${language}`;
  const known = SEATS.get(place);
  if (known && Date.now() - known.at < FRESH) return known.context;
  // Somebody of the same tour may sit there still; it ends with the worker then.
  if (known?.context.pages().length === 0) await known.context.close();
  const context = await open(browser, window, language);
  await signIn(context, who);
  SEATS.set(place, { context, at: Date.now() });
  return context;
}

export const test = base.extend<Fixtures & Options>({
  language: ["zh", { option: true }],
  visit: async ({ browser, language }, use) => {
    const visitors: Visitor[] = [];
    const own: BrowserContext[] = [];
    await use(async (window, who) => {
      let context: BrowserContext;
      if (typeof who === "string") {
        context = await seatOf(who, browser, window, language);
      } else {
        const state = await who?.page.context().storageState();
        context = await open(browser, window, language, state);
        own.push(context);
      }
      const visitor = new Visitor(await context.newPage(), language, origin());
      visitors.push(visitor);
      return visitor;
    });
    for (const { page, troubles } of visitors) {
      expect.soft(troubles).toEqual([]);
      await page.close();
    }
    await Promise.all(own.map(context => context.close()));
  },
});
