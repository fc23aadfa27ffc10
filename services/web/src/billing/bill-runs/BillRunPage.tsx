import { Alert, Button, Progress } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { Answer } from "@/console/pieces/Answer";
import { Facts } from "@/console/pieces/Facts";
import { FormDialog } from "@/console/pieces/FormDialog";
import { Amount, Instant } from "@/console/pieces/figures";
import { Page, Panel } from "@/console/pieces/Page";
import { usePoll } from "@/console/pieces/poll";
import { useEstate, useRights } from "@/console/rights";
import { BillRunDocument, type BillRunRowFragment } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { StaffName } from "@/identity/staff/StaffName";
import { RunStateTag } from "./BillRunsPage";
import { useStartRun } from "./start";

/** One bill run: its progress, and what came of it. */
export default function BillRunPage() {
  const { run: id = "" } = useParams();
  const answer = useQuery({ query: BillRunDocument, variables: { id } });
  const [{ data }, ask] = answer;
  const state = data?.billRun?.state;
  usePoll(state === "QUEUED" || state === "RUNNING", ask);
  return (
    <Answer of={answer} pick={found => found.billRun}>
      {run => <Run run={run} />}
    </Answer>
  );
}

function Run({ run }: { run: BillRunRowFragment }) {
  const { t } = useTranslation("billRuns");
  const { code } = useEstate();
  const percent = run.total > 0 ? Math.floor((run.done * 100) / run.total) : 0;
  const done = run.state === "DONE";
  return (
    <Page
      title={t("run", { month: run.startMonth })}
      tag={<RunStateTag state={run.state} />}
      above={<Link to={`/e/${code}/bill-runs`}>{t("back")}</Link>}
      acts={<Acts run={run} />}
    >
      <Panel title={t("progress")}>
        <Progress
          aria-label={t("progress")}
          percent={done ? 100 : percent}
          status={run.state === "FAILED" ? "exception" : done ? "success" : "active"}
        />
        <p className="figure" role="status">
          {t("progressOf", { done: run.done, total: run.total })}
        </p>
        {run.failure && (
          <Alert type="error" showIcon title={t("failedBecause", { reason: run.failure })} />
        )}
        {done && run.bills === 0 && <Alert type="info" showIcon title={t("doneNothing")} />}
      </Panel>
      <Panel>
        <Facts
          of={[
            [t("bills"), run.bills],
            [t("lines"), run.lines],
            [t("amount"), <Amount key="amount" of={run.amount} as="strong" />],
            [t("doubts"), run.doubts],
            [t("issuedOn"), run.issuedOn],
            [t("startedBy"), <StaffName key="by" id={run.startedBy} />],
            [t("startedAt"), <Instant key="from" at={run.startedAt} />],
            [t("finishedAt"), <Instant key="to" at={run.finishedAt} />],
          ]}
        />
      </Panel>
    </Page>
  );
}

function Acts({ run }: { run: BillRunRowFragment }) {
  const { t } = useTranslation("billRuns");
  const { code } = useEstate();
  const may = useRights();
  const start = useStartRun();
  const [open, setOpen] = useState(false);
  const ended = run.state === "DONE" || run.state === "FAILED";
  return (
    <>
      <Link to={`/e/${code}/bill-runs/new?month=${run.startMonth}`}>
        <Button tabIndex={-1}>{t("preview")}</Button>
      </Link>
      {ended && may("bill_run.start") && (
        <Button onClick={() => setOpen(true)}>{t("again")}</Button>
      )}
      <FormDialog
        title={t("startTitle", { month: run.startMonth })}
        open={open}
        submit={t("again")}
        onClose={() => setOpen(false)}
        onSubmit={() => start(run.startMonth)}
      >
        <p>{t("againNote")}</p>
      </FormDialog>
    </>
  );
}
