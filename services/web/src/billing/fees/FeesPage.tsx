import { Button, Select, Space, type TableColumnsType } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable } from "@/console/pieces/ConnectionTable";
import { Page, Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate, useRights } from "@/console/rights";
import {
  FeeItemsDocument,
  type FeeStandardPhase,
  type FeeStandardRowFragment,
  FeeStandardsDocument,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { StaffName } from "@/identity/staff/StaffName";
import { useViewer } from "@/session/session";
import { WaitingImports } from "../imported-fees/ImportedFeesList";
import { Decide, type Decision } from "./Decide";
import { NewItem } from "./NewItem";
import { Propose } from "./Propose";
import { useItemName, usePriceText, useScopeText } from "./price";

const TONES: Record<FeeStandardPhase, Tone> = {
  DRAFT: "quiet",
  PROPOSED: "wait",
  APPROVED: "info",
  EFFECTIVE: "good",
  SUPERSEDED: "quiet",
  WITHDRAWN: "quiet",
};

/** What everything costs, since when, and who decided it. */
export default function FeesPage() {
  const { t } = useTranslation("fees");
  const { id: estateId } = useEstate();
  const may = useRights();
  const [{ item }, filter] = useFilters(["item"]);
  const { after } = usePaging();
  const [open, setOpen] = useState<"item" | "propose">();
  const [decision, decide] = useState<Decision>();
  const [items] = useQuery({ query: FeeItemsDocument, variables: { estateId } });
  const known = items.data?.estate?.feeItems ?? [];
  const itemName = useItemName();
  const standards = useQuery({
    query: FeeStandardsDocument,
    variables: { estateId, feeItemId: item, after },
  });
  const columns = useColumns(decide);
  const choices = known.map(one => ({ value: one.id, label: itemName(one) }));
  return (
    <Page
      title={t("title")}
      acts={
        <>
          <Select
            aria-label={t("item")}
            value={item ?? ""}
            onChange={value => filter({ item: value })}
            options={[{ value: "", label: t("allItems") }, ...choices]}
          />
          {may("fee.propose") && (
            <>
              <Button onClick={() => setOpen("item")}>{t("newItem")}</Button>
              <Button
                type="primary"
                disabled={known.length === 0}
                onClick={() => setOpen("propose")}
              >
                {t("propose")}
              </Button>
            </>
          )}
        </>
      }
    >
      <WaitingImports />
      <Panel flush>
        <Answer of={standards} pick={data => data.estate?.feeStandards}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={nodes}
              rowKey={standard => standard.id}
              page={pageInfo}
              empty={<Nothing text={t("none")} />}
            />
          )}
        </Answer>
      </Panel>
      <NewItem open={open === "item"} onClose={() => setOpen(undefined)} />
      <Propose items={choices} open={open === "propose"} onClose={() => setOpen(undefined)} />
      {decision && <Decide {...decision} onClose={() => decide(undefined)} />}
    </Page>
  );
}

function useColumns(
  decide: (decision: Decision) => void,
): TableColumnsType<FeeStandardRowFragment> {
  const { t } = useTranslation("fees");
  const priceText = usePriceText();
  const scopeText = useScopeText();
  const itemName = useItemName();
  const { code } = useEstate();
  return [
    { title: t("item"), key: "item", render: (_, { feeItem }) => itemName(feeItem) },
    {
      title: t("scope"),
      key: "scope",
      render: (_, { scope }) =>
        scope.unitId ? (
          <Link to={`/e/${code}/units/${scope.unitId}`}>{scopeText(scope)}</Link>
        ) : (
          scopeText(scope)
        ),
    },
    {
      title: t("price"),
      key: "price",
      className: "figure",
      align: "right",
      render: (_, standard) => (
        <>
          {priceText(standard)}
          <span className="second-line">{t(`prorations.${standard.proration}`)}</span>
        </>
      ),
    },
    {
      title: t("from"),
      key: "from",
      className: "figure",
      render: (_, { effectiveFrom, effectiveTo }) =>
        `${effectiveFrom} – ${effectiveTo ?? t("open")}`,
    },
    {
      title: t("phase"),
      key: "phase",
      render: (_, { phase }) => <Status tone={TONES[phase]}>{t(`phases.${phase}`)}</Status>,
    },
    {
      title: t("who"),
      key: "who",
      render: (_, { proposedBy, approvedBy }) => (
        <>
          <StaffName id={proposedBy} /> / <StaffName id={approvedBy} />
        </>
      ),
    },
    {
      title: t("acts"),
      key: "acts",
      render: (_, standard) => <Acts standard={standard} decide={decide} />,
    },
  ];
}

type ActsProps = {
  standard: FeeStandardRowFragment;
  decide: (decision: Decision) => void;
};

function Acts({ standard, decide }: ActsProps) {
  const { t } = useTranslation("fees");
  const may = useRights();
  const viewer = useViewer();
  const { phase } = standard;
  const own = standard.proposedBy === viewer.id;
  const waits = phase === "PROPOSED";
  const canWithdraw = may("fee.propose") && (waits || phase === "APPROVED" || phase === "DRAFT");
  const canApprove = waits && may("fee.approve") && !own;
  if (!canApprove && !canWithdraw && !(waits && own)) return <>–</>;
  return (
    <Space>
      {canApprove && (
        <Button type="primary" size="small" onClick={() => decide({ standard, as: "approve" })}>
          {t("approve")}
        </Button>
      )}
      {waits && own && <span>{t("ownProposal")}</span>}
      {canWithdraw && (
        <Button size="small" danger onClick={() => decide({ standard, as: "withdraw" })}>
          {t("withdraw")}
        </Button>
      )}
    </Space>
  );
}
