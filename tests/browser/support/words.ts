//! The application's own words, so that a test presses what a person reads.

import { consoleTexts } from "../../../services/web/src/console/texts.ts";
import { homeTexts } from "../../../services/web/src/home/texts.ts";
import type { Language } from "../../../services/web/src/words/language.ts";

export type { Language };

const ALL = { ...consoleTexts, ...homeTexts };

type All = typeof ALL;

/** Every namespace in one language. */
export type Words = { [K in keyof All]: All[K]["zh"] | All[K]["en"] };

/** The words of a language. */
export function wordsOf(language: Language): Words {
  const all = Object.entries(ALL).map(([name, texts]) => [name, texts[language]]);
  return Object.fromEntries(all) as Words;
}

/** A text with its gaps filled in. */
export function say(text: string, gaps: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(gaps[name]));
}
