import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { UnitBills } from "@/billing/bills/UnitBills";
import { AccountPanel } from "@/billing/cashier/AccountPanel";
import { AccountPayments } from "@/billing/cashier/AccountPayments";
import { Answer } from "@/console/pieces/Answer";
import { Page, Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { useEstate, useRights } from "@/console/rights";
import { HouseholdDocument, type HouseholdQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { listed } from "@/words/language";
import { useLanguage } from "@/words/words";
import { UNIT_STATE_TONES } from "../search/tones";
import css from "./HouseholdCard.module.css";
import { People } from "./People";

export type CardUnit = NonNullable<HouseholdQuery["unit"]>;

/** Everything about a unit on one page: who, who pays, what is owed, what was paid. */
export default function HouseholdCard() {
  const { unit: unitId = "" } = useParams();
  const may = useRights();
  const card = useQuery({
    query: HouseholdDocument,
    variables: { unitId, people: may("occupancy.read"), accounts: may("account.read") },
  });
  return (
    <Answer of={card} pick={data => data.unit} rows={12}>
      {unit => <Card key={unit.id} unit={unit} />}
    </Answer>
  );
}

function Card({ unit }: { unit: CardUnit }) {
  const { t } = useTranslation("household");
  const { t: units } = useTranslation("search");
  const { code, name } = useEstate();
  const may = useRights();
  return (
    <Page
      title={unit.label}
      above={<Link to={`/e/${code}`}>{t("back")}</Link>}
      tag={
        <>
          <Status tone={UNIT_STATE_TONES[unit.state]}>{units(`states.${unit.state}`)}</Status>
          <span className={css.place}>{name}</span>
        </>
      }
    >
      <div className={css.columns}>
        <div>
          {unit.billingAccounts && <AccountPanel accounts={unit.billingAccounts} />}
          {may("bill.read") && <UnitBills unitId={unit.id} />}
          {unit.billingAccounts && may("payment.read") && (
            <AccountPayments accounts={unit.billingAccounts} />
          )}
        </div>
        <div>
          {unit.household && <People unit={unit} household={unit.household} />}
          <Facts unit={unit} />
        </div>
      </div>
    </Page>
  );
}

function Facts({ unit }: { unit: CardUnit }) {
  const { t } = useTranslation("household");
  const { t: units } = useTranslation("search");
  const language = useLanguage();
  const area = (size: string | null) => (size ? units("squareMetres", { area: size }) : "–");
  const vehicles = unit.household?.vehicles.map(({ plate, brand, colour }) =>
    [plate, brand, colour].filter(Boolean).join(" "),
  );
  const rows = [
    [units("building"), units("buildingName", { code: unit.building.code })],
    [units("use"), units(`uses.${unit.usedAs}`)],
    [units("layout"), unit.layout ?? "–"],
    [t("floor"), unit.floor ?? "–"],
    [units("area"), area(unit.grossArea)],
    [t("netArea"), area(unit.netArea)],
    [t("vehicles"), vehicles?.length ? listed(vehicles, language) : "–"],
  ] as const;
  return (
    <Panel title={t("facts")}>
      <dl className={css.facts}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="figure">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
