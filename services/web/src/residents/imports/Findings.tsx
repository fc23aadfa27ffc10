import { Segmented, Select, type TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { useFilters } from "@/address/filters";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Panel } from "@/console/pieces/Page";
import { usePoll } from "@/console/pieces/poll";
import { Status, type Tone } from "@/console/pieces/Status";
import { Loading, Nothing } from "@/console/pieces/states";
import {
  type FindingSeverity,
  ImportFindingsDocument,
  type ImportStateFragment,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useMaybe } from "@/words/maybe";
import { useLanguage } from "@/words/words";
import { type Choices, choiceFor, choose, type Finding } from "./choices";
import css from "./imports.module.css";

const TONES: Record<FindingSeverity, Tone> = { ERROR: "bad", CHOICE: "wait", WARNING: "quiet" };

type Decisions = { choices: Choices; onChoose: (choices: Choices) => void };

/** Without decisions it is a record of what was found. */
type Props = { of: ImportStateFragment; decisions?: Decisions };

/** What is wrong with the file, cell by cell, and what shall become of it. */
export function Findings({ of, decisions }: Props) {
  const { t } = useTranslation("imports");
  const [filters, filter] = useFilters(["severity"]);
  const severity = filters.severity as FindingSeverity | undefined;
  const { after } = usePaging();
  const answer = useQuery({
    query: ImportFindingsDocument,
    variables: { id: of.id, severity, after },
  });
  const [{ data }, ask] = answer;
  // The file may have been taken up anew since the state was asked for.
  const isReading = data?.import?.findings === null;
  usePoll(isReading, ask);
  const columns = useColumns(decisions);
  const severities = Object.keys(TONES) as FindingSeverity[];
  return (
    <Panel
      title={t("findings")}
      flush
      acts={
        <Segmented
          aria-label={t("severity")}
          value={severity ?? ""}
          onChange={value => filter({ severity: value })}
          options={[
            { value: "", label: t("allFindings") },
            ...severities.map(value => ({ value, label: t(`severities.${value}`) })),
          ]}
        />
      }
    >
      {isReading ? (
        <Loading rows={5} />
      ) : (
        <Answer of={answer} pick={found => found.import?.findings}>
          {({ nodes, pageInfo }) => (
            <>
              {decisions && <Bulk findings={nodes} {...decisions} />}
              <ConnectionTable
                label={t("findings")}
                columns={columns}
                rows={nodes}
                rowKey={({ sheet, row, column, code }) => [sheet, row, column, code].join("|")}
                page={pageInfo}
                empty={<Nothing text={t(decisions ? "noFindings" : "foundNothing")} />}
              />
            </>
          )}
        </Answer>
      )}
    </Panel>
  );
}

function useColumns(decisions: Decisions | undefined): TableColumnsType<Finding> {
  const { t } = useTranslation("imports");
  const zh = useLanguage() === "zh";
  const found: TableColumnsType<Finding> = [
    {
      title: t("severity"),
      key: "severity",
      render: (_, { severity }) => (
        <Status tone={TONES[severity]}>{t(`severities.${severity}`)}</Status>
      ),
    },
    { title: t("sheet"), dataIndex: "sheet" },
    { title: t("row"), dataIndex: "row", ...FIGURES },
    { title: t("cell"), dataIndex: "column" },
    {
      title: t("value"),
      key: "value",
      render: (_, { value }) => <div className={css.value}>{value || "–"}</div>,
    },
    {
      title: t("why"),
      key: "why",
      render: (_, finding) => <div className={css.why}>{zh ? finding.zh : finding.en}</div>,
    },
  ];
  if (!decisions) return found;
  const { choices, onChoose } = decisions;
  const way = (finding: Finding) => (
    <Way
      label={`${t("choice")} ${finding.sheet} ${finding.row}`}
      ways={finding.choices}
      value={choiceFor(choices, finding)}
      onChange={chosen => onChoose(choose(choices, finding, chosen))}
    />
  );
  return [
    ...found,
    {
      title: t("choice"),
      key: "choice",
      render: (_, finding) => (finding.choices.length === 0 ? "–" : way(finding)),
    },
  ];
}

/** One decision for all findings of a kind. */
function Bulk({ findings, choices, onChoose }: { findings: Finding[] } & Decisions) {
  const { t } = useTranslation("imports");
  const kinds = new Map(
    findings.filter(({ choices: ways }) => ways.length > 0).map(found => [found.code, found]),
  );
  if (kinds.size === 0) return null;
  return (
    <div className={css.choices}>
      <span>{t("bulk")}</span>
      {[...kinds.values()].map(({ code, column, choices: ways }) => (
        <Way
          key={code}
          label={t("forAll", { code: column })}
          ways={ways}
          value={choices.get(`${code}||`)?.choice}
          placeholder={t("forAll", { code: column })}
          onChange={way => onChoose(choose(choices, { code }, way))}
        />
      ))}
    </div>
  );
}

type WayProps = {
  label: string;
  ways: string[];
  value: string | undefined;
  placeholder?: string;
  onChange: (way: string) => void;
};

function Way({ label, ways, value, placeholder, onChange }: WayProps) {
  const { t } = useTranslation("imports");
  const maybe = useMaybe();
  return (
    <Select
      aria-label={label}
      className={css.way ?? ""}
      placeholder={placeholder ?? t("pick")}
      value={value}
      onChange={onChange}
      options={ways.map(way => ({ value: way, label: maybe(`imports:ways.${way}`, way) }))}
    />
  );
}
