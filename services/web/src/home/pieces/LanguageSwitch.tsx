import { LANGUAGES, type Language, TAGS } from "@/words/language";
import { changeLanguage, useLanguage } from "@/words/words";
import css from "./pieces.module.css";

/** The other language, by its own name. */
export function LanguageSwitch() {
  const other: Language = useLanguage() === "zh" ? "en" : "zh";
  return (
    <button
      type="button"
      className={css.quiet}
      lang={TAGS[other]}
      onClick={() => changeLanguage(other)}
    >
      {LANGUAGES[other]}
    </button>
  );
}
