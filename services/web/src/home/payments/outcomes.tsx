//! The three ends of paying: not known yet, no money, money.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { money, sign } from "@/figures/money";
import { useLanguage } from "@/words/words";
import { Amount } from "../pieces/figures";
import { Icon } from "../pieces/icons";
import pieces from "../pieces/pieces.module.css";
import type { Payment } from "./payments";
import css from "./payments.module.css";
import { Receipt } from "./Receipt";

type Props = { payment: Payment };

const SECOND = `${pieces.button} ${pieces.second}`;

/** Nobody knows yet. */
export function WaitingPayment({ payment }: Props) {
  const { t } = useTranslation("myPayments");
  const amount = money(payment.amount, useLanguage());
  return (
    <div className={css.stack}>
      <Head mark={<span className={pieces.spinner} />} title={t("waiting")}>
        <p className={css.note}>{t("waitingNote")}</p>
      </Head>
      {payment.checkoutUrl && (
        <>
          <p className={css.note}>{t("notPaid")}</p>
          <a href={payment.checkoutUrl} className={SECOND}>
            {t("continue", { amount })}
          </a>
        </>
      )}
      <Link to="/" className={SECOND}>
        {t("later")}
      </Link>
    </div>
  );
}

/** No money came. */
export function FailedPayment({ payment }: Props) {
  const { t } = useTranslation("myPayments");
  const mark = (
    <span className={`${css.mark} ${css.bad}`}>
      <Icon of="failed" size={28} />
    </span>
  );
  return (
    <div className={css.stack}>
      <Head mark={mark} title={t("failed")}>
        <p className={css.amount}>
          <Amount of={payment.amount} />
        </p>
        <p className={css.note}>{t("failedNote")}</p>
      </Head>
      <Link to="/" className={pieces.button}>
        {t("again")}
      </Link>
    </div>
  );
}

/** The money is here; the receipt proves it. */
export function SettledPayment({ payment }: Props) {
  const { t } = useTranslation("myPayments");
  const language = useLanguage();
  const receipts = [...payment.receipts, ...payment.refunds.flatMap(refund => refund.receipts)];
  const mark = (
    <span className={`${css.mark} no-print`}>
      <Icon of="done" size={32} />
    </span>
  );
  return (
    <div className={css.stack}>
      <Head mark={mark} title={t("paid")}>
        <p className={css.amount}>
          <Amount of={payment.amount} />
        </p>
        {sign(payment.refunded) > 0 && (
          <p className={css.note}>{t("refunded", { amount: money(payment.refunded, language) })}</p>
        )}
      </Head>
      {receipts.length === 0 && <p className={css.note}>{t("noReceipt")}</p>}
      {receipts.map(receipt => (
        <Receipt key={receipt.id} receipt={receipt} payment={payment} />
      ))}
      <div className={`${css.stack} no-print`}>
        <button type="button" className={SECOND} onClick={() => print()}>
          {t("print")}
        </button>
        <Link to="/" className={SECOND}>
          {t("later")}
        </Link>
      </div>
    </div>
  );
}

function Head({ mark, title, children }: { mark: ReactNode; title: string; children: ReactNode }) {
  return (
    <div className={css.outcome} role="status">
      {mark}
      <h1>{title}</h1>
      {children}
    </div>
  );
}
