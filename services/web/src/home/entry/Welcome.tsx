import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useViewer } from "@/session/session";
import pieces from "../pieces/pieces.module.css";
import { Door } from "./Door";

/** What a new account is called, once it is open. */
export function Welcome() {
  const { t } = useTranslation("entry");
  const { t: session } = useTranslation("session");
  const { login, company } = useViewer();
  return (
    <Door title={t("welcome")} note={t("welcomeNote")}>
      <dl className={`${pieces.card} ${pieces.facts}`}>
        <div>
          <dt>{session("company")}</dt>
          <dd>{company?.code}</dd>
        </div>
        <div>
          <dt>{session("login")}</dt>
          <dd className="figure">{login}</dd>
        </div>
      </dl>
      <Link to="/" className={pieces.button}>
        {t("toBills")}
      </Link>
    </Door>
  );
}
