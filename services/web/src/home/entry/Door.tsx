import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../pieces/LanguageSwitch";
import css from "./entry.module.css";

type Props = { title: string; note?: string; links?: ReactNode; children: ReactNode };

/** What is around the screens before the app proper. */
export function Door({ title, note, links, children }: Props) {
  const { t } = useTranslation("frame");
  useEffect(() => {
    document.title = `${title} · ${t("app")}`;
  }, [title, t]);
  return (
    <main className={css.page}>
      <div className={css.top}>
        <LanguageSwitch />
      </div>
      <div className={css.head}>
        <img src="/mark.svg" alt="" width={56} height={56} />
        <h1>{title}</h1>
        {note && <p className={css.note}>{note}</p>}
      </div>
      {children}
      <div className={css.links}>{links}</div>
    </main>
  );
}
