import type { CombinedError } from "@urql/core";
import type { ReactNode } from "react";
import { failureOf } from "@/graph/failure";
import { Failed, Loading } from "./states";

type Props<Data, Found> = {
  /** What `useQuery` returns. */
  of: [
    { data?: Data | undefined; error?: CombinedError | undefined; fetching: boolean },
    (options?: { requestPolicy: "network-only" }) => void,
  ];
  /** What the screen needs of the answer; nothing there is an error of its own. */
  pick: (data: Data) => Found | null | undefined;
  rows?: number;
  children: (found: Found) => ReactNode;
};

/** Shows an answer of the graph: while it is on its way, when it failed, and when it is there. */
export function Answer<Data, Found>({ of, pick, rows, children }: Props<Data, Found>) {
  const [{ data, error, fetching }, ask] = of;
  // An answer that failed as a whole has no data, which is then null.
  const found = data ? pick(data) : undefined;
  if (found !== null && found !== undefined) return children(found);
  const failure = failureOf(error);
  if (failure)
    return <Failed failure={failure} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (fetching || !data) return <Loading rows={rows} />;
  return <Failed failure={{ code: "NOT_FOUND" }} />;
}
