import { PrinterOutlined } from "@ant-design/icons";
import { Button, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { DayRange } from "@/console/pieces/DayRange";
import { Facts } from "@/console/pieces/Facts";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Nothing } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import { addMonths, monthOf, today } from "@/figures/dates";
import { fromMinor, sign, toMinor } from "@/figures/money";
import { StatementDocument, type StatementQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useMaybe } from "@/words/maybe";

type Line = NonNullable<StatementQuery["statement"]>["nodes"][number];

/** What changed an account's debt in a period, with the balance after each. */
export default function StatementPage() {
  const { account: accountId = "" } = useParams();
  const { timeZone } = useEstate();
  const now = today(timeZone);
  const [filters, filter] = useFilters(["from", "to"]);
  const from = filters.from ?? `${addMonths(monthOf(now), -11)}-01`;
  const to = filters.to ?? now;
  const { after } = usePaging();
  const answer = useQuery({ query: StatementDocument, variables: { accountId, from, to, after } });
  return (
    <Answer of={answer} pick={data => data} rows={10}>
      {data => <Statement data={data} from={from} to={to} onChange={filter} />}
    </Answer>
  );
}

type Props = {
  data: StatementQuery;
  from: string;
  to: string;
  onChange: (days: { from: string; to: string }) => void;
};

function Statement({ data, from, to, onChange }: Props) {
  const { t } = useTranslation("statement");
  const { code } = useEstate();
  const columns = useColumns();
  const { billingAccount: account, statement } = data;
  const unit = account?.unit;
  const title = unit ? `${account.name} ${unit.label}` : (account?.name ?? "–");
  return (
    <Page
      title={t("title", { name: title })}
      above={unit && <Link to={`/e/${code}/units/${unit.id}`}>{unit.label}</Link>}
      acts={
        <>
          <DayRange label={t("period")} from={from} to={to} onChange={onChange} />
          <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
            {t("print")}
          </Button>
        </>
      }
    >
      <div className="print-only">
        <h2>{t("title", { name: title })}</h2>
        <p className="figure">
          {from} – {to}
        </p>
      </div>
      <Panel>
        <Facts
          of={[
            [
              t("opening"),
              statement ? <Amount key="opening" of={statement.openingBalance} /> : "–",
            ],
            [t("closing"), account ? <Amount key="closing" of={account.balance} as="debt" /> : "–"],
          ]}
        />
        <p className="hint">{t("note")}</p>
      </Panel>
      <Panel flush>
        <ConnectionTable
          label={t("title", { name: title })}
          columns={columns}
          rows={statement?.nodes ?? []}
          rowKey={line => `${line.entryId}${line.sourceId}${line.balance.amount}`}
          page={statement?.pageInfo}
          empty={<Nothing text={t("none")} />}
        />
      </Panel>
    </Page>
  );
}

function useColumns(): TableColumnsType<Line> {
  const { t } = useTranslation("statement");
  const maybe = useMaybe();
  return [
    { title: t("day"), dataIndex: "day", className: "figure" },
    {
      title: t("kind"),
      key: "kind",
      render: (_, { kind }) => maybe(`statement:kinds.${kind}`, kind),
    },
    { title: t("memo"), dataIndex: "memo", render: (memo: string) => memo || "–" },
    {
      title: t("debit"),
      key: "debit",
      ...FIGURES,
      render: (_, { amount }) => (sign(amount) > 0 ? <Amount of={amount} /> : ""),
    },
    {
      title: t("credit"),
      key: "credit",
      ...FIGURES,
      render: (_, { amount }) =>
        sign(amount) < 0 ? <Amount of={fromMinor(-toMinor(amount), amount.currency)} /> : "",
    },
    {
      title: t("balance"),
      key: "balance",
      ...FIGURES,
      render: (_, { balance }) => <Amount of={balance} />,
    },
  ];
}
