import session from "@/session/texts";
import { texts } from "@/words/texts";

const home = texts({
  zh: { title: "我的家" },
  en: { title: "My home" },
});

/** The words of the resident app. */
export const homeTexts = { session, home };
