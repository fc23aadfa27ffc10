//! Questions to the graph.

import { type AnyVariables, createRequest } from "@urql/core";
import { type UseQueryArgs, type UseQueryResponse, useQuery as useUrqlQuery } from "urql";

/**
 * As urql's, without the answer to the question before. urql keeps that until the next one comes:
 * a screen would show last month's figures, or another household, under the new name.
 */
export function useQuery<Data, Variables extends AnyVariables>(
  args: UseQueryArgs<Variables, Data>,
): UseQueryResponse<Data, Variables> {
  const [state, ask] = useUrqlQuery<Data, Variables>(args);
  const { key } = createRequest<Data, Variables>(args.query, args.variables as Variables);
  if (!state.operation || state.operation.key === key) return [state, ask];
  const { data: _data, error: _error, ...rest } = state;
  return [{ ...rest, fetching: !args.pause }, ask];
}
