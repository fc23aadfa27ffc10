import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Amount, Instant } from "@/console/pieces/figures";
import { useEstate } from "@/console/rights";
import type { ReceiptKind, ReceiptSheetFragment } from "@/graph/generated";
import { StaffName } from "@/identity/staff/StaffName";
import { useViewer } from "@/session/session";
import css from "./ReceiptSheet.module.css";

const TITLES = {
  PAYMENT: "receiptTitle",
  DEPOSIT: "depositTitle",
  REFUND: "refundTitle",
} as const satisfies Record<ReceiptKind, string>;

type Props = { receipt: ReceiptSheetFragment; unit: string | undefined; acts: ReactNode };

/** A receipt as it is printed, on half a sheet of A4. */
export function ReceiptSheet({ receipt, unit, acts }: Props) {
  const { t } = useTranslation("cashier");
  const { company } = useViewer();
  const { name } = useEstate();
  const isVoid = receipt.voidedAt !== null;
  const isBack = receipt.kind === "REFUND";
  return (
    <article className={`${css.sheet} ${isVoid ? "no-print" : ""}`}>
      {isVoid && (
        <p className={css.void}>
          <strong>{t("voidMark")}</strong> <Instant at={receipt.voidedAt} /> {receipt.voidReason}
        </p>
      )}
      <header className={css.head}>
        <div className={css.company}>{company?.name}</div>
        <h2 className={css.title}>{t(TITLES[receipt.kind])}</h2>
        <div className={css.number}>
          {t("number")} <span className="figure">{receipt.number}</span>
        </div>
      </header>
      <div className={css.meta}>
        <span>
          {t(isBack ? "payee" : "payer")} <strong>{receipt.payer}</strong>
        </span>
        {unit && (
          <span>
            {t("unit")} <strong className="figure">{`${name} ${unit}`}</strong>
          </span>
        )}
        <span>
          {t("issuedAt")} <Instant at={receipt.issuedAt} />
        </span>
      </div>
      <table className={css.lines}>
        <thead>
          <tr>
            <th scope="col">{t("what")}</th>
            <th scope="col">{t("amount")}</th>
          </tr>
        </thead>
        <tbody>
          {receipt.lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a receipt never change
            <tr key={index}>
              <td>{line.text}</td>
              <td>
                <Amount of={line.amount} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">
              {t("total")} <span className={css.words}>{receipt.amountInWords}</span>
            </th>
            <td>
              <Amount of={receipt.amount} as="strong" />
            </td>
          </tr>
        </tfoot>
      </table>
      <footer className={css.foot}>
        <span>{t(isBack ? "stampBack" : "stamp")}</span>
        <span>
          {t("issuedBy")} <StaffName id={receipt.issuedBy} />
        </span>
        <span>{t(isBack ? "signBack" : "sign")}</span>
      </footer>
      <div className={`${css.acts} no-print`}>{acts}</div>
    </article>
  );
}
