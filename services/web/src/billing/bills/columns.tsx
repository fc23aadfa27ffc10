import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount } from "@/console/pieces/figures";
import { Status, type Tone } from "@/console/pieces/Status";
import { useEstate } from "@/console/rights";
import { monthSpan } from "@/figures/dates";
import type { BillStatus, BillSummaryFragment } from "@/graph/generated";

const TONES: Record<BillStatus, Tone> = {
  ISSUED: "info",
  PARTLY_PAID: "wait",
  PAID: "good",
  OVERDUE: "bad",
  VOIDED: "quiet",
};

/** What a bill is today, in its colour. */
export function BillStatusTag({ status }: { status: BillStatus }) {
  const { t } = useTranslation("bills");
  return <Status tone={TONES[status]}>{t(`statuses.${status}`)}</Status>;
}

/** The columns of a list of bills. */
export function useBillColumns(): TableColumnsType<BillSummaryFragment> {
  const { t } = useTranslation("bills");
  const { code } = useEstate();
  return [
    {
      title: t("period"),
      key: "period",
      className: "figure",
      render: (_, bill) => (
        <Link to={`/e/${code}/bills/${bill.id}`}>{monthSpan(bill.firstMonth, bill.lastMonth)}</Link>
      ),
    },
    {
      title: t("status"),
      key: "status",
      render: (_, bill) => <BillStatusTag status={bill.status} />,
    },
    { title: t("payer"), key: "payer", ellipsis: true, render: (_, bill) => bill.account.name },
    { title: t("due"), dataIndex: "due", className: "figure" },
    {
      title: t("total"),
      key: "total",
      ...FIGURES,
      render: (_, bill) => <Amount of={bill.total} />,
    },
    {
      title: t("outstanding"),
      key: "outstanding",
      ...FIGURES,
      render: (_, bill) => <Amount of={bill.outstanding} as="debt" />,
    },
  ];
}
