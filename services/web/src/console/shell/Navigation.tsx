import { Menu, type MenuProps } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { useViewer } from "@/session/session";
import { rightsIn, useCurrentEstate } from "../rights";
import { GROUPS, type Screen } from "../screen";
import { SCREENS } from "../screens";
import css from "./Shell.module.css";
import { selected } from "./selected";

/** What the person may go to, by groups; what they have no right to is not there. */
export function Navigation({ unfolded }: { unfolded: boolean }) {
  const { t } = useTranslation("shell");
  const viewer = useViewer();
  const { pathname } = useLocation();
  const estate = useCurrentEstate();
  const to = (screen: Screen) =>
    screen.of === "company"
      ? `/${screen.path}`
      : `/e/${estate?.code}/${screen.path}`.replace(/\/$/, "");
  const may = (screen: Screen) => {
    if (screen.of === "company") return viewer.permissions.includes(screen.needs);
    return estate !== undefined && rightsIn(viewer, estate).includes(screen.needs);
  };
  const groups = GROUPS.map(group => ({
    group,
    screens: SCREENS.filter(screen => screen.entry?.group === group && may(screen)),
  })).filter(({ screens }) => screens.length > 0);
  const items: MenuProps["items"] = groups.map(({ group, screens }) => ({
    key: group,
    type: "group",
    label: t(`group.${group}`),
    children: screens.map(screen => ({
      key: to(screen),
      icon: screen.entry?.icon,
      label: <Link to={to(screen)}>{screen.entry?.label()}</Link>,
    })),
  }));
  return (
    <nav
      className={unfolded ? css.side : `${css.side} ${css.folded}`}
      aria-label={t("mainNavigation")}
    >
      <Menu
        mode="inline"
        items={items}
        selectedKeys={[
          selected(
            pathname,
            groups.flatMap(({ screens }) => screens.map(to)),
          ),
        ]}
      />
    </nav>
  );
}
