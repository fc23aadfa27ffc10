import { Card } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import css from "./SignIn.module.css";
import { LanguageSwitch } from "./shell/LanguageSwitch";

/** What is around the ways in. */
export function EntryCard({ sub, children }: { sub: string; children: ReactNode }) {
  const { t } = useTranslation("session");
  return (
    <main className={css.page}>
      <Card className={css.card}>
        <div className={css.head}>
          <img src="/mark.svg" alt="" width={40} height={40} />
          <div>
            <h1 className={css.title}>{t("product")}</h1>
            <div className={css.sub}>{sub}</div>
          </div>
        </div>
        {children}
      </Card>
      <LanguageSwitch />
    </main>
  );
}
