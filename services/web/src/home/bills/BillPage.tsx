import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { sign } from "@/figures/money";
import { BillDocument, type BillQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { PayButton } from "../owed/PayButton";
import { Amount } from "../pieces/figures";
import { months } from "../pieces/months";
import { Page } from "../pieces/Page";
import pieces from "../pieces/pieces.module.css";
import { Answer } from "../pieces/states";
import { BillStatusTag } from "./BillStatusTag";
import css from "./bills.module.css";

type Bill = NonNullable<BillQuery["bill"]>;

/** One bill, and where every fen of it comes from. */
export function BillPage() {
  const { bill: id = "" } = useParams();
  const answer = useQuery({ query: BillDocument, variables: { id } });
  return (
    <Answer of={answer} pick={data => data.bill}>
      {bill => <BillView bill={bill} />}
    </Answer>
  );
}

function BillView({ bill }: { bill: Bill }) {
  const { t } = useTranslation("myBills");
  const isOpen = bill.status !== "VOIDED" && sign(bill.outstanding) > 0;
  return (
    <Page
      title={t("bill", { period: months(bill.firstMonth, bill.lastMonth, useLanguage()) })}
      tag={<BillStatusTag status={bill.status} />}
      above={isOpen ? { to: "/", name: t("up") } : { to: "/bills", name: t("all") }}
    >
      <div className={css.stack}>
        <Facts bill={bill} />
        {isOpen && <PayButton bills={[bill]} />}
        <Lines bill={bill} />
      </div>
    </Page>
  );
}

function Facts({ bill }: { bill: Bill }) {
  const { t } = useTranslation("myBills");
  return (
    <div className={pieces.card}>
      <dl className={pieces.facts}>
        <div>
          <dt>{t("outstanding")}</dt>
          <dd>
            <strong>
              <Amount of={bill.outstanding} />
            </strong>
          </dd>
        </div>
        {sign(bill.settled) > 0 && (
          <div>
            <dt>{t("settled")}</dt>
            <dd>
              <Amount of={bill.settled} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t("due")}</dt>
          <dd className="figure">{bill.due}</dd>
        </div>
        <div>
          <dt>{t("issued")}</dt>
          <dd className="figure">{bill.issuedOn}</dd>
        </div>
        {bill.unit && (
          <div>
            <dt>{t("place")}</dt>
            <dd>{bill.unit.label}</dd>
          </div>
        )}
        <div>
          <dt>{t("payer")}</dt>
          <dd>{bill.account.name}</dd>
        </div>
      </dl>
      {bill.voidedOn && <p>{t("voided", { day: bill.voidedOn, reason: bill.voidReason ?? "" })}</p>}
      {bill.replacesId && <Link to={`/bills/${bill.replacesId}`}>{t("replaces")}</Link>}
    </div>
  );
}

function Lines({ bill }: { bill: Bill }) {
  const { t } = useTranslation("myBills");
  const zh = useLanguage() === "zh";
  return (
    <section className={`${pieces.card} ${css.lines}`}>
      <h2>{t("lines")}</h2>
      <ul>
        {bill.lines.map(line => (
          <li key={line.id} className={css.line}>
            <strong>{zh ? line.feeItem.nameZh : line.feeItem.nameEn}</strong>
            <Amount of={line.amount} />
            <small className="figure">{t("days", { from: line.from, to: line.to })}</small>
            {line.description && <small>{line.description}</small>}
            <p className={css.words}>{zh ? line.wordsZh : line.wordsEn}</p>
          </li>
        ))}
      </ul>
      <div className={css.total}>
        <span>{t("charged")}</span>
        <Amount of={bill.total} />
      </div>
    </section>
  );
}
