import { Button, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { ActDialog } from "@/console/pieces/ActDialog";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Facts } from "@/console/pieces/Facts";
import { Amount } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { useEstate, useRights } from "@/console/rights";
import { monthSpan } from "@/figures/dates";
import { useAct, useIdempotencyKey } from "@/graph/act";
import {
  BillDocument,
  type BillQuery,
  ReissueBillDocument,
  VoidBillDocument,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { BillStatusTag } from "./columns";

type Bill = NonNullable<BillQuery["bill"]>;

/** One bill with the arithmetic of every line. */
export default function BillPage() {
  const { bill: id = "" } = useParams();
  const answer = useQuery({ query: BillDocument, variables: { id } });
  return (
    <Answer of={answer} pick={data => data.bill} rows={10}>
      {bill => <BillView bill={bill} />}
    </Answer>
  );
}

function BillView({ bill }: { bill: Bill }) {
  const { t } = useTranslation("bills");
  const { code } = useEstate();
  const period = monthSpan(bill.firstMonth, bill.lastMonth);
  const unit = bill.unit;
  return (
    <Page
      title={t("bill", { period })}
      tag={<BillStatusTag status={bill.status} />}
      above={unit && <Link to={`/e/${code}/units/${unit.id}`}>{unit.label}</Link>}
      acts={<Acts bill={bill} />}
    >
      <Panel>
        <Facts
          of={[
            [t("payer"), bill.account.name],
            [t("issued"), bill.issuedOn],
            [t("due"), bill.due],
            [t("total"), <Amount key="total" of={bill.total} as="strong" />],
            [t("settled"), <Amount key="settled" of={bill.settled} />],
            [t("outstanding"), <Amount key="outstanding" of={bill.outstanding} as="debt" />],
          ]}
        />
        {bill.voidedOn && (
          <p>{t("voidedOn", { day: bill.voidedOn, reason: bill.voidReason ?? "–" })}</p>
        )}
        {bill.replacesId && <Link to={`/e/${code}/bills/${bill.replacesId}`}>{t("replaces")}</Link>}
      </Panel>
      <Panel title={t("lines")} flush>
        <ConnectionTable
          label={t("lines")}
          columns={useLineColumns()}
          rows={bill.lines}
          rowKey={line => line.id}
        />
      </Panel>
    </Page>
  );
}

function useLineColumns(): TableColumnsType<Bill["lines"][number]> {
  const { t } = useTranslation("bills");
  const zh = useLanguage() === "zh";
  return [
    { title: t("month"), dataIndex: "month", className: "figure" },
    {
      title: t("item"),
      key: "item",
      render: (_, { feeItem }) => (zh ? feeItem.nameZh : feeItem.nameEn),
    },
    {
      title: t("days"),
      key: "days",
      className: "figure",
      render: (_, line) => `${line.from} – ${line.to}`,
    },
    {
      title: t("arithmetic"),
      key: "words",
      className: "figure",
      render: (_, line) => (zh ? line.wordsZh : line.wordsEn) ?? line.description ?? "–",
    },
    {
      title: t("bearer"),
      key: "bearer",
      render: (_, line) => t(`payers.${line.payerKind}`),
    },
    {
      title: t("amount"),
      key: "amount",
      ...FIGURES,
      render: (_, line) => <Amount of={line.amount} />,
    },
  ];
}

function Acts({ bill }: { bill: Bill }) {
  const { t } = useTranslation("bills");
  const may = useRights();
  const { code } = useEstate();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<"void" | "reissue">();
  const voidBill = useAct(VoidBillDocument);
  const reissue = useAct(ReissueBillDocument);
  const { key, renew } = useIdempotencyKey();
  if (!may("bill.void")) return null;
  const close = () => {
    setAsked(undefined);
    renew();
  };
  return (
    <>
      {bill.status === "VOIDED" ? (
        <Button onClick={() => setAsked("reissue")}>{t("reissue")}</Button>
      ) : (
        <Button danger onClick={() => setAsked("void")}>
          {t("voidBill")}
        </Button>
      )}
      {asked === "void" && (
        <ActDialog
          title={t("voidTitle")}
          danger
          asksReason
          submit={t("voidBill")}
          done={t("voided")}
          act={reason => voidBill({ input: { id: bill.id, reason, idempotencyKey: key() } })}
          onClose={close}
        >
          <p>{t("voidNote")}</p>
        </ActDialog>
      )}
      {asked === "reissue" && (
        <ActDialog
          title={t("reissue")}
          submit={t("reissue")}
          done={t("reissued")}
          act={async () => {
            const made = await reissue({ input: { id: bill.id, idempotencyKey: key() } });
            navigate(`/e/${code}/bills/${made.reissueBill.bill.id}`);
          }}
          onClose={close}
        >
          <p>{t("reissueNote")}</p>
        </ActDialog>
      )}
    </>
  );
}
