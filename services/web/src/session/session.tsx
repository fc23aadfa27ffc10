//! Who is signed in, for everything below.

import { createContext, type ReactNode, use, useCallback, useMemo, useState } from "react";
import { Provider, useQuery } from "urql";
import { makeClient } from "@/graph/client";
import { type Failure, failureOf } from "@/graph/failure";
import { ViewerDocument, type ViewerQuery } from "@/graph/generated";
import { currentLanguage } from "@/words/words";
import { csrfToken, signOut } from "./http";

export type Viewer = NonNullable<ViewerQuery["viewer"]>;

type Session = {
  /** Begins anew after a sign-in, with nothing of the person before. */
  begin: () => void;
  /** Signs out. */
  end: () => Promise<void>;
  /** The session ended by itself, so sign-in has to say why it is asked for. */
  isOver: boolean;
};

const SessionContext = createContext<Session | undefined>(undefined);
const ViewerContext = createContext<Viewer | undefined>(undefined);

type Props = {
  /** What there is without a session. */
  signedOut: ReactNode;
  /** What there is while it is not known who asks. */
  loading: ReactNode;
  /** What there is when that cannot be found out. */
  failed: (failure: Failure, retry: () => void) => ReactNode;
  children: ReactNode;
};

/** Shows `children` to a signed-in person, with a client and a cache of their own. */
export function SessionProvider(props: Props) {
  const [state, setState] = useState({
    signedIn: csrfToken() !== undefined,
    isOver: false,
    turn: 0,
  });
  const leave = useCallback(
    (isOver: boolean) => setState(({ turn }) => ({ signedIn: false, isOver, turn: turn + 1 })),
    [],
  );
  const session = useMemo<Session>(
    () => ({
      begin: () => setState(({ turn }) => ({ signedIn: true, isOver: false, turn: turn + 1 })),
      end: async () => {
        await signOut(currentLanguage());
        leave(false);
      },
      isOver: state.isOver,
    }),
    [state.isOver, leave],
  );
  // A new turn is a new client: nothing that one person saw is there for the next.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the turn is the reason for a new one
  const client = useMemo(
    () => makeClient({ language: currentLanguage, onSignedOut: () => leave(true) }),
    [leave, state.turn],
  );
  return (
    <SessionContext value={session}>
      {state.signedIn ? (
        <Provider value={client}>
          <Recognised {...props} />
        </Provider>
      ) : (
        props.signedOut
      )}
    </SessionContext>
  );
}

function Recognised({ loading, failed, children }: Props) {
  const [{ data, error }, ask] = useQuery({ query: ViewerDocument });
  const failure = failureOf(error);
  if (data?.viewer) return <ViewerContext value={data.viewer}>{children}</ViewerContext>;
  if (failure && failure.code !== "UNAUTHENTICATED") {
    return failed(failure, () => ask({ requestPolicy: "network-only" }));
  }
  return loading;
}

/** The session. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("no SessionProvider above");
  return session;
}

/** The signed-in person. */
export function useViewer(): Viewer {
  const viewer = use(ViewerContext);
  if (!viewer) throw new Error("nobody is signed in here");
  return viewer;
}
