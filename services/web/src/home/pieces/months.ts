//! Months as people say them.

import { type Language, TAGS } from "@/words/language";

function name(month: string, language: Language): string {
  const form = new Intl.DateTimeFormat(TAGS[language], {
    year: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  return form.format(new Date(`${month}-01T00:00:00Z`));
}

/** The months that a bill covers, e.g. `2026年12月` or `July 2026 – September 2026`. */
export function months(first: string, last: string, language: Language): string {
  const begins = name(first, language);
  return first === last ? begins : `${begins} – ${name(last, language)}`;
}
