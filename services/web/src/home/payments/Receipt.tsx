import { useTranslation } from "react-i18next";
import type { ReceiptKind, ReceiptSheetFragment } from "@/graph/generated";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";
import { Amount, Instant } from "../pieces/figures";
import pieces from "../pieces/pieces.module.css";
import { lineText, type Payment } from "./payments";
import css from "./payments.module.css";
import { usePlaces } from "./places";

const TITLES = {
  PAYMENT: "receipt",
  DEPOSIT: "depositReceipt",
  REFUND: "refundReceipt",
} as const satisfies Record<ReceiptKind, string>;

type Props = { receipt: ReceiptSheetFragment; payment: Payment };

/** A receipt as it is kept; void ones say so. */
export function Receipt({ receipt, payment }: Props) {
  const { t } = useTranslation("myPayments");
  const language = useLanguage();
  return (
    <article className={`${pieces.card} ${css.receipt}`}>
      <div className={css.receiptHead}>
        <h2>{t(TITLES[receipt.kind])}</h2>
        {receipt.voidedAt && <span className={`${pieces.tag} ${pieces.bad}`}>{t("void")}</span>}
      </div>
      <Facts receipt={receipt} payment={payment} />
      <ul className={css.lines}>
        {receipt.lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a receipt never change
          <li key={index}>
            <span>{lineText(line.text, language)}</span>
            <Amount of={line.amount} />
          </li>
        ))}
      </ul>
      <div>
        <p className={css.total}>
          <span>{t("total")}</span>
          <Amount of={receipt.amount} />
        </p>
        {language === "zh" && <p className={css.words}>{receipt.amountInWords}</p>}
      </div>
    </article>
  );
}

function Facts({ receipt, payment }: Props) {
  const { t } = useTranslation("myPayments");
  const { company } = useViewer();
  const place = usePlaces()(payment.accountId);
  return (
    <dl className={pieces.facts}>
      <div>
        <dt>{t("number")}</dt>
        <dd className="figure">{receipt.number}</dd>
      </div>
      {company && (
        <div>
          <dt>{t("receiver")}</dt>
          <dd>{company.name}</dd>
        </div>
      )}
      <div>
        <dt>{t("payer")}</dt>
        <dd>{receipt.payer}</dd>
      </div>
      {place && (
        <div>
          <dt>{t("place")}</dt>
          <dd>{place}</dd>
        </div>
      )}
      <div>
        <dt>{t("method")}</dt>
        <dd>{useMethod(payment)}</dd>
      </div>
      <div>
        <dt>{t("issued")}</dt>
        <dd>
          <Instant at={receipt.issuedAt} estateId={payment.estateId} />
        </dd>
      </div>
    </dl>
  );
}

function useMethod({ till, method }: Payment): string {
  const { t } = useTranslation("myPayments");
  const known = method === "card" || method === "alipay" || method === "wechat_pay";
  return known ? t(`methods.${method}`) : t(`tills.${till}`);
}
