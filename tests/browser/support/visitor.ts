//! Somebody at a browser, and everything that went wrong before their eyes.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, type Locator, type Page, type Response, type Route } from "@playwright/test";
import type { AxeResults, ElementContext, RunOptions } from "axe-core";
import { dataOf, untranslated } from "./untranslated.ts";
import { type Language, say, type Words, wordsOf } from "./words.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
  resultTypes: ["violations"],
  preload: false,
};

/** Colours are the same in both languages and the dearest to judge: once is enough. */
const IN_ENGLISH: RunOptions = { ...RULES, rules: { "color-contrast": { enabled: false } } };

/** Rows of a long table are alike: accessibility is looked for in the first ones. */
const ALIKE = "tbody > tr:nth-child(n + 8)";

/** What is asked stands before everything else, which was looked at without it. */
const ASKED = ".ant-modal-wrap:not([style*='display: none'])";

/** What is on its way in, and ends by itself. */
const ON_ITS_WAY = ".ant-skeleton, .ant-spin-spinning, [aria-busy=true]";

type Axe = { axe: { run(where: ElementContext, rules: unknown): Promise<AxeResults> } };

/** A person with a browser window in one language. */
export class Visitor {
  readonly words: Words;
  /** What went wrong so far; empty at the end of every tour. */
  readonly troubles: string[] = [];
  private readonly data = new Set<string>();
  private readonly reading: Promise<void>[] = [];

  constructor(
    readonly page: Page,
    readonly language: Language,
    private readonly origin: string,
  ) {
    this.words = wordsOf(language);
    page.on("pageerror", error => this.troubles.push(`error: ${error.message}`));
    page.on("console", message => {
      // What a request answered is looked at below, with its address.
      if (message.type() !== "error" || message.text().startsWith("Failed to load")) return;
      this.troubles.push(`console: ${message.text()}`);
    });
    page.on("requestfailed", request => {
      // A page that is left gives up what it still asked for.
      const why = request.failure()?.errorText ?? "";
      if (why !== "net::ERR_ABORTED") this.troubles.push(`${why}: ${request.url()}`);
    });
    page.on("response", response => this.reading.push(this.read(response)));
  }

  private async read(response: Response) {
    if (!response.url().startsWith(this.origin)) return;
    if (response.status() >= 400) this.troubles.push(`${response.status()}: ${response.url()}`);
    if (new URL(response.url()).pathname !== "/graphql") return;
    const answer: unknown = await response.json().catch(() => undefined);
    dataOf((answer as { data?: unknown } | undefined)?.data, this.language, this.data);
    const { errors } = (answer ?? {}) as { errors?: { message: string }[] };
    for (const { message } of errors ?? []) this.troubles.push(`the graph: ${message}`);
  }

  /** Opens a place of the application. */
  async go(place: string): Promise<void> {
    await this.page.goto(this.origin + place);
  }

  /** What this person typed themselves, or was told elsewhere, is data too. */
  knows(...texts: string[]): void {
    for (const text of texts) this.data.add(text);
  }

  /** Looks at a screen as it is now: language, accessibility, width. */
  async look(screen: string): Promise<void> {
    await this.settled();
    await this.picture(screen);
    const found = [
      ...(await this.foreignWords()),
      ...(await this.inaccessible()),
      ...(await this.tooWide()),
    ];
    this.troubles.push(...found.map(trouble => `${screen}: ${trouble}`));
  }

  /** `SCREENS` names a folder for a picture of every screen, to look at them as they are. */
  private async picture(screen: string) {
    const folder = process.env.SCREENS;
    if (!folder) return;
    const width = this.page.viewportSize()?.width;
    const name = `${screen.replace(/[^\w]+/g, "-")}-${this.language}-${width}.png`;
    await this.page.screenshot({ path: path.join(folder, name), fullPage: true });
  }

  private async settled() {
    await expect(this.page.locator(ON_ITS_WAY).filter({ visible: true })).toHaveCount(0);
    await this.page.evaluate(async () => {
      const moving = document.getAnimations().filter(one => {
        const { iterations } = one.effect?.getTiming() ?? {};
        return iterations !== Number.POSITIVE_INFINITY;
      });
      await Promise.allSettled(moving.map(one => one.finished));
    });
  }

  private async foreignWords(): Promise<string[]> {
    const texts = await this.page.evaluate(readableTexts);
    // Every answer that the page shows by now has been heard of; what it says is known after this.
    await Promise.all(this.reading);
    return untranslated(texts, this.language, this.data);
  }

  private async inaccessible(): Promise<string[]> {
    if (!(await this.page.evaluate(() => "axe" in window))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate(
      ([alike, asked, rules]) => {
        const where = document.querySelector(asked) ? { include: [asked] } : {};
        return (window as unknown as Axe).axe.run({ ...where, exclude: [alike] }, rules);
      },
      [ALIKE, ASKED, this.language === "zh" ? RULES : IN_ENGLISH] as const,
    );
    const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    return grave.flatMap(({ id, nodes }) =>
      nodes
        .slice(0, 3)
        .map(({ html, any }) => `${id}: ${html.slice(0, 160)} ${any[0]?.message ?? ""}`),
    );
  }

  private async tooWide(): Promise<string[]> {
    const [wide, window] = await this.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    const page = (wide ?? 0) > (window ?? 0) ? [`${wide} px wide in a window of ${window}`] : [];
    return [...page, ...(await this.cutOff(window ?? 0))];
  }

  /** What is said instead of rows, where it reaches out of sight. */
  private async cutOff(window: number): Promise<string[]> {
    const ends = await this.page
      .locator(".ant-empty-description")
      .filter({ visible: true })
      .evaluateAll(all => all.map(one => one.getBoundingClientRect().right));
    return ends.filter(end => end > window).map(end => `an empty list's words end at ${end} px`);
  }

  /** Something to press. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  /** A link to follow. */
  link(name: string | RegExp): Locator {
    return this.page.getByRole("link", { name, exact: true });
  }

  /** The title of the screen. */
  title(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  /** The dialog that is open. */
  dialog(name: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name });
  }

  /** The dialog once it is open and waits for input, which it shows by taking the focus. */
  async opened(name: string | RegExp): Promise<Locator> {
    const dialog = this.dialog(name);
    await expect(dialog.locator("input:focus, textarea:focus")).toHaveCount(1);
    return dialog;
  }

  /** What the next failures are about: they were asked for, so they are no trouble. */
  forgive(...wanted: RegExp[]): void {
    for (const one of wanted) {
      const found = this.troubles.filter(trouble => one.test(trouble));
      expect(found, `${one} did not happen`).not.toEqual([]);
      for (const trouble of found) this.troubles.splice(this.troubles.indexOf(trouble), 1);
    }
  }

  /** Signs in to the console, or to the resident app. */
  async signIn(login: string, password: string, place = "/"): Promise<void> {
    const { session } = this.words;
    await this.go(place);
    await this.page.getByLabel(session.company, { exact: true }).fill("cuihu");
    await this.page.getByLabel(session.login, { exact: true }).fill(login);
    await this.page.getByLabel(session.password, { exact: true }).fill(password);
    await this.button(session.signIn).click();
    await expect(this.button(session.signIn)).toHaveCount(0);
  }

  /** Chooses in one of the console's lists. */
  async choose(list: Locator, option: string): Promise<void> {
    await list.click();
    // A long list draws only what is in sight; typing brings the option there.
    if (await list.isEditable()) await list.fill(option);
    await this.page.locator(".ant-select-item-option", { hasText: option }).first().click();
  }

  /** Chooses a month in one of the console's calendars and waits until the address says so. */
  async chooseMonth(calendar: string, month: string): Promise<void> {
    // The calendar opens a moment after its field has the focus; Enter before that chooses nothing.
    await expect(async () => {
      await this.page.getByRole("textbox", { name: calendar }).fill(month);
      await this.page.keyboard.press("Enter");
      await expect(this.page).toHaveURL(new RegExp(month), { timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
  }

  /** Keeps every question of the graph waiting; the answer lets them go on, each by `then`. */
  async hold(then: (route: Route) => Promise<void>): Promise<() => void> {
    let letGo = () => {};
    const held = new Promise<void>(resolve => {
      letGo = resolve;
    });
    await this.page.route("**/graphql", async route => {
      await held;
      await then(route);
    });
    return letGo;
  }

  /** A text with its gaps filled in. */
  say = say;
}

/** Runs in the page: every text and name that a person meets there. */
function readableTexts(): string[] {
  const page = document.documentElement.lang;
  const own = (element: Element | null): boolean => {
    if (!element) return false;
    const marked = element.closest("[lang]")?.getAttribute("lang") ?? page;
    // What stands in a named option is its value; the name is read, and is looked at below.
    const silent = "[translate=no], script, style, kbd, pre, [role=option][aria-label]";
    if (marked !== page || element.closest(silent)) return false;
    return element.checkVisibility({ visibilityProperty: true });
  };
  const texts: string[] = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent?.trim();
    if (text && own(node.parentElement)) texts.push(text);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const text = element.getAttribute(name)?.trim();
      if (text && (own(element) || element.matches("[role=option]"))) texts.push(text);
    }
  }
  return texts;
}
