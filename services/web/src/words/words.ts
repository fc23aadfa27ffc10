//! The words of an entry: i18next with typed keys.

import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { keep } from "@/kept";
import { type Language, preferredLanguage, TAGS } from "./language";
import type { Tree } from "./texts";

/** The namespaces of an entry, each with both languages. */
export type Namespaces = Record<string, { zh: Tree; en: Tree }>;

/** Makes the words known and says which language the page is in. */
export async function speak(namespaces: Namespaces): Promise<void> {
  const all = Object.entries(namespaces);
  const of = (language: Language) =>
    Object.fromEntries(all.map(([name, texts]) => [name, texts[language]]));
  i18next.on("languageChanged", language => {
    document.documentElement.lang = TAGS[language as Language];
  });
  await i18next.use(initReactI18next).init({
    lng: preferredLanguage(),
    fallbackLng: false,
    resources: { zh: of("zh"), en: of("en") },
    // React escapes by itself.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** The language of the page, as one of ours. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language as Language;
}

/** The language of the page, outside React. */
export function currentLanguage(): Language {
  return i18next.language as Language;
}

/** Changes the language of the page and keeps the choice. */
export async function changeLanguage(language: Language): Promise<void> {
  keep("language", language);
  await i18next.changeLanguage(language);
}
