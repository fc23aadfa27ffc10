import { Button, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Amount, Instant } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate } from "@/console/rights";
import { type BillRunRowFragment, type BillRunState, BillRunsDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { StaffName } from "@/identity/staff/StaffName";

const TONES: Record<BillRunState, Tone> = {
  QUEUED: "quiet",
  RUNNING: "info",
  DONE: "good",
  FAILED: "bad",
};

/** How far a run has come, in its colour. */
export function RunStateTag({ state }: { state: BillRunState }) {
  const { t } = useTranslation("billRuns");
  return <Status tone={TONES[state]}>{t(`states.${state}`)}</Status>;
}

/** The bill runs of the estate, newest first. */
export default function BillRunsPage() {
  const { t } = useTranslation("billRuns");
  const { id: estateId } = useEstate();
  const { after } = usePaging();
  const answer = useQuery({ query: BillRunsDocument, variables: { estateId, after } });
  const columns = useColumns();
  const fresh = (
    <Link to="new">
      <Button type="primary" tabIndex={-1}>
        {t("newRun")}
      </Button>
    </Link>
  );
  return (
    <Page title={t("title")} acts={fresh}>
      <Panel flush>
        <Answer of={answer} pick={data => data.estate?.billRuns}>
          {({ nodes, pageInfo }) => (
            <ConnectionTable
              label={t("title")}
              columns={columns}
              rows={nodes}
              rowKey={run => run.id}
              page={pageInfo}
              empty={<Nothing text={t("none")} />}
            />
          )}
        </Answer>
      </Panel>
    </Page>
  );
}

function useColumns(): TableColumnsType<BillRunRowFragment> {
  const { t } = useTranslation("billRuns");
  return [
    {
      title: t("month"),
      key: "month",
      className: "figure",
      render: (_, run) => <Link to={run.id}>{run.startMonth}</Link>,
    },
    { title: t("state"), key: "state", render: (_, { state }) => <RunStateTag state={state} /> },
    { title: t("issuedOn"), dataIndex: "issuedOn", className: "figure" },
    { title: t("bills"), dataIndex: "bills", ...FIGURES },
    { title: t("lines"), dataIndex: "lines", ...FIGURES },
    { title: t("doubts"), dataIndex: "doubts", ...FIGURES },
    {
      title: t("amount"),
      key: "amount",
      ...FIGURES,
      render: (_, run) => <Amount of={run.amount} />,
    },
    { title: t("startedBy"), key: "by", render: (_, run) => <StaffName id={run.startedBy} /> },
    { title: t("startedAt"), key: "at", render: (_, run) => <Instant at={run.startedAt} /> },
  ];
}
