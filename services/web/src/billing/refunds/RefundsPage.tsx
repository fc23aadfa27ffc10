import { Button, Select, Space, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { ActDialog } from "@/console/pieces/ActDialog";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount, Instant } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate, useRights } from "@/console/rights";
import { money } from "@/figures/money";
import { useAct, useIdempotencyKey } from "@/graph/act";
import {
  ApproveRefundDocument,
  type RefundStatus,
  RefundsDocument,
  type RefundsQuery,
  RejectRefundDocument,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { StaffName } from "@/identity/staff/StaffName";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";

type Refund = NonNullable<RefundsQuery["refunds"]>["nodes"][number];
type Decision = { refund: Refund; as: "approve" | "reject" };

const TONES: Record<RefundStatus, Tone> = {
  REQUESTED: "wait",
  REJECTED: "quiet",
  PENDING: "info",
  UNKNOWN: "wait",
  SUCCEEDED: "good",
  FAILED: "bad",
};

/** Refunds that wait for a second person, and what became of the others. */
export default function RefundsPage() {
  const { t } = useTranslation("refunds");
  const { t: cashier } = useTranslation("cashier");
  const { t: shell } = useTranslation("shell");
  const { id: estateId } = useEstate();
  const [{ status = "REQUESTED" }, filter] = useFilters(["status"]);
  const { after } = usePaging();
  const [decision, decide] = useState<Decision>();
  const wanted = status === "all" ? undefined : (status as RefundStatus);
  const answer = useQuery({
    query: RefundsDocument,
    variables: { estateId, status: wanted, after },
  });
  const columns = useColumns(decide);
  const statuses = Object.keys(TONES) as RefundStatus[];
  return (
    <Page
      title={t("title")}
      acts={
        <Select
          aria-label={t("status")}
          value={status}
          onChange={value => filter({ status: value })}
          options={[
            ...statuses.map(value => ({ value, label: cashier(`refundStatuses.${value}`) })),
            { value: "all", label: shell("all") },
          ]}
        />
      }
    >
      <Panel flush>
        <Answer of={answer} pick={data => data.refunds}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={nodes}
              rowKey={refund => refund.id}
              page={pageInfo}
              empty={<Nothing text={status === "REQUESTED" ? t("none") : t("noneAll")} />}
            />
          )}
        </Answer>
      </Panel>
      {decision && <Decide {...decision} onClose={() => decide(undefined)} />}
    </Page>
  );
}

function useColumns(decide: (decision: Decision) => void): TableColumnsType<Refund> {
  const { t } = useTranslation("refunds");
  const { t: cashier } = useTranslation("cashier");
  const { code } = useEstate();
  const may = useRights();
  const viewer = useViewer();
  const acts = (refund: Refund) => {
    if (refund.status !== "REQUESTED") return refund.decision ?? "–";
    if (!may("refund.approve")) return "–";
    if (refund.requestedBy === viewer.id) return t("ownRequest");
    return (
      <Space>
        <Button type="primary" size="small" onClick={() => decide({ refund, as: "approve" })}>
          {t("approve")}
        </Button>
        <Button size="small" danger onClick={() => decide({ refund, as: "reject" })}>
          {t("reject")}
        </Button>
      </Space>
    );
  };
  return [
    {
      title: t("requested"),
      key: "at",
      render: (_, refund) => <Instant at={refund.requestedAt} />,
    },
    { title: t("by"), key: "by", render: (_, refund) => <StaffName id={refund.requestedBy} /> },
    {
      title: t("account"),
      key: "account",
      render: (_, { account }) => [account.unit?.label, account.name].filter(Boolean).join(" "),
    },
    {
      title: t("amount"),
      key: "amount",
      ...FIGURES,
      render: (_, refund) => <Amount of={refund.amount} />,
    },
    {
      title: t("reason"),
      key: "reason",
      render: (_, { reason }) => <div className="long">{reason}</div>,
    },
    {
      title: t("payment"),
      key: "payment",
      render: (_, refund) => (
        <Link to={`/e/${code}/payments/${refund.paymentId}`}>{t("show")}</Link>
      ),
    },
    {
      title: t("status"),
      key: "status",
      render: (_, { status, failure }) => (
        <>
          <Status tone={TONES[status]}>{cashier(`refundStatuses.${status}`)}</Status>
          {failure && t("failed", { reason: failure })}
        </>
      ),
    },
    { title: t("decided"), key: "acts", render: (_, refund) => acts(refund) },
  ];
}

function Decide({ refund, as, onClose }: Decision & { onClose: () => void }) {
  const { t } = useTranslation("refunds");
  const language = useLanguage();
  const approve = useAct(ApproveRefundDocument);
  const reject = useAct(RejectRefundDocument);
  const { key } = useIdempotencyKey();
  const approves = as === "approve";
  const act = (reason: string) => {
    const input = { refundId: refund.id, idempotencyKey: key() };
    return approves ? approve({ input }) : reject({ input: { ...input, reason } });
  };
  return (
    <ActDialog
      title={t(`${as}Title`, { amount: money(refund.amount, language) })}
      submit={t(as)}
      done={t(`${as}Done`)}
      danger={!approves}
      asksReason={!approves}
      act={act}
      onClose={onClose}
    >
      {approves && <p>{t("approveNote")}</p>}
    </ActDialog>
  );
}
