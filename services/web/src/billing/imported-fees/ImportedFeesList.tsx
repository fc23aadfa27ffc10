import type { TableColumnsType } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { usePaging } from "@/address/paging";
import { Answer } from "@/console/pieces/Answer";
import { ConnectionTable, FIGURES } from "@/console/pieces/ConnectionTable";
import { Panel } from "@/console/pieces/Page";
import { Status, type Tone } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate, useRights } from "@/console/rights";
import {
  FeeImportsDocument,
  type ImportedFeesRowFragment,
  type ImportedFeesState,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { StaffName } from "@/identity/staff/StaffName";
import { ImportedFeesActs } from "./Acts";

const TONES: Record<ImportedFeesState, Tone> = {
  RUNNING: "info",
  FAILED: "bad",
  PROPOSED: "wait",
  APPROVED: "good",
  WITHDRAWN: "quiet",
  UNCHANGED: "quiet",
};

/** How far an import's prices are, in its colour. */
export function ImportedFeesTag({ state }: { state: ImportedFeesState }) {
  const { t } = useTranslation("importedFees");
  return <Status tone={TONES[state]}>{t(`states.${state}`)}</Status>;
}

/** Every import into the estate, the latest first. */
export function PastImports() {
  const { t } = useTranslation("importedFees");
  const { id: estateId } = useEstate();
  const { after } = usePaging();
  const answer = useQuery({ query: FeeImportsDocument, variables: { estateId, after } });
  const columns = useColumns();
  return (
    <Panel title={t("past")} flush>
      <Answer of={answer} pick={data => data.estate?.feeImports} rows={3}>
        {({ nodes, pageInfo }) => (
          <ConnectionTable
            label={t("past")}
            columns={columns}
            rows={[...nodes].reverse()}
            rowKey={row => row.importId}
            page={pageInfo}
            empty={<Nothing text={t("none")} />}
          />
        )}
      </Answer>
    </Panel>
  );
}

/** The imports whose prices wait for a decision; nothing while there are none. */
export function WaitingImports() {
  const { t } = useTranslation("importedFees");
  const { id: estateId } = useEstate();
  const [{ data }] = useQuery({ query: FeeImportsDocument, variables: { estateId } });
  const columns = useColumns();
  const waiting = data?.estate?.feeImports?.nodes.filter(({ state }) => state === "PROPOSED") ?? [];
  if (waiting.length === 0) return null;
  return (
    <Panel title={t("waiting")} flush>
      <ConnectionTable
        label={t("waiting")}
        columns={columns}
        rows={waiting}
        rowKey={row => row.importId}
      />
    </Panel>
  );
}

function useColumns(): TableColumnsType<ImportedFeesRowFragment> {
  const { t } = useTranslation("importedFees");
  const { code } = useEstate();
  const may = useRights();
  const counts = ["items", "proposed", "unchanged", "leftOut"] as const;
  return [
    {
      title: t("file"),
      key: "file",
      render: (_, { importId, fileName }) =>
        may("roster.import") ? (
          <Link to={`/e/${code}/imports/${importId}`}>{fileName}</Link>
        ) : (
          fileName
        ),
    },
    {
      title: t("cutOver"),
      key: "cutOver",
      className: "figure",
      render: (_, { cutOver }) => cutOver.slice(0, 7),
    },
    {
      title: t("state"),
      key: "state",
      render: (_, { state }) => <ImportedFeesTag state={state} />,
    },
    ...counts.map(name => ({ title: t(name), dataIndex: name, ...FIGURES })),
    {
      title: t("decided"),
      key: "decided",
      render: (_, { decidedBy, decidedOn }) =>
        decidedOn ? (
          <>
            <StaffName id={decidedBy} /> <span className="figure">{decidedOn}</span>
          </>
        ) : (
          "–"
        ),
    },
    { title: t("acts"), key: "acts", render: (_, row) => <ImportedFeesActs of={row} /> },
  ];
}
