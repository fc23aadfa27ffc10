import { Button, Space, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActDialog } from "@/console/pieces/ActDialog";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { useRights } from "@/console/rights";
import { useAct } from "@/graph/act";
import { DeleteRoleDocument, RolesDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useMaybe } from "@/words/maybe";
import { useLanguage } from "@/words/words";
import type { Role } from "./draft";
import { EditRole } from "./EditRole";

/** What is being done: a new role, or one that is changed or deleted. */
type Doing = { as: "create" } | { as: "edit" | "remove"; role: Role };

/** The roles there are, and what each may do. */
export default function RolesPage() {
  const { t } = useTranslation("roles");
  const may = useRights();
  const [doing, setDoing] = useState<Doing>();
  const answer = useQuery({ query: RolesDocument });
  const columns = useColumns(setDoing);
  const close = () => setDoing(undefined);
  return (
    <Page
      title={t("title")}
      acts={
        may("role.manage") && (
          <Button type="primary" onClick={() => setDoing({ as: "create" })}>
            {t("create")}
          </Button>
        )
      }
    >
      <Panel flush>
        <Answer of={answer} pick={data => data.roles}>
          {roles => (
            <>
              <ConnectionTable
                label={t("title")}
                columns={columns}
                rows={[...roles].sort((a, b) => Number(a.template) - Number(b.template))}
                rowKey={role => role.code}
                expanded={role => <Rights role={role} />}
              />
              {doing?.as === "create" && <EditRole roles={roles} of={undefined} onClose={close} />}
              {doing?.as === "edit" && <EditRole roles={roles} of={doing.role} onClose={close} />}
              {doing?.as === "remove" && <Remove of={doing.role} onClose={close} />}
            </>
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

function useColumns(onDo: (doing: Doing) => void): TableColumnsType<Role> {
  const { t } = useTranslation("roles");
  const zh = useLanguage() === "zh";
  const may = useRights();
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
  if (!may("role.manage")) return columns;
  return [
    ...columns,
    {
      title: t("acts"),
      key: "acts",
      render: (_, role) =>
        role.template ? (
          "–"
        ) : (
          <Space>
            <Button size="small" onClick={() => onDo({ as: "edit", role })}>
              {t("edit")}
            </Button>
            <Button size="small" danger onClick={() => onDo({ as: "remove", role })}>
              {t("remove")}
            </Button>
          </Space>
        ),
    },
  ];
}

function Remove({ of: role, onClose }: { of: Role; onClose: () => void }) {
  const { t } = useTranslation("roles");
  const remove = useAct(DeleteRoleDocument);
  return (
    <ActDialog
      title={t("removeTitle", { name: role.nameZh })}
      danger
      submit={t("remove")}
      done={t("removed")}
      act={() => remove({ input: { code: role.code } })}
      onClose={onClose}
    >
      <p>{t("removeNote")}</p>
    </ActDialog>
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
