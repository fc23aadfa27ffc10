import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import css from "./payments.module.css";

/** The two kinds of history. */
export function HistoryTabs() {
  const { t } = useTranslation("myPayments");
  return (
    <nav className={css.tabs} aria-label={t("history")}>
      <NavLink to="/history" replace>
        {t("payments")}
      </NavLink>
      <NavLink to="/bills" end replace>
        {t("bills")}
      </NavLink>
    </nav>
  );
}
