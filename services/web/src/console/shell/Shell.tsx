import { LogoutOutlined, MenuOutlined } from "@ant-design/icons";
import { Button, Select, Tooltip } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Outlet, useLocation, useNavigate } from "react-router";
import { SearchBox } from "@/residents/search/SearchBox";
import { useSession, useViewer } from "@/session/session";
import { EstateContext, rightsIn, useCurrentEstate } from "../rights";
import { LanguageSwitch } from "./LanguageSwitch";
import { Navigation } from "./Navigation";
import css from "./Shell.module.css";

/** The frame around every screen: where am I, who am I, where else can I go. */
export function Shell({ children }: { children?: ReactNode }) {
  const { t } = useTranslation("shell");
  const { t: session } = useTranslation("session");
  const { end } = useSession();
  const viewer = useViewer();
  const estate = useCurrentEstate();
  const { pathname } = useLocation();
  const [unfolded, unfold] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever went somewhere is there now
  useEffect(() => unfold(false), [pathname]);
  const searches = rightsIn(viewer, estate).includes("unit.read");
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#content">
        {t("skip")}
      </a>
      <header className={css.bar}>
        <Button
          type="text"
          className={css.fold ?? ""}
          icon={<MenuOutlined />}
          aria-label={t("mainNavigation")}
          aria-expanded={unfolded}
          onClick={() => unfold(!unfolded)}
        />
        <span className={css.brand}>
          <img src="/mark.svg" alt="" width={26} height={26} />
          <span className={css.company} title={viewer.company?.name}>
            {viewer.company?.name ?? session("product")}
          </span>
        </span>
        <EstateChoice />
        {estate && searches && (
          <EstateContext value={estate}>
            <SearchBox />
          </EstateContext>
        )}
        <span className={css.middle} />
        <LanguageSwitch />
        <span className={css.person}>{viewer.name ?? viewer.login}</span>
        <Tooltip title={session("signOut")}>
          <Button
            type="text"
            icon={<LogoutOutlined />}
            aria-label={session("signOut")}
            onClick={end}
          />
        </Tooltip>
      </header>
      <Navigation unfolded={unfolded} />
      <main id="content" className={css.content} tabIndex={-1}>
        {children ?? <Outlet />}
      </main>
    </div>
  );
}

function EstateChoice() {
  const { t } = useTranslation("shell");
  const { estates } = useViewer();
  const navigate = useNavigate();
  const here = useCurrentEstate()?.code;
  if (estates.length === 0) return null;
  if (estates.length === 1) return <span className={css.estate}>{estates[0]?.estate.name}</span>;
  return (
    <Select
      aria-label={t("estate")}
      className={css.choice}
      value={here}
      onChange={code => navigate(`/e/${code}`)}
      options={estates.map(({ estate }) => ({ value: estate.code, label: estate.name }))}
    />
  );
}
