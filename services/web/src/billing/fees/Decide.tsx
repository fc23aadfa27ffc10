import { useTranslation } from "react-i18next";
import { ActDialog } from "@/console/pieces/ActDialog";
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
  return (
    <ActDialog
      title={t(`${as}Title`)}
      submit={t(as)}
      done={t(`${as}Done`)}
      danger={as === "withdraw"}
      asksReason={as === "withdraw"}
      act={reason =>
        as === "approve" ? approve({ input: { id } }) : withdraw({ input: { id, reason } })
      }
      onClose={onClose}
    >
      {as === "approve" && <p>{t("approveNote", facts)}</p>}
    </ActDialog>
  );
}
