import { Alert, Progress } from "antd";
import { useTranslation } from "react-i18next";
import { Facts } from "@/console/pieces/Facts";
import { Panel } from "@/console/pieces/Page";
import { usePoll } from "@/console/pieces/poll";
import { Failed, Loading } from "@/console/pieces/states";
import { failureOf } from "@/graph/failure";
import { type ImportedFeesRowFragment, ImportFeesDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { ImportedFeesActs } from "./Acts";
import { ImportedFeesTag } from "./ImportedFeesList";

/** Billing's half of an import: how far it is, and the decision on its prices. */
export function ImportedFeesOf({ importId }: { importId: string }) {
  const { t } = useTranslation("importedFees");
  const [{ data, error }, ask] = useQuery({
    query: ImportFeesDocument,
    variables: { id: importId },
  });
  const fees = data?.import?.fees;
  // It begins a moment after residents' half has ended.
  usePoll(data !== undefined && (!fees || fees.state === "RUNNING"), ask);
  const failure = failureOf(error);
  if (failure) return <Failed failure={failure} />;
  if (!data) return <Loading rows={2} />;
  return (
    <Panel title={t("half")} acts={fees && <ImportedFeesTag state={fees.state} />}>
      {fees ? <Half of={fees} /> : <p role="status">{t("soon")}</p>}
    </Panel>
  );
}

function Half({ of }: { of: ImportedFeesRowFragment }) {
  const { t } = useTranslation("importedFees");
  const percent = of.total > 0 ? Math.floor((of.done * 100) / of.total) : 0;
  return (
    <>
      {of.state === "RUNNING" && (
        <>
          <Progress aria-label={t("progress")} percent={percent} status="active" />
          <p className="figure" role="status">
            {t("progressOf", { done: of.done, total: of.total })}
          </p>
        </>
      )}
      {of.failure && (
        <Alert
          className="notice"
          type="error"
          showIcon
          title={t("failed", { reason: of.failure })}
        />
      )}
      {of.state === "PROPOSED" && <p className="hint">{t("halfNote")}</p>}
      <Facts
        of={[
          [t("items"), of.items],
          [t("proposed"), of.proposed],
          [t("unchanged"), of.unchanged],
          [t("leftOut"), of.leftOut],
          [t("acts"), <ImportedFeesActs key="acts" of={of} />],
        ]}
      />
    </>
  );
}
