import { useTranslation } from "react-i18next";
import type { Failure } from "@/graph/failure";
import { useFailureText } from "@/session/failure";

/** While it is not known what there is to show. */
export function Loading() {
  const { t } = useTranslation("session");
  return (
    <p className="state" role="status">
      {t("loading")}
    </p>
  );
}

/** What cannot be shown, why, and the way on. */
export function Failed({ failure, retry }: { failure: Failure; retry: () => void }) {
  const { t } = useTranslation("session");
  const text = useFailureText();
  return (
    <div className="state" role="alert">
      <p>{text(failure)}</p>
      <button type="button" onClick={retry}>
        {t("retry")}
      </button>
    </div>
  );
}
