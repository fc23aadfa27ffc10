import { useLocation, useNavigate, useSearchParams } from "react-router";

/** Where in a list the address is. */
export type Paging = {
  /** The cursor to ask after. */
  after: string | undefined;
  next: (cursor: string) => void;
  /** Back one page; missing on the first. */
  previous: (() => void) | undefined;
};

/** Pages by the address: forward is a place of its own, back is the browser's. */
export function usePaging(): Paging {
  const [search] = useSearchParams();
  const { state, pathname } = useLocation();
  const navigate = useNavigate();
  const after = search.get("after") ?? undefined;
  const depth = (state as { depth?: number } | null)?.depth ?? 0;
  const to = (cursor: string | undefined) => {
    const next = new URLSearchParams(search);
    if (cursor) next.set("after", cursor);
    else next.delete("after");
    return { pathname, search: next.toString() };
  };
  const back = () => (depth > 0 ? navigate(-1) : navigate(to(undefined), { replace: true }));
  return {
    after,
    next: cursor => navigate(to(cursor), { state: { depth: depth + 1 } }),
    previous: after ? back : undefined,
  };
}
