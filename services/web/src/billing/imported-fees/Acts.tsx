import { Button, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ActDialog } from "@/console/pieces/ActDialog";
import { useRights } from "@/console/rights";
import { useAct } from "@/graph/act";
import {
  ApproveImportedFeesDocument,
  type ImportedFeesRowFragment,
  ResumeImportedFeesDocument,
  WithdrawImportedFeesDocument,
} from "@/graph/generated";
import { useViewer } from "@/session/session";

type Kind = "approve" | "withdraw" | "resume";

/** What may be done with an import's prices: all are approved or given up, or taken further. */
export function ImportedFeesActs({ of }: { of: ImportedFeesRowFragment }) {
  const { t } = useTranslation("importedFees");
  const may = useRights();
  const viewer = useViewer();
  const [asked, ask] = useState<Kind>();
  const waits = of.state === "PROPOSED";
  const own = of.importedBy === viewer.id;
  const kinds: Kind[] = [];
  if (waits && may("fee.approve") && !own) kinds.push("approve");
  if (waits && (may("fee.approve") || may("fee.propose"))) kinds.push("withdraw");
  if (of.state === "FAILED" && may("roster.import")) kinds.push("resume");
  if (kinds.length === 0) return <>–</>;
  return (
    <Space>
      {kinds.map(kind => (
        <Button
          key={kind}
          size="small"
          type={kind === "withdraw" ? "default" : "primary"}
          danger={kind === "withdraw"}
          onClick={() => ask(kind)}
        >
          {t(kind)}
        </Button>
      ))}
      {waits && own && <span>{t("ownImport")}</span>}
      {asked && <Decide of={of} as={asked} onClose={() => ask(undefined)} />}
    </Space>
  );
}

type DecideProps = { of: ImportedFeesRowFragment; as: Kind; onClose: () => void };

function Decide({ of, as, onClose }: DecideProps) {
  const { t } = useTranslation("importedFees");
  const approve = useAct(ApproveImportedFeesDocument);
  const withdraw = useAct(WithdrawImportedFeesDocument);
  const resume = useAct(ResumeImportedFeesDocument);
  const { importId, fileName: file, proposed: count, cutOver: day } = of;
  const act = (reason: string) => {
    if (as === "withdraw") return withdraw({ input: { importId, reason } });
    return (as === "approve" ? approve : resume)({ input: { importId } });
  };
  return (
    <ActDialog
      title={t(`${as}Title`)}
      submit={t(as)}
      done={t(`${as}Done`)}
      danger={as === "withdraw"}
      asksReason={as === "withdraw"}
      act={act}
      onClose={onClose}
    >
      <p>{t(`${as}Note`, { file, count, day })}</p>
    </ActDialog>
  );
}
