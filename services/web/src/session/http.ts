//! Signing in and out. The tokens live in HttpOnly cookies that no script can read; what a script
//! has is the CSRF token, which alone opens nothing.

import { readFailure } from "@/graph/failure";

/** What is sent with every request that changes something or reads with the session. */
export const CSRF_HEADER = "x-csrf-token";

const CSRF_COOKIE = "__Host-csrf";

/** The CSRF token of this browser's session, if there may be one. */
export function csrfToken(cookies: string = document.cookie): string | undefined {
  const pairs = cookies.split(";").map(pair => pair.trim());
  const value = pairs.find(pair => pair.startsWith(`${CSRF_COOKIE}=`));
  return value?.slice(CSRF_COOKIE.length + 1) || undefined;
}

/** The headers of a request to this origin: the CSRF token and the language of the texts. */
export function requestHeaders(language: string): Record<string, string> {
  const token = csrfToken();
  return { "accept-language": language, ...(token ? { [CSRF_HEADER]: token } : {}) };
}

/** What somebody types to sign in. */
export type Credentials = { company: string; login: string; password: string };

/** Signs in. Throws a `Failure`. */
export async function signIn(credentials: Credentials, language: string): Promise<void> {
  await send("POST", "/auth/session", language, credentials);
}

/** Signs out, here and on the server. Throws a `Failure`. */
export async function signOut(language: string): Promise<void> {
  await send("DELETE", "/auth/session", language);
}

let renewing: Promise<boolean> | undefined;

/** Renews the session; requests at the same time share one renewal. `false`: sign in again. */
export function renew(language: string): Promise<boolean> {
  renewing ??= send("POST", "/auth/session/refresh", language)
    .then(() => true)
    .catch(() => false)
    .finally(() => {
      renewing = undefined;
    });
  return renewing;
}

/** Sends JSON to one of the services' own routes. Throws a `Failure`. */
export async function send(
  method: "POST" | "DELETE",
  path: string,
  language: string,
  body?: unknown,
): Promise<unknown> {
  const headers = requestHeaders(language);
  const response = await fetch(path, {
    method,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  }).catch(() => undefined);
  if (!response?.ok) throw await readFailure(response);
  return response.status === 204 ? undefined : response.json();
}
