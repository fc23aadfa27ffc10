import { useTranslation } from "react-i18next";
import { Link, Outlet, useLocation } from "react-router";
import { Icon } from "../pieces/icons";
import { LanguageSwitch } from "../pieces/LanguageSwitch";
import css from "./Frame.module.css";

const PLACES = [
  { id: "owed", to: "/" },
  { id: "history", to: "/history" },
  { id: "me", to: "/me" },
] as const;

/** The part of the app that an address belongs to. */
function placeOf(path: string): (typeof PLACES)[number]["id"] {
  if (/^\/(?:history|payments|bills$)/.test(path)) return "history";
  return path === "/me" ? "me" : "owed";
}

/** What is around every screen of a signed-in resident. */
export function Frame() {
  const { t } = useTranslation("frame");
  const here = placeOf(useLocation().pathname);
  return (
    <>
      <header className={`${css.top} no-print`}>
        <span className={css.brand}>
          <img src="/mark.svg" alt="" width={28} height={28} />
          {t("app")}
        </span>
        <LanguageSwitch />
      </header>
      <nav className={`${css.places} no-print`} aria-label={t("places")}>
        {PLACES.map(({ id, to }) => (
          <Link
            key={id}
            to={to}
            className={css.place}
            aria-current={id === here ? "page" : undefined}
          >
            <Icon of={id} />
            {t(id)}
          </Link>
        ))}
      </nav>
      <main className={css.main}>
        <Outlet />
      </main>
    </>
  );
}
