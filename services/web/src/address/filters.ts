//! What a list shows stands in the address, so that it can be sent to a colleague and survives
//! the back button.

import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";

/** Filters of a list by name; what is not set is `undefined`. */
export type Filters<K extends string> = Partial<Record<K, string>>;

/** Reads the named filters of an address. */
export function readFilters<K extends string>(
  search: URLSearchParams,
  names: readonly K[],
): Filters<K> {
  const set = names.map(name => [name, search.get(name) || undefined] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined)) as Filters<K>;
}

/** The address with other filters. Changing one begins at the first page again. */
export function withFilters<K extends string>(
  search: URLSearchParams,
  changed: Filters<K>,
): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete("after");
  for (const [name, value] of Object.entries(changed) as [string, string | undefined][]) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  return next;
}

/** The filters of this page and how to change them. */
export function useFilters<K extends string>(
  names: readonly K[],
): [Filters<K>, (changed: Filters<K>) => void] {
  const [search, setSearch] = useSearchParams();
  const list = names.join(" ");
  const filters = useMemo(() => readFilters(search, list.split(" ") as K[]), [search, list]);
  const change = useCallback(
    (changed: Filters<K>) => setSearch(now => withFilters(now, changed), { replace: true }),
    [setSearch],
  );
  return [filters, change];
}
