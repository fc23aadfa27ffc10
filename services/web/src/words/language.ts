//! Which language the page speaks: Chinese first, English second.

import { kept } from "@/kept";

/** The languages, and the names that people know them by. */
export const LANGUAGES = { zh: "中文", en: "English" } as const;

export type Language = keyof typeof LANGUAGES;

/** BCP 47 tags, for formats and for the document. */
export const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };

/** What was chosen here before, or what the browser asks for, or Chinese. */
export function preferredLanguage(
  stored: string | null = kept("language"),
  asked: readonly string[] = navigator.languages,
): Language {
  if (stored === "zh" || stored === "en") return stored;
  const known = asked.map(tag => tag.slice(0, 2)).find(tag => tag === "zh" || tag === "en");
  return known === "en" ? "en" : "zh";
}

/** Names one after the other, e.g. the sheets of a file. */
export function listed(names: readonly string[], language: Language): string {
  return names.join(language === "zh" ? "、" : ", ");
}
