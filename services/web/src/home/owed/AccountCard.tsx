import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { money, sign } from "@/figures/money";
import { useLanguage } from "@/words/words";
import { Amount } from "../pieces/figures";
import { Icon } from "../pieces/icons";
import { months } from "../pieces/months";
import pieces from "../pieces/pieces.module.css";
import { type Account, type Bill, openBills, placeOf } from "./owed";
import css from "./owed.module.css";
import { PayButton } from "./PayButton";

/** What one home owes, and paying all of it. */
export function AccountCard({ account }: { account: Account }) {
  const { t } = useTranslation("owed");
  const language = useLanguage();
  const bills = openBills(account);
  const isAhead = sign(account.prepayment) > 0;
  if (bills.length === 0 && !isAhead) return null;
  const place = placeOf(account);
  return (
    <section className={`${pieces.card} ${css.account}`} aria-label={t("billsOf", { place })}>
      <h2>{place}</h2>
      {isAhead && (
        <p className={css.note}>{t("prepaid", { amount: money(account.prepayment, language) })}</p>
      )}
      <ul className={pieces.rows}>
        {bills.map(bill => (
          <li key={bill.id}>
            <BillRow bill={bill} />
          </li>
        ))}
      </ul>
      <PayButton bills={bills} />
    </section>
  );
}

function BillRow({ bill }: { bill: Bill }) {
  const { t } = useTranslation("owed");
  const language = useLanguage();
  const isLate = bill.status === "OVERDUE";
  return (
    <Link to={`/bills/${bill.id}`} className={`${pieces.row} ${css.bill}`}>
      <span className={pieces.rowText}>
        <span>{months(bill.firstMonth, bill.lastMonth, language)}</span>
        <small className={isLate ? css.late : undefined}>
          {t(isLate ? "overdue" : "due", { day: bill.due })}
        </small>
        {sign(bill.settled) > 0 && (
          <small>{t("partly", { amount: money(bill.settled, language) })}</small>
        )}
      </span>
      <strong>
        <Amount of={bill.outstanding} />
      </strong>
      <Icon of="forward" size={20} />
    </Link>
  );
}
