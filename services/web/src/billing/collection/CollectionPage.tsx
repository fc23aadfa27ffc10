import { Progress } from "antd";
import { useTranslation } from "react-i18next";
import { useFilters } from "@/address/filters";
import { Answer } from "@/console/pieces/Answer";
import { DayRange } from "@/console/pieces/DayRange";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Failed, Loading } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import { addMonths, monthOf, today } from "@/figures/dates";
import { fromMinor, toMinor } from "@/figures/money";
import { failureOf } from "@/graph/failure";
import { BuildingsDocument, CollectionRateDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import css from "./CollectionPage.module.css";

/** The goal of the handbook, in per cent. */
const GOAL = 95;

/** How much of what was charged came in, for the estate and for each building. */
export default function CollectionPage() {
  const { t } = useTranslation("collection");
  const { t: units } = useTranslation("search");
  const estate = useEstate();
  const [filters, filter] = useFilters(["from", "to"]);
  const month = monthOf(today(estate.timeZone));
  const from = filters.from ?? `${month.slice(0, 4)}-01`;
  const to = filters.to ?? addMonths(month, 1);
  const buildings = useQuery({ query: BuildingsDocument, variables: { estateId: estate.id } });
  return (
    <Page
      title={t("title")}
      acts={<DayRange label={t("months")} picker="month" from={from} to={to} onChange={filter} />}
    >
      <p className="hint">{t("note")}</p>
      <Panel flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls, by keys too */}
        <section className={css.scroll} aria-label={t("title")} tabIndex={0}>
          <table className={css.rates}>
            <thead>
              <tr>
                <th scope="col">{t("building")}</th>
                <th scope="col">{t("receivable")}</th>
                <th scope="col">{t("received")}</th>
                <th scope="col">{t("missing")}</th>
                <th scope="col">{`${t("rate")} (${t("goal")})`}</th>
              </tr>
            </thead>
            <tbody>
              <RateRow name={t("whole")} from={from} to={to} strong />
              <Answer of={buildings} pick={data => data.buildings} rows={0}>
                {found =>
                  found.map(({ id, code }) => (
                    <RateRow
                      key={id}
                      name={units("buildingName", { code })}
                      buildingId={id}
                      from={from}
                      to={to}
                    />
                  ))
                }
              </Answer>
            </tbody>
          </table>
        </section>
      </Panel>
    </Page>
  );
}

type RowProps = { name: string; buildingId?: string; from: string; to: string; strong?: boolean };

function RateRow({ name, buildingId, from, to, strong }: RowProps) {
  const { t } = useTranslation("collection");
  const { id: estateId, currency } = useEstate();
  const [{ data, error }] = useQuery({
    query: CollectionRateDocument,
    variables: { estateId, from, to, buildingId },
  });
  const rate = data?.estate?.collectionRate;
  const failure = failureOf(error);
  const rest = () => {
    if (rate) {
      const missing = toMinor(rate.receivable) - toMinor(rate.received);
      return (
        <>
          <td>
            <Amount of={rate.receivable} />
          </td>
          <td>
            <Amount of={rate.received} />
          </td>
          <td>
            <Amount of={fromMinor(missing, currency)} as="debt" />
          </td>
          <td>{rate.percent === null ? t("noRate") : <Rate percent={rate.percent} />}</td>
        </>
      );
    }
    return <td colSpan={4}>{failure ? <Failed failure={failure} /> : <Loading rows={1} />}</td>;
  };
  return (
    <tr className={strong ? css.strong : undefined}>
      <th scope="row">{name}</th>
      {rest()}
    </tr>
  );
}

function Rate({ percent }: { percent: string }) {
  const value = Number(percent);
  const { t } = useTranslation("collection");
  return (
    <Progress
      aria-label={t("rate")}
      percent={value}
      status="normal"
      strokeColor={value >= GOAL ? "#1c7440" : "#b86e00"}
      format={() => <span className="figure">{`${percent}%`}</span>}
    />
  );
}
