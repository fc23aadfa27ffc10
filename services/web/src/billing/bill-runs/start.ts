import { App } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useEstate } from "@/console/rights";
import { useAct, useIdempotencyKey } from "@/graph/act";
import { StartBillRunDocument } from "@/graph/generated";

/** Starts the run of a month and goes to its progress. */
export function useStartRun(): (startMonth: string) => Promise<void> {
  const { t } = useTranslation("billRuns");
  const { id: estateId, code } = useEstate();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const start = useAct(StartBillRunDocument);
  const { key, renew } = useIdempotencyKey();
  return async startMonth => {
    const { startBillRun } = await start({
      input: { estateId, startMonth, idempotencyKey: key() },
    });
    renew();
    message.success(t("started"));
    navigate(`/e/${code}/bill-runs/${startBillRun.billRun.id}`);
  };
}
