//! Which language the page speaks: Chinese first, English second.

/** The languages, and the names that people know them by. */
export const LANGUAGES = { zh: "中文", en: "English" } as const;

export type Language = keyof typeof LANGUAGES;

/** BCP 47 tags, for formats and for the document. */
export const TAGS: Record<Language, string> = { zh: "zh-CN", en: "en" };

const STORED_AS = "commonhold.language";

/** What was chosen here before, or what the browser asks for, or Chinese. */
export function preferredLanguage(
  stored: string | null = read(),
  asked: readonly string[] = navigator.languages,
): Language {
  if (stored === "zh" || stored === "en") return stored;
  const known = asked.map(tag => tag.slice(0, 2)).find(tag => tag === "zh" || tag === "en");
  return known === "en" ? "en" : "zh";
}

/** Keeps a choice for the next visit; a browser that keeps nothing asks again. */
export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED_AS, language);
  } catch {
    // Storage may be switched off; the choice then lasts as long as the page.
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}
