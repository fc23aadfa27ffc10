//! What went wrong, as a screen needs it: one shape for GraphQL, for the routes beside it and for
//! a network that is away.

import type { CombinedError } from "@urql/core";

/** The catalogue of `libs/errors`, and what only a client sees. */
export const CODES = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "INVALID",
  "CONFLICT",
  "IDEMPOTENCY_MISMATCH",
  "PROJECTION_BEHIND",
  "RATE_LIMITED",
  "SUSPENDED",
  "UNAVAILABLE",
  "INTERNAL",
  "OFFLINE",
] as const;

export type Code = (typeof CODES)[number];

export type Failure = {
  code: Code;
  /** The server's own sentence, where it has one for people. */
  message?: string;
  /** The input to blame, in the spelling of the GraphQL input. */
  field?: string;
  /** When a repeat may succeed. */
  retryAfterSeconds?: number;
};

type Extensions = Record<string, unknown> | undefined;

function isCode(code: unknown): code is Code {
  return CODES.includes(code as Code);
}

function from(message: unknown, extensions: Extensions): Failure {
  const code = isCode(extensions?.code) ? extensions.code : "INTERNAL";
  const speaks = code === "INVALID" || code === "CONFLICT" || code === "FORBIDDEN";
  const field = extensions?.field;
  const wait = extensions?.retryAfterSeconds;
  return {
    code,
    message: speaks && typeof message === "string" ? message : undefined,
    field: typeof field === "string" ? field : undefined,
    retryAfterSeconds: typeof wait === "number" ? wait : undefined,
  };
}

/** The first thing that went wrong in an answer of the graph. */
export function failureOf(error: CombinedError | undefined): Failure | undefined {
  if (!error) return undefined;
  if (error.networkError) return { code: "OFFLINE" };
  const first = error.graphQLErrors[0];
  return first ? from(first.message, first.extensions) : { code: "INTERNAL" };
}

/** What a response that is not `ok` says; nothing at all means that nobody answered. */
export async function readFailure(response: Response | undefined): Promise<Failure> {
  if (!response) return { code: "OFFLINE" };
  const body: unknown = await response.json().catch(() => undefined);
  const said = (body as { error?: Record<string, unknown> } | undefined)?.error;
  if (!isCode(said?.code)) return { code: response.status >= 500 ? "UNAVAILABLE" : "INTERNAL" };
  return from(said.message, said);
}

/** Whether something thrown is a `Failure`. */
export function isFailure(thrown: unknown): thrown is Failure {
  return typeof thrown === "object" && thrown !== null && isCode((thrown as Failure).code);
}
