import { App } from "antd";
import { useTranslation } from "react-i18next";
import { FormDialog, ReasonField } from "@/console/pieces/FormDialog";
import { useAct } from "@/graph/act";
import {
  ApproveFeeStandardDocument,
  type FeeStandardRowFragment,
  WithdrawFeeStandardDocument,
} from "@/graph/generated";
import { useItemName, usePriceText } from "./price";

export type Decision = { standard: FeeStandardRowFragment; as: "approve" | "withdraw" };

/** Approves a price that somebody else proposed, or gives one up. */
export function Decide({ standard, as, onClose }: Decision & { onClose: () => void }) {
  const { t } = useTranslation("fees");
  const { message } = App.useApp();
  const priceText = usePriceText();
  const itemName = useItemName();
  const approve = useAct(ApproveFeeStandardDocument);
  const withdraw = useAct(WithdrawFeeStandardDocument);
  const { id } = standard;
  const facts = {
    item: itemName(standard.feeItem),
    price: priceText(standard),
    day: standard.effectiveFrom,
  };
  if (as === "approve") {
    return (
      <FormDialog
        title={t("approveTitle")}
        open
        submit={t("approve")}
        onClose={onClose}
        onSubmit={async () => {
          await approve({ input: { id } });
          message.success(t("approved"));
        }}
      >
        <p>{t("approveNote", facts)}</p>
      </FormDialog>
    );
  }
  return (
    <FormDialog<{ reason: string }>
      title={t("withdrawTitle")}
      open
      danger
      submit={t("withdraw")}
      onClose={onClose}
      onSubmit={async ({ reason }) => {
        await withdraw({ input: { id, reason } });
        message.success(t("withdrawn"));
      }}
    >
      <ReasonField />
    </FormDialog>
  );
}
