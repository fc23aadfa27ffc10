//! Opening an account with the code of an invitation.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Failure, isFailure } from "@/graph/failure";
import { useFailureText } from "@/session/failure";
import { send } from "@/session/http";
import { useSession } from "@/session/session";
import { rememberCompany } from "@/session/sign-in";
import { currentLanguage } from "@/words/words";

/** What an invitation and its bearer bring. */
export type Joining = { company: string; code: string; password: string };

/**
 * What a link of an invitation says, e.g. `#company=cuihu&code=…`. It stands behind the `#`, which
 * a browser tells no server.
 */
export function readInvitation(hash: string): { company: string; code: string } {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  return { company: said.get("company") ?? "", code: said.get("code") ?? "" };
}

/** A code as it was made, however it was copied: no blanks anywhere. */
export function tidyCode(typed: string): string {
  return typed.replace(/\s/g, "");
}

const SAID = {
  UNAUTHENTICATED: "codeWrong",
  INVALID: "passwordBad",
  CONFLICT: "phoneTaken",
} as const;

/** Opens the account, signs in and goes on, or says what is wrong. */
export function useJoin(onJoined: () => void) {
  const { t } = useTranslation("entry");
  const { t: session } = useTranslation("session");
  const failureText = useFailureText();
  const { begin } = useSession();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);

  const submit = async (joining: Joining) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await send("POST", "/auth/sign-up", currentLanguage(), joining);
      rememberCompany(joining.company);
      onJoined();
      begin();
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };

  const said = ({ code, retryAfterSeconds }: Failure) => {
    if (code === "RATE_LIMITED") return session("locked", { seconds: retryAfterSeconds ?? 60 });
    const key = SAID[code as keyof typeof SAID];
    return key ? t(key) : failureText({ code });
  };
  return { submit, busy, message: failure && said(failure) };
}
