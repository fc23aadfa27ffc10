import { useTranslation } from "react-i18next";
import { useSession } from "@/session/session";
import pieces from "../pieces/pieces.module.css";
import { Door } from "./Door";

/** What a signed-in member of staff finds here. */
export function NotForStaff() {
  const { t } = useTranslation("entry");
  const { t: session } = useTranslation("session");
  const { t: frame } = useTranslation("frame");
  const { end } = useSession();
  return (
    <Door title={frame("app")} note={t("staff")}>
      <a href="/" className={pieces.button}>
        {t("toConsole")}
      </a>
      <button type="button" className={`${pieces.button} ${pieces.second}`} onClick={end}>
        {session("signOut")}
      </button>
    </Door>
  );
}
