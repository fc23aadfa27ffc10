import { Button, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount } from "@/console/pieces/figures";
import { Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import {
  type LineStanding,
  type PreviewSiteFragment,
  PreviewUnitDocument,
  PreviewUnitsDocument,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { UnitChoice } from "@/residents/search/UnitChoice";
import { useLanguage } from "@/words/words";
import { useItemName } from "../fees/price";
import css from "./NewBillRun.module.css";

const TONES: Record<LineStanding, Tone> = {
  NEW: "info",
  CHARGED: "quiet",
  BLOCKED: "bad",
  VOIDED: "wait",
};

/** The arithmetic of every unit, or of the one that is asked for. */
export function PreviewUnits({ month }: { month: string }) {
  const { t } = useTranslation("billRuns");
  const { t: shell } = useTranslation("shell");
  const [{ unit }, filter] = useFilters(["unit"]);
  return (
    <Panel
      title={t("units")}
      flush
      acts={
        <>
          <UnitChoice
            className={css.chosen}
            label={t("oneUnit")}
            placeholder={t("oneUnitHint")}
            value={unit}
            onChange={chosen => filter({ unit: chosen })}
          />
          {unit && <Button onClick={() => filter({ unit: undefined })}>{shell("all")}</Button>}
        </>
      }
    >
      {unit ? <One month={month} unitId={unit} /> : <All month={month} />}
    </Panel>
  );
}

function All({ month: startMonth }: { month: string }) {
  const { id: estateId } = useEstate();
  const { after } = usePaging();
  const answer = useQuery({
    query: PreviewUnitsDocument,
    variables: { estateId, startMonth, after },
  });
  return (
    <Answer of={answer} pick={data => data.previewBillRun?.units} rows={8}>
      {({ nodes, pageInfo }) => <Sites sites={nodes} page={pageInfo} />}
    </Answer>
  );
}

function One({ month: startMonth, unitId }: { month: string; unitId: string }) {
  const { id: estateId } = useEstate();
  const answer = useQuery({
    query: PreviewUnitDocument,
    variables: { estateId, startMonth, unitId },
  });
  return (
    <Answer of={answer} pick={data => data.previewBillRun?.unit} rows={4}>
      {sites => <Sites sites={sites} open />}
    </Answer>
  );
}

type SitesProps = {
  sites: PreviewSiteFragment[];
  page?: { hasNextPage: boolean; endCursor: string | null };
  open?: boolean;
};

function Sites({ sites, page, open }: SitesProps) {
  const { t } = useTranslation("billRuns");
  const { code } = useEstate();
  const columns: TableColumnsType<PreviewSiteFragment> = [
    {
      title: t("unit"),
      key: "unit",
      render: (_, { label, unit }) =>
        unit ? <Link to={`/e/${code}/units/${unit.id}`}>{label}</Link> : label,
    },
    { title: t("lines"), key: "lines", ...FIGURES, render: (_, { lines }) => lines.length },
    {
      title: t("amount"),
      key: "amount",
      ...FIGURES,
      render: (_, { amount }) => <Amount of={amount} />,
    },
  ];
  return (
    <ConnectionTable
      label={t("units")}
      columns={columns}
      rows={sites}
      rowKey={site => site.label}
      page={page}
      empty={<Nothing text={t("noUnits")} />}
      expanded={site => <Lines site={site} />}
      startOpen={open ?? false}
    />
  );
}

function Lines({ site }: { site: PreviewSiteFragment }) {
  const { t } = useTranslation("billRuns");
  const zh = useLanguage() === "zh";
  const itemName = useItemName();
  return (
    <table className={css.lines}>
      <thead>
        <tr>
          <th scope="col">{t("days")}</th>
          <th scope="col">{t("item")}</th>
          <th scope="col">{t("payer")}</th>
          <th scope="col">{t("arithmetic")}</th>
          <th scope="col">{t("standing")}</th>
          <th scope="col" className={css.amount}>
            {t("amount")}
          </th>
        </tr>
      </thead>
      <tbody>
        {site.lines.map(line => (
          <tr key={`${line.from}${line.feeItem.id}${line.payer}${line.amount.amount}`}>
            <td className="figure">{`${line.from} – ${line.to}`}</td>
            <td>{itemName(line.feeItem)}</td>
            <td>{line.payer}</td>
            <td className="figure">{(zh ? line.wordsZh : line.wordsEn) ?? "–"}</td>
            <td>
              <Status tone={TONES[line.standing]}>{t(`standings.${line.standing}`)}</Status>
            </td>
            <td className={css.amount}>
              <Amount of={line.amount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
