import { AuditOutlined, SafetyOutlined, TeamOutlined } from "@ant-design/icons";
import i18next from "i18next";
import type { Screen } from "@/console/screen";

/** The company's own screens: people who work there, their rights, and what they did. */
export const identityScreens: Screen[] = [
  {
    path: "staff",
    of: "company",
    needs: "staff.read",
    load: () => import("./staff/StaffPage"),
    entry: { group: "company", label: () => i18next.t("staff:title"), icon: <TeamOutlined /> },
  },
  {
    path: "roles",
    of: "company",
    needs: "role.read",
    load: () => import("./roles/RolesPage"),
    entry: { group: "company", label: () => i18next.t("roles:title"), icon: <SafetyOutlined /> },
  },
  {
    path: "audit",
    of: "company",
    needs: "audit.read",
    load: () => import("./audit/AuditPage"),
    entry: { group: "company", label: () => i18next.t("audit:title"), icon: <AuditOutlined /> },
  },
];
