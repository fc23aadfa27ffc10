import { App, Button, Space } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog, ReasonField } from "@/console/pieces/FormDialog";
import { useRights } from "@/console/rights";
import { useAct } from "@/graph/act";
import {
  ApproveImportedFeesDocument,
  type ImportedFeesRowFragment,
  ResumeImportedFeesDocument,
  WithdrawImportedFeesDocument,
} from "@/graph/generated";

type Kind = "approve" | "withdraw" | "resume";

/** What may be done with an import's prices: all are approved or given up, or taken further. */
export function ImportedFeesActs({ of }: { of: ImportedFeesRowFragment }) {
  const { t } = useTranslation("importedFees");
  const may = useRights();
  const [asked, ask] = useState<Kind>();
  const waits = of.state === "PROPOSED";
  const kinds: Kind[] = [];
  if (waits && may("fee.approve")) kinds.push("approve");
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
      {asked === "approve" && <Approve of={of} onClose={() => ask(undefined)} />}
      {asked === "withdraw" && <Withdraw of={of} onClose={() => ask(undefined)} />}
      {asked === "resume" && <Resume of={of} onClose={() => ask(undefined)} />}
    </Space>
  );
}

type DecisionProps = { of: ImportedFeesRowFragment; onClose: () => void };

function useFacts({ fileName: file, proposed: count, cutOver: day }: ImportedFeesRowFragment) {
  return { file, count, day };
}

function Approve({ of, onClose }: DecisionProps) {
  const { t } = useTranslation("importedFees");
  const { message } = App.useApp();
  const approve = useAct(ApproveImportedFeesDocument);
  return (
    <FormDialog
      title={t("approveTitle")}
      open
      submit={t("approve")}
      onClose={onClose}
      onSubmit={async () => {
        await approve({ input: { importId: of.importId } });
        message.success(t("approved"));
      }}
    >
      <p>{t("approveNote", useFacts(of))}</p>
    </FormDialog>
  );
}

function Withdraw({ of, onClose }: DecisionProps) {
  const { t } = useTranslation("importedFees");
  const { message } = App.useApp();
  const withdraw = useAct(WithdrawImportedFeesDocument);
  return (
    <FormDialog<{ reason: string }>
      title={t("withdrawTitle")}
      open
      danger
      submit={t("withdraw")}
      onClose={onClose}
      onSubmit={async ({ reason }) => {
        await withdraw({ input: { importId: of.importId, reason } });
        message.success(t("withdrawn"));
      }}
    >
      <p>{t("withdrawNote", useFacts(of))}</p>
      <ReasonField />
    </FormDialog>
  );
}

function Resume({ of, onClose }: DecisionProps) {
  const { t } = useTranslation("importedFees");
  const { message } = App.useApp();
  const resume = useAct(ResumeImportedFeesDocument);
  return (
    <FormDialog
      title={t("resume")}
      open
      submit={t("resume")}
      onClose={onClose}
      onSubmit={async () => {
        await resume({ input: { importId: of.importId } });
        message.success(t("resumed"));
      }}
    >
      <p>{t("resumeNote", useFacts(of))}</p>
    </FormDialog>
  );
}
