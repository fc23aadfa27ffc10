import { Alert, Button, Progress, Result, Spin } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { ImportedFeesOf } from "@/billing/imported-fees/ImportedFeesOf";
import { Answer } from "@/console/pieces/Answer";
import { Facts } from "@/console/pieces/Facts";
import { FormDialog } from "@/console/pieces/FormDialog";
import { Page, Panel } from "@/console/pieces/Page";
import { usePoll } from "@/console/pieces/poll";
import { useEstate } from "@/console/rights";
import { useAct } from "@/graph/act";
import {
  ConfirmImportDocument,
  ImportDocument,
  type ImportRows,
  type ImportStateFragment,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { listed } from "@/words/language";
import { useLanguage } from "@/words/words";
import { type Choices, choicesInput, NO_CHOICES } from "./choices";
import { Findings } from "./Findings";
import { ImportSteps } from "./ImportSteps";
import css from "./imports.module.css";
import { ImportMapping } from "./Mapping";

/** An import from the check of its file to its end. */
export default function ImportWizard() {
  const { import: id = "" } = useParams();
  const answer = useQuery({ query: ImportDocument, variables: { id } });
  const [{ data }, ask] = answer;
  const state = data?.import?.state;
  usePoll(state === "READING" || state === "RUNNING", ask);
  return (
    <Answer of={answer} pick={found => found.import} rows={10}>
      {found => <Wizard key={found.id} of={found} />}
    </Answer>
  );
}

const STEP = {
  READING: 1,
  ANALYSED: 1,
  UNREADABLE: 1,
  RUNNING: 2,
  FAILED: 2,
  DONE: 3,
} as const;

function Wizard({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  const [choices, setChoices] = useState<Choices>(NO_CHOICES);
  const [asked, setAsked] = useState<ImportRows>();
  const confirm = useAct(ConfirmImportDocument);
  const open = of.state === "ANALYSED" || of.state === "FAILED";
  const unreadable = of.state === "UNREADABLE";
  return (
    <Page
      title={t("title")}
      tag={<span>{t("of", { file: of.fileName, month: of.cutOver.slice(0, 7) })}</span>}
      acts={(open || unreadable) && <Acts of={of} choices={choices} ask={setAsked} />}
    >
      <ImportSteps at={STEP[of.state]} failed={unreadable || of.state === "FAILED"} />
      {of.failure && (
        <Alert
          className="notice"
          type="error"
          showIcon
          title={t(unreadable ? "unreadable" : "failed", { reason: of.failure })}
        />
      )}
      {of.state === "READING" && <Reading of={of} />}
      {of.state === "RUNNING" && <Running of={of} />}
      {of.state === "DONE" && <Done of={of} />}
      {open && (
        <>
          <Checked of={of} />
          <Findings of={of} decisions={{ choices, onChoose: setChoices }} />
        </>
      )}
      {(open || unreadable) && <ImportMapping key={JSON.stringify(of.sheets)} of={of} />}
      {asked && (
        <FormDialog
          title={t("confirmTitle")}
          open
          submit={asked === "ALL" ? t("importAll") : t("importGood")}
          onClose={() => setAsked(undefined)}
          onSubmit={async () => {
            await confirm({ input: { id: of.id, rows: asked, choices: choicesInput(choices) } });
          }}
        >
          <p>{t("confirmNote")}</p>
          {asked === "GOOD" && <p>{t("importGoodNote")}</p>}
        </FormDialog>
      )}
    </Page>
  );
}

/** How many doubts there are, and in which sheets it was looked. */
function Checked({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const sheets = of.sheets.map(({ sheet }) => sheet);
  return (
    <Panel>
      <Facts
        of={[
          [t("errors"), of.errors],
          [t("undecided"), of.undecided],
          [t("warnings"), of.warnings],
          [t("sheets"), listed(sheets, language)],
        ]}
      />
      {of.ignoredSheets.length > 0 && (
        <p>{t("ignored", { sheets: listed(of.ignoredSheets, language) })}</p>
      )}
    </Panel>
  );
}

type ActsProps = {
  of: ImportStateFragment;
  choices: Choices;
  ask: (rows: ImportRows) => void;
};

function Acts({ of, choices, ask }: ActsProps) {
  const { t } = useTranslation("imports");
  const { code } = useEstate();
  const back = (
    <Link to={`/e/${code}/imports`}>
      <Button tabIndex={-1}>{t("back")}</Button>
    </Link>
  );
  if (of.state === "UNREADABLE") return back;
  const clean = of.errors === 0 && (of.undecided === 0 || choices.size > 0);
  return (
    <>
      {back}
      {(of.errors > 0 || of.undecided > 0) && (
        <Button onClick={() => ask("GOOD")}>{t("importGood")}</Button>
      )}
      <Button type="primary" disabled={!clean} onClick={() => ask("ALL")}>
        {of.state === "FAILED" ? t("resume") : t("importAll")}
      </Button>
    </>
  );
}

/** Residents' half is in; billing's comes next, and what was found stays to be read. */
function Done({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  const { code } = useEstate();
  return (
    <>
      <Panel>
        <Result
          className={css.done ?? ""}
          status="success"
          title={t("done")}
          subTitle={t("doneNote")}
          extra={
            <Link to={`/e/${code}`}>
              <Button type="primary" tabIndex={-1}>
                {t("toDesk")}
              </Button>
            </Link>
          }
        />
      </Panel>
      <ImportedFeesOf importId={of.id} />
      <Findings of={of} />
    </>
  );
}

/** How many rows there are is known at the end. */
function Reading({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  return (
    <Panel title={t("reading")}>
      <p className={`figure ${css.reading}`} role="status">
        <Spin size="small" /> {t("rowsRead", { rows: of.done })}
      </p>
    </Panel>
  );
}

function Running({ of }: { of: ImportStateFragment }) {
  const { t } = useTranslation("imports");
  const percent = of.total > 0 ? Math.floor((of.done * 100) / of.total) : 0;
  return (
    <Panel title={t("running")}>
      <Progress aria-label={t("progress")} percent={percent} status="active" />
      <p className="figure" role="status">
        {t("progressOf", { done: of.done, total: of.total })}
      </p>
    </Panel>
  );
}
