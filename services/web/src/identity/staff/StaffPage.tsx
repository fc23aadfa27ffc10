import { Button, Dropdown, Space, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable } from "@/console/pieces/ConnectionTable";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useRights } from "@/console/rights";
import { StaffListDocument, type StaffListQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";
import { AddStaff } from "./AddStaff";
import { Grants } from "./Grants";
import { StaffAct, type StaffActKind } from "./StaffAct";

export type StaffRow = NonNullable<StaffListQuery["staff"]>["nodes"][number];

/** Who works for the company, and in which roles where. */
export default function StaffPage() {
  const { t } = useTranslation("staff");
  const may = useRights();
  const { after } = usePaging();
  const [adding, setAdding] = useState(false);
  const [act, setAct] = useState<{ kind: StaffActKind; person: StaffRow }>();
  const answer = useQuery({ query: StaffListDocument, variables: { after } });
  const columns = useColumns((kind, person) => setAct({ kind, person }));
  return (
    <Page
      title={t("title")}
      acts={
        may("staff.manage") && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {t("add")}
          </Button>
        )
      }
    >
      <Panel flush>
        <Answer of={answer} pick={data => data.staff}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={nodes}
              rowKey={person => person.id}
              page={pageInfo}
              empty={<Nothing text={t("none")} />}
            />
          )}
        </Answer>
      </Panel>
      <AddStaff
        open={adding}
        positions={answer[0].data?.positions ?? []}
        onClose={() => setAdding(false)}
      />
      {act && <StaffAct {...act} onClose={() => setAct(undefined)} />}
    </Page>
  );
}

function useColumns(
  onAct: (kind: StaffActKind, person: StaffRow) => void,
): TableColumnsType<StaffRow> {
  const { t } = useTranslation("staff");
  const zh = useLanguage() === "zh";
  return [
    { title: t("name"), dataIndex: "name" },
    { title: t("login"), dataIndex: "login", render: (login?: string) => login ?? "–" },
    {
      title: t("position"),
      key: "position",
      render: (_, { position }) => (position && (zh ? position.nameZh : position.nameEn)) ?? "–",
    },
    {
      title: t("phone"),
      dataIndex: "phone",
      className: "figure",
      render: (phone?: string) => phone ?? "–",
    },
    { title: t("roles"), key: "roles", render: (_, person) => <Grants person={person} /> },
    {
      title: t("state"),
      key: "state",
      render: (_, { endedAt }) =>
        endedAt ? (
          <Status>{t("ended", { day: endedAt.slice(0, 10) })}</Status>
        ) : (
          <Status tone="good">{t("works")}</Status>
        ),
    },
    {
      title: t("acts"),
      key: "acts",
      render: (_, person) => <Acts person={person} onAct={onAct} />,
    },
  ];
}

type ActsProps = { person: StaffRow; onAct: (kind: StaffActKind, person: StaffRow) => void };

function Acts({ person, onAct }: ActsProps) {
  const { t } = useTranslation("staff");
  const may = useRights();
  const viewer = useViewer();
  if (person.endedAt || person.id === viewer.id) return <>–</>;
  const more = may("staff.manage")
    ? [
        { key: "reset", label: t("reset") },
        { key: "end", label: t("end"), danger: true },
      ]
    : [];
  return (
    <Space>
      {may("role.manage") && (
        <Button size="small" onClick={() => onAct("grant", person)}>
          {t("grant")}
        </Button>
      )}
      {more.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{ items: more, onClick: ({ key }) => onAct(key as StaffActKind, person) }}
        >
          <Button size="small" aria-label={t("more", { name: person.name })}>
            …
          </Button>
        </Dropdown>
      )}
    </Space>
  );
}
