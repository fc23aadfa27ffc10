import { HomeOutlined, UploadOutlined } from "@ant-design/icons";
import i18next from "i18next";
import type { Screen } from "@/console/screen";

/** The screens on units, people and their files. */
export const residentsScreens: Screen[] = [
  {
    path: "",
    of: "estate",
    needs: "unit.read",
    load: () => import("./search/FrontDesk"),
    entry: { group: "desk", label: () => i18next.t("search:title"), icon: <HomeOutlined /> },
  },
  {
    path: "units/:unit",
    of: "estate",
    needs: "unit.read",
    load: () => import("./household/HouseholdCard"),
  },
  {
    path: "imports",
    of: "estate",
    needs: "roster.import",
    load: () => import("./imports/StartImport"),
    entry: { group: "desk", label: () => i18next.t("imports:title"), icon: <UploadOutlined /> },
  },
  {
    path: "imports/:import",
    of: "estate",
    needs: "roster.import",
    load: () => import("./imports/ImportWizard"),
  },
];
