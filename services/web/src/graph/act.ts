import type { AnyVariables, DocumentInput } from "@urql/core";
import { useRef } from "react";
import { useMutation } from "urql";
import { failureOf } from "./failure";

/** A mutation as a function that returns its data or throws a `Failure`. */
export function useAct<Data, Variables extends AnyVariables>(
  document: DocumentInput<Data, Variables>,
): (variables: Variables) => Promise<Data> {
  const [, run] = useMutation(document);
  return async variables => {
    const { data, error } = await run(variables);
    const failure = failureOf(error);
    if (failure) throw failure;
    if (!data) throw { code: "INTERNAL" };
    return data;
  };
}

/**
 * The idempotency key of what a form is about to do: the same for every try, another one after
 * `renew`, when the form does the next thing.
 */
export function useIdempotencyKey(): { key: () => string; renew: () => void } {
  const kept = useRef<string>(undefined);
  return {
    key: () => {
      kept.current ??= crypto.randomUUID();
      return kept.current;
    },
    renew: () => {
      kept.current = undefined;
    },
  };
}
