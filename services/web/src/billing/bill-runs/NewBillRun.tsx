import { Alert, Button, DatePicker, type TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFilters } from "@/address/filters";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Facts } from "@/console/pieces/Facts";
import { FormDialog } from "@/console/pieces/FormDialog";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate, useRights } from "@/console/rights";
import { addMonths, monthOf, today } from "@/figures/dates";
import { money } from "@/figures/money";
import { PreviewBillRunDocument, type PreviewBillRunQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { useItemName } from "../fees/price";
import css from "./NewBillRun.module.css";
import { PreviewUnits } from "./PreviewUnits";
import { useStartRun } from "./start";

type Preview = NonNullable<PreviewBillRunQuery["previewBillRun"]>;

/** The wizard before a run: choose the month, look at what it would charge, start. */
export default function NewBillRun() {
  const { t } = useTranslation("billRuns");
  const { id: estateId, code, timeZone } = useEstate();
  const [filters, filter] = useFilters(["month"]);
  const month = filters.month ?? addMonths(monthOf(today(timeZone)), 1);
  const answer = useQuery({
    query: PreviewBillRunDocument,
    variables: { estateId, startMonth: month },
  });
  const preview = answer[0].data?.previewBillRun;
  return (
    <Page
      title={t("previewTitle")}
      above={<Link to={`/e/${code}/bill-runs`}>{t("back")}</Link>}
      acts={
        <>
          <DatePicker
            aria-label={t("month")}
            picker="month"
            format="YYYY-MM"
            allowClear={false}
            value={dayjs(month)}
            onChange={chosen => filter({ month: chosen?.format("YYYY-MM") })}
          />
          {preview && <Start month={month} preview={preview} />}
        </>
      }
    >
      <p className="hint">{t("previewNote")}</p>
      <Answer of={answer} pick={data => data.previewBillRun} rows={8}>
        {found => <Totals month={month} preview={found} />}
      </Answer>
      <PreviewUnits month={month} />
    </Page>
  );
}

function Start({ month, preview }: { month: string; preview: Preview }) {
  const { t } = useTranslation("billRuns");
  const language = useLanguage();
  const may = useRights();
  const start = useStartRun();
  const [open, setOpen] = useState(false);
  if (!may("bill_run.start")) return null;
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {t("start")}
      </Button>
      <FormDialog
        title={t("startTitle", { month })}
        open={open}
        submit={t("start")}
        onClose={() => setOpen(false)}
        onSubmit={() => start(month)}
      >
        <p>{t("startNote", { bills: preview.bills, total: money(preview.total, language) })}</p>
      </FormDialog>
    </>
  );
}

function Totals({ month, preview }: { month: string; preview: Preview }) {
  const { t } = useTranslation("billRuns");
  const itemName = useItemName();
  return (
    <>
      {preview.bills === 0 && (
        <Alert className="notice" type="info" showIcon title={t("nothingNew")} />
      )}
      <Panel>
        <Facts
          of={[
            [t("willIssue"), preview.bills],
            [t("lines"), preview.lines],
            [t("total"), <Amount key="total" of={preview.total} as="strong" />],
            [t("monthTotal", { month }), <Amount key="month" of={preview.monthTotal} />],
            [t("lastMonth"), <Amount key="last" of={preview.lastMonthTotal} />],
            [t("difference"), <Amount key="difference" of={preview.difference} as="strong" />],
          ]}
        />
      </Panel>
      <div className={css.columns}>
        <Panel title={t("byItem")} flush>
          <ConnectionTable
            label={t("byItem")}
            rows={preview.byFeeItem}
            rowKey={({ feeItem }) => feeItem.id}
            columns={[
              {
                title: t("item"),
                key: "item",
                render: (_, { feeItem }) => itemName(feeItem),
              },
              {
                title: t("amount"),
                key: "amount",
                ...FIGURES,
                render: (_, { amount }) => <Amount of={amount} />,
              },
            ]}
          />
        </Panel>
        <Doubts preview={preview} />
      </div>
    </>
  );
}

function Doubts({ preview }: { preview: Preview }) {
  const { t } = useTranslation("billRuns");
  const { code } = useEstate();
  const columns: TableColumnsType<Preview["doubts"]["nodes"][number]> = [
    {
      title: t("unit"),
      key: "unit",
      render: (_, { label, unit }) =>
        unit ? <Link to={`/e/${code}/units/${unit.id}`}>{label}</Link> : label,
    },
    {
      title: t("doubt"),
      key: "code",
      render: (_, doubt) => (
        <>
          <Status tone="wait">{t(`codes.${doubt.code}`)}</Status> {doubt.message}
        </>
      ),
    },
  ];
  return (
    <Panel title={t("doubtsTitle", { count: preview.doubtCount })} flush>
      <ConnectionTable
        label={t("doubt")}
        columns={columns}
        rows={preview.doubts.nodes}
        rowKey={doubt => `${doubt.label}${doubt.code}${doubt.message}`}
        empty={<Nothing text={t("noDoubts")} />}
        footer={
          preview.doubts.pageInfo.hasNextPage && <p className={css.more}>{t("moreDoubts")}</p>
        }
      />
    </Panel>
  );
}
