import { Segmented, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount, Instant } from "@/console/pieces/figures";
import { Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import {
  AccountPaymentsDocument,
  type AccountPaymentsQuery,
  type AccountSummaryFragment,
  type PaymentStatus,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";

type Row = NonNullable<AccountPaymentsQuery["payments"]>["nodes"][number];

const TONES: Record<PaymentStatus, Tone> = {
  CREATED: "quiet",
  PENDING: "info",
  UNKNOWN: "wait",
  FAILED: "bad",
  SUCCEEDED: "good",
  PARTLY_REFUNDED: "wait",
  REFUNDED: "quiet",
};

/** How far a payment has come, in its colour. */
export function PaymentStatusTag({ status }: { status: PaymentStatus }) {
  const { t } = useTranslation("cashier");
  return <Status tone={TONES[status]}>{t(`statuses.${status}`)}</Status>;
}

/** What an account has paid, newest first. */
export function AccountPayments({ accounts }: { accounts: AccountSummaryFragment[] }) {
  const { t } = useTranslation("cashier");
  const [chosen, choose] = useState(accounts[0]?.id);
  if (!chosen) return null;
  const choices = accounts.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Panel
      title={t("payments")}
      flush
      acts={
        accounts.length > 1 && (
          <Segmented aria-label={t("account")} value={chosen} onChange={choose} options={choices} />
        )
      }
    >
      <Payments accountId={chosen} />
    </Panel>
  );
}

function Payments({ accountId }: { accountId: string }) {
  const { t } = useTranslation("cashier");
  const columns = useColumns();
  const answer = useQuery({ query: AccountPaymentsDocument, variables: { accountId } });
  return (
    <Answer of={answer} pick={data => data.payments} rows={3}>
      {({ nodes }) => (
        <ConnectionTable
          label={t("payments")}
          columns={columns}
          rows={nodes}
          rowKey={payment => payment.id}
          empty={<Nothing text={t("noPayments")} />}
        />
      )}
    </Answer>
  );
}

function useColumns(): TableColumnsType<Row> {
  const { t } = useTranslation("cashier");
  const { code } = useEstate();
  return [
    {
      title: t("when"),
      key: "when",
      render: (_, payment) => (
        <Link to={`/e/${code}/payments/${payment.id}`}>
          <Instant at={payment.receivedAt ?? payment.createdAt} />
        </Link>
      ),
    },
    { title: t("till"), key: "till", render: (_, payment) => t(`tills.${payment.till}`) },
    {
      title: t("status"),
      key: "status",
      render: (_, payment) => <PaymentStatusTag status={payment.status} />,
    },
    {
      title: t("receipts"),
      key: "receipts",
      className: "figure",
      render: (_, { receipts }) => receipts.find(({ voidedAt }) => !voidedAt)?.number ?? "–",
    },
    {
      title: t("amount"),
      key: "amount",
      ...FIGURES,
      render: (_, payment) => <Amount of={payment.amount} />,
    },
  ];
}
