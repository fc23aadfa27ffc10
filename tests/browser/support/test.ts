import { test as base, expect } from "@playwright/test";
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

type Fixtures = {
  /** Lets somebody sit down at a browser; nothing may have gone wrong before they leave. */
  visit: (window: Window, like?: Visitor) => Promise<Visitor>;
};

export const test = base.extend<Fixtures & Options>({
  language: ["zh", { option: true }],
  visit: async ({ browser, language }, use) => {
    const visitors: Visitor[] = [];
    await use(async (window, like) => {
      const context = await browser.newContext({
        viewport: WINDOWS[window],
        hasTouch: window === "phone",
        isMobile: window === "phone",
        locale: language === "zh" ? "zh-CN" : "en-GB",
        timezoneId: "Asia/Shanghai",
        reducedMotion: "reduce",
        ...(like ? { storageState: await like.page.context().storageState() } : {}),
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
