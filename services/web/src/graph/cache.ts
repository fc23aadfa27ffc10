//! The normalised cache: what has an id is kept once, whoever asked for it.

import type { Exchange } from "@urql/core";
import { type Cache, cacheExchange } from "@urql/exchange-graphcache";
import { KEYLESS, MUTATIONS } from "./shape";

/** What acts leave alone: who is asking. */
const LASTING = new Set(["viewer"]);

/**
 * A cache that forgets the answers of every query after a mutation and keeps the entities. Screens
 * that are open ask again at once; a payment changes balances, bills, statements and rates, and a
 * list of what changes what would be wrong one day.
 */
export function cache(): Exchange {
  const keys = Object.fromEntries(KEYLESS.map(type => [type, () => null]));
  const after = (_result: unknown, _args: unknown, store: Cache) => forgetAnswers(store);
  const updates = Object.fromEntries(MUTATIONS.map(name => [name, after]));
  return cacheExchange({ keys, updates: { Mutation: updates } });
}

function forgetAnswers(store: Cache) {
  for (const { fieldName, fieldKey } of store.inspectFields("Query")) {
    if (!LASTING.has(fieldName)) store.invalidate("Query", fieldKey);
  }
}
