import { useTranslation } from "react-i18next";
import { money } from "@/figures/money";
import { useFailureText } from "@/session/failure";
import { useLanguage } from "@/words/words";
import pieces from "../pieces/pieces.module.css";
import { type Bill, totals } from "./owed";
import { usePay } from "./pay";

/** Pays open bills of one account. */
export function PayButton({ bills }: { bills: Bill[] }) {
  const { t } = useTranslation("owed");
  const text = useFailureText();
  const language = useLanguage();
  const { pay, busy, failure } = usePay();
  const [total] = totals(bills);
  if (!total) return null;
  return (
    <>
      <button
        type="button"
        className={pieces.button}
        disabled={busy}
        onClick={() => pay(bills.map(({ id }) => id))}
      >
        {busy ? t("opening") : t("pay", { amount: money(total, language) })}
      </button>
      {failure && <p role="alert">{text(failure)}</p>}
    </>
  );
}
