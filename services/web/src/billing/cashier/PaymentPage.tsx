import { PrinterOutlined } from "@ant-design/icons";
import { App, Button, Checkbox, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { AmountInput } from "@/console/pieces/AmountInput";
import { Answer } from "@/console/pieces/Answer";
import { Facts } from "@/console/pieces/Facts";
import { FormDialog, ReasonField } from "@/console/pieces/FormDialog";
import { Amount, Instant } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { useEstate, useRights } from "@/console/rights";
import { fromMinor, money, parseAmount, sum, toMinor } from "@/figures/money";
import { useAct, useIdempotencyKey } from "@/graph/act";
import {
  PaymentAccountDocument,
  PaymentDocument,
  type PaymentQuery,
  type ReceiptSheetFragment,
  RequestRefundDocument,
  VoidReceiptDocument,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { PaymentStatusTag } from "./AccountPayments";
import { ReceiptSheet } from "./ReceiptSheet";

type Payment = NonNullable<PaymentQuery["payment"]>;

/** One payment with its receipts, which print one a page. */
export default function PaymentPage() {
  const { payment: id = "" } = useParams();
  const answer = useQuery({ query: PaymentDocument, variables: { id } });
  return (
    <Answer of={answer} pick={data => data.payment} rows={10}>
      {payment => <PaymentView payment={payment} />}
    </Answer>
  );
}

function PaymentView({ payment }: { payment: Payment }) {
  const { t } = useTranslation("cashier");
  const language = useLanguage();
  const { code } = useEstate();
  const may = useRights();
  const [account] = useQuery({
    query: PaymentAccountDocument,
    variables: { id: payment.accountId },
    pause: !may("account.read"),
  });
  const of = account.data?.billingAccount;
  const receipts = [...payment.receipts, ...payment.refunds.flatMap(refund => refund.receipts)];
  return (
    <Page
      title={t("payment", { amount: money(payment.amount, language) })}
      tag={<PaymentStatusTag status={payment.status} />}
      above={of?.unit && <Link to={`/e/${code}/units/${of.unit.id}`}>{of.unit.label}</Link>}
      acts={<Acts payment={payment} />}
    >
      <div className="no-print">
        <Panel>
          <Facts
            of={[
              [t("account"), of?.name ?? "–"],
              [t("when"), <Instant key="when" at={payment.receivedAt ?? payment.createdAt} />],
              [t("till"), t(`tills.${payment.till}`)],
              [t("reference"), payment.channelReference ?? "–"],
              [t("prepaid"), <Amount key="prepaid" of={payment.prepaid} />],
              [t("refunded"), <Amount key="refunded" of={payment.refunded} />],
            ]}
          />
        </Panel>
        {payment.refunds.length > 0 && (
          <Panel title={t("refunds")}>
            {payment.refunds.map(refund => (
              <p key={refund.id}>
                <Instant at={refund.requestedAt} /> · {t(`refundStatuses.${refund.status}`)} ·{" "}
                <Amount of={refund.amount} /> · {refund.reason}
              </p>
            ))}
          </Panel>
        )}
      </div>
      {receipts.map(receipt => (
        <ReceiptSheet
          key={receipt.id}
          receipt={receipt}
          unit={of?.unit?.label}
          acts={<VoidReceipt receipt={receipt} />}
        />
      ))}
    </Page>
  );
}

function Acts({ payment }: { payment: Payment }) {
  const { t } = useTranslation("cashier");
  const may = useRights();
  const { currency } = useEstate();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const request = useAct(RequestRefundDocument);
  const { key, renew } = useIdempotencyKey();
  const back = sum(
    payment.refunds
      .filter(({ status }) => status !== "REJECTED" && status !== "FAILED")
      .map(({ amount }) => amount),
    currency,
  );
  const left = fromMinor(toMinor(payment.amount) - toMinor(back), currency);
  const received = payment.status === "SUCCEEDED" || payment.status === "PARTLY_REFUNDED";
  return (
    <>
      {may("refund.request") && received && toMinor(left) > 0n && (
        <Button onClick={() => setOpen(true)}>{t("requestRefund")}</Button>
      )}
      {payment.receipts.length > 0 && (
        <Button type="primary" icon={<PrinterOutlined />} onClick={() => window.print()}>
          {t("print")}
        </Button>
      )}
      <FormDialog<{ amount: string; reason: string }>
        title={t("requestRefund")}
        open={open}
        initial={{ amount: left.amount }}
        onClose={() => {
          setOpen(false);
          renew();
        }}
        onSubmit={async ({ amount, reason }) => {
          const input = {
            paymentId: payment.id,
            amount: parseAmount(amount, currency) ?? "",
            reason,
            idempotencyKey: key(),
          };
          await request({ input });
          message.success(t("refundAsked"));
        }}
      >
        <p>{t("refundNote")}</p>
        <AmountInput name="amount" label={t("amount")} />
        <ReasonField />
      </FormDialog>
    </>
  );
}

function VoidReceipt({ receipt }: { receipt: ReceiptSheetFragment }) {
  const { t } = useTranslation("cashier");
  const may = useRights();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const voidReceipt = useAct(VoidReceiptDocument);
  const { key, renew } = useIdempotencyKey();
  if (!may("receipt.void") || receipt.voidedAt || receipt.kind !== "PAYMENT") return null;
  return (
    <>
      <Button danger type="text" onClick={() => setOpen(true)}>
        {t("voidReceipt")}
      </Button>
      <FormDialog<{ reason: string; reissue: boolean }>
        title={t("voidTitle", { number: receipt.number })}
        open={open}
        danger
        submit={t("voidReceipt")}
        initial={{ reissue: true }}
        onClose={() => {
          setOpen(false);
          renew();
        }}
        onSubmit={async ({ reason, reissue }) => {
          const input = { receiptId: receipt.id, reason, reissue, idempotencyKey: key() };
          await voidReceipt({ input });
          message.success(t("receiptVoided"));
        }}
      >
        <p>{t("voidNote")}</p>
        <ReasonField />
        <Form.Item name="reissue" valuePropName="checked">
          <Checkbox>{t("again")}</Checkbox>
        </Form.Item>
      </FormDialog>
    </>
  );
}
