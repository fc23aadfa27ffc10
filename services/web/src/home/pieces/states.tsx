import type { CombinedError } from "@urql/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { type Failure, failureOf } from "@/graph/failure";
import { useFailureText } from "@/session/failure";
import css from "./pieces.module.css";

/** While it is not known what there is to show. */
export function Loading() {
  const { t } = useTranslation("session");
  return (
    <div className={css.state} role="status" aria-busy>
      <span className={css.spinner} />
      {t("loading")}
    </div>
  );
}

/** What cannot be shown, why, and the way on. */
export function Failed({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const { t } = useTranslation("session");
  const text = useFailureText();
  return (
    <div className={css.state} role="alert">
      <p>{text(failure)}</p>
      {retry && (
        <button type="button" className={`${css.button} ${css.second}`} onClick={retry}>
          {t("retry")}
        </button>
      )}
    </div>
  );
}

type Asked<Data> = [
  { data?: Data | undefined; error?: CombinedError | undefined; fetching: boolean },
  (options?: { requestPolicy: "network-only" }) => void,
];

type Props<Data, Found> = {
  /** What `useQuery` returns. */
  of: Asked<Data>;
  /** What the screen needs of the answer. */
  pick: (data: Data) => Found | null | undefined;
  children: (found: Found) => ReactNode;
};

/** An answer of the graph: on its way, failed, or there. */
export function Answer<Data, Found>({ of, pick, children }: Props<Data, Found>) {
  const [{ data, error, fetching }, ask] = of;
  // An answer that failed as a whole has no data, which is then null.
  const found = data ? pick(data) : undefined;
  if (found !== null && found !== undefined) return children(found);
  const failure = failureOf(error);
  if (failure) {
    return <Failed failure={failure} retry={() => ask({ requestPolicy: "network-only" })} />;
  }
  return fetching || !data ? <Loading /> : <Failed failure={{ code: "NOT_FOUND" }} />;
}
