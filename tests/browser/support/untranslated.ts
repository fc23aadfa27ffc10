//! What a page says in the wrong language. Names and codes may stand anywhere: they come with the
//! data. Everything else is the application's own and has to be in the page's language.

import type { Language } from "./words.ts";

const ADDRESSES = /https?:\/\/\S+/g;

/** Names that are the same in both languages. */
const NAMES = /Commonhold|XLSX|CSV|MB|cuihu/g;

const WRONG: Record<Language, RegExp> = {
  // A word, a state as the graph spells it, or a key that nothing was found for.
  zh: /[A-Za-z]*[a-z]{3,}[A-Za-z.:]*|[A-Z]+_[A-Z_]+/g,
  en: /[\p{Script=Han}\u3000-\u303f\uff01-\uff5e]+|[A-Z]+_[A-Z_]+|[a-z_]{3,}[.:][a-z_]{3,}/gu,
};

/** What the graph sends for programs: `PARTLY_PAID`, `bill_run.started`. A page has words for it. */
const CODE = /^(?:[A-Z]+(?:_[A-Z]+)+|[a-z_]+\.[a-z_]+)$/;

/** The pieces of `texts` that are not in the language, unless they are part of the data. */
export function untranslated(
  texts: readonly string[],
  language: Language,
  data: ReadonlySet<string>,
): string[] {
  const known = [...data].sort((a, b) => b.length - a.length);
  const wrong = texts.flatMap(text => {
    if (!text.match(WRONG[language])) return [];
    const said = text.replace(ADDRESSES, " ");
    const own = known.reduce((rest, name) => rest.replaceAll(name, " "), said);
    const left = own.replace(NAMES, " ").match(WRONG[language]);
    return left ? [`${left.join(" ")} in: ${text.slice(0, 80)}`] : [];
  });
  return [...new Set(wrong)];
}

/** What of an answer of the graph is data: its texts, but not those of the other language. */
export function dataOf(answer: unknown, language: Language, into: Set<string>): void {
  // A single Latin letter would be taken out of every word.
  const isText = typeof answer === "string" && /..|\p{Script=Han}/u.test(answer);
  if (isText && !CODE.test(answer)) into.add(answer);
  if (!answer || typeof answer !== "object") return;
  const other = language === "zh" ? "En" : "Zh";
  for (const [key, part] of Object.entries(answer)) {
    if (!key.endsWith(other) && key !== "__typename") dataOf(part, language, into);
  }
}
