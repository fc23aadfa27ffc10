//! The one client of the graph: normalised cache, session, transport.

import { Client, fetchExchange, mapExchange } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { renew, requestHeaders } from "@/session/http";
import { cache } from "./cache";
import { failureOf } from "./failure";

type Options = {
  /** Read at every request: texts of the server come in the language of the page. */
  language: () => string;
  /** The session is over and cannot be renewed. */
  onSignedOut: () => void;
};

/** Makes a client with an empty cache. Every signed-in person gets one of their own. */
export function makeClient({ language, onSignedOut }: Options): Client {
  return new Client({
    url: "/graphql",
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    exchanges: [
      cache(),
      mapExchange({
        onError(error) {
          if (failureOf(error)?.code === "UNAUTHENTICATED") onSignedOut();
        },
      }),
      authExchange(async auth => ({
        addAuthToOperation: operation => auth.appendHeaders(operation, requestHeaders(language())),
        didAuthError: error => failureOf(error)?.code === "UNAUTHENTICATED",
        async refreshAuth() {
          await renew(language());
        },
      })),
      fetchExchange,
    ],
  });
}
