import { useTranslation } from "react-i18next";
import type { PaymentStatus } from "@/graph/generated";
import pieces from "../pieces/pieces.module.css";
import { outcomeOf } from "./payments";

const TONES = { waiting: pieces.wait, failed: pieces.bad, settled: pieces.good };

/** How far a payment has come, in its colour. */
export function PaymentStatusTag({ status }: { status: PaymentStatus }) {
  const { t } = useTranslation("myPayments");
  const isBack = status === "REFUNDED" || status === "PARTLY_REFUNDED";
  const tone = isBack ? "" : TONES[outcomeOf(status)];
  return <span className={`${pieces.tag} ${tone}`}>{t(`statuses.${status}`)}</span>;
}
