import { LANGUAGES, type Language } from "@/words/language";
import { changeLanguage, useLanguage } from "@/words/words";

/** The other language, by its own name. */
export function LanguageSwitch() {
  const other: Language = useLanguage() === "zh" ? "en" : "zh";
  return (
    <button type="button" className="quiet" lang={other} onClick={() => changeLanguage(other)}>
      {LANGUAGES[other]}
    </button>
  );
}
