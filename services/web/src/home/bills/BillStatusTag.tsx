import { useTranslation } from "react-i18next";
import type { BillStatus } from "@/graph/generated";
import pieces from "../pieces/pieces.module.css";

const TONES: Record<BillStatus, string | undefined> = {
  ISSUED: pieces.wait,
  PARTLY_PAID: pieces.wait,
  PAID: pieces.good,
  OVERDUE: pieces.bad,
  VOIDED: undefined,
};

/** What a bill is today, in its colour. */
export function BillStatusTag({ status }: { status: BillStatus }) {
  const { t } = useTranslation("myBills");
  return <span className={`${pieces.tag} ${TONES[status] ?? ""}`}>{t(`statuses.${status}`)}</span>;
}
