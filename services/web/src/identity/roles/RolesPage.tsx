import { Table, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { RolesDocument, type RolesQuery } from "@/graph/generated";
import { useMaybe } from "@/words/maybe";
import { useLanguage } from "@/words/words";

type Role = NonNullable<RolesQuery["roles"]>[number];

/** The roles there are, and what each may do. */
export default function RolesPage() {
  const { t } = useTranslation("roles");
  const zh = useLanguage() === "zh";
  const answer = useQuery({ query: RolesDocument });
  const columns: TableColumnsType<Role> = [
    { title: t("role"), key: "name", render: (_, role) => (zh ? role.nameZh : role.nameEn) },
    { title: t("code"), dataIndex: "code" },
    {
      title: t("kind"),
      key: "kind",
      render: (_, { template }) => (
        <Status tone={template ? "quiet" : "info"}>{template ? t("template") : t("own")}</Status>
      ),
    },
    {
      title: t("count"),
      key: "count",
      ...FIGURES,
      render: (_, { permissions }) => permissions.length,
    },
  ];
  return (
    <Page title={t("title")}>
      <Panel flush>
        <Answer of={answer} pick={data => data.roles}>
          {roles => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={roles}
              rowKey={role => role.code}
              expanded={role => <Rights role={role} />}
            />
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

function Rights({ role }: { role: Role }) {
  const { t } = useTranslation("roles");
  const maybe = useMaybe();
  const columns: TableColumnsType<Role["permissions"][number]> = [
    {
      title: t("permission"),
      key: "permission",
      render: (_, { permission }) => maybe(`rights:${permission}`, permission),
    },
    { title: t("reach"), key: "reach", render: (_, { reach }) => t(`reaches.${reach}`) },
    {
      title: t("limit"),
      key: "limit",
      ...FIGURES,
      render: (_, { limit }) => (limit ? <Amount of={limit} /> : t("noLimit")),
    },
  ];
  return (
    <Table
      size="small"
      aria-label={t("permission")}
      columns={columns}
      dataSource={role.permissions}
      rowKey="permission"
      pagination={false}
    />
  );
}
