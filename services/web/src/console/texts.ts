import session from "@/session/texts";
import shell from "./shell/texts";

/** The words of the staff console, one namespace a feature. */
export const consoleTexts = { session, shell };
