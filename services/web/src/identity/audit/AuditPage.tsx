import { Button, Input, Select, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable } from "@/console/pieces/ConnectionTable";
import { DayRange } from "@/console/pieces/DayRange";
import { Instant } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Nothing } from "@/console/pieces/states";
import { useTimeZone } from "@/console/rights";
import { AuditLogDocument, type AuditLogQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useViewer } from "@/session/session";
import { useMaybe } from "@/words/maybe";
import { StaffName } from "../staff/StaffName";
import css from "./AuditPage.module.css";
import { auditFilter } from "./filter";
import audit from "./texts";

type Entry = NonNullable<AuditLogQuery["auditLog"]>["nodes"][number];

const ACTIONS = Object.entries(audit.zh.actions).flatMap(([noun, verbs]) =>
  Object.keys(verbs).map(verb => `${noun}.${verb}`),
);

const NAMES = ["action", "object", "estate", "from", "to"] as const;

/** Who did what to which object, when, from where and why. */
export default function AuditPage() {
  const { t } = useTranslation("audit");
  const zone = useTimeZone();
  const [filters] = useFilters(NAMES);
  const { after } = usePaging();
  const answer = useQuery({
    query: AuditLogDocument,
    variables: { filter: auditFilter(filters, zone), after },
  });
  const columns = useColumns();
  return (
    <Page title={t("title")}>
      <Panel>
        <Filters />
      </Panel>
      <Panel flush>
        <Answer of={answer} pick={data => data.auditLog} rows={10}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={nodes}
              rowKey={entry => entry.id}
              page={pageInfo}
              expanded={entry => <Detail entry={entry} />}
              empty={<Nothing text={t("none")} />}
            />
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

function Filters() {
  const { t } = useTranslation("audit");
  const { t: shell } = useTranslation("shell");
  const { estates } = useViewer();
  const [filters, filter] = useFilters(NAMES);
  const maybe = useMaybe();
  const set = Object.keys(filters).length > 0;
  const places = estates.map(({ estate }) => ({ value: estate.id, label: estate.name }));
  return (
    <div className={css.filters}>
      <Select
        aria-label={t("action")}
        placeholder={t("anyAction")}
        allowClear={{ label: shell("clear") }}
        showSearch={{ optionFilterProp: "label" }}
        value={filters.action}
        onChange={value => filter({ action: value })}
        options={ACTIONS.map(value => ({
          value,
          label: maybe(`audit:actions.${value}`, value),
        }))}
      />
      <Input
        key={`object-${filters.object}`}
        aria-label={t("object")}
        placeholder={t("objectHint")}
        defaultValue={filters.object ?? ""}
        allowClear
        onBlur={event => filter({ object: event.target.value.trim() })}
        onPressEnter={event => filter({ object: event.currentTarget.value.trim() })}
      />
      <Select
        aria-label={t("estate")}
        placeholder={t("estate")}
        allowClear={{ label: shell("clear") }}
        value={filters.estate}
        onChange={value => filter({ estate: value })}
        options={places}
      />
      <DayRange
        label={t("period")}
        from={filters.from}
        to={filters.to}
        allowClear
        onChange={filter}
      />
      {set && (
        <Button
          type="link"
          onClick={() => filter(Object.fromEntries(NAMES.map(name => [name, undefined])))}
        >
          {t("clear")}
        </Button>
      )}
    </div>
  );
}

function useColumns(): TableColumnsType<Entry> {
  const { t } = useTranslation("audit");
  const maybe = useMaybe();
  const who = ({ actorKind, actor }: Entry) =>
    actorKind === "staff" ? <StaffName id={actor} /> : maybe(`audit:kinds.${actorKind}`, actorKind);
  return [
    { title: t("at"), key: "at", render: (_, { at }) => <Instant at={at} /> },
    { title: t("actor"), key: "actor", render: (_, entry) => who(entry) },
    {
      title: t("action"),
      key: "action",
      render: (_, { action }) => maybe(`audit:actions.${action}`, action),
    },
    {
      title: t("object"),
      key: "object",
      render: (_, { object }) => <span className={css.id}>{object}</span>,
    },
    {
      title: t("reason"),
      key: "reason",
      render: (_, { reason }) => <div className={css.reason}>{reason ?? "–"}</div>,
    },
    { title: t("origin"), dataIndex: "origin", className: "figure" },
  ];
}

function Detail({ entry }: { entry: Entry }) {
  const { t } = useTranslation("audit");
  return (
    <figure className={css.detail}>
      <figcaption>{t("detail")}</figcaption>
      <pre>{pretty(entry.detail)}</pre>
    </figure>
  );
}

/** JSON, one value a line; what is not JSON as it is. */
function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
