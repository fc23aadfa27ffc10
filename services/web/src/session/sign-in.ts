//! The sign-in form's behaviour, without a look: each entry draws its own.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Failure, isFailure } from "@/graph/failure";
import { keep, kept } from "@/kept";
import { currentLanguage } from "@/words/words";
import { useFailureText } from "./failure";
import { type Credentials, signIn } from "./http";
import { useSession } from "./session";

/** The company code of the last sign-in in this browser. */
export function rememberedCompany(): string {
  return kept("company") ?? "";
}

/** Keeps the company code for the next sign-in in this browser. */
export function rememberCompany(company: string) {
  keep("company", company);
}

/** Signs in, says what is wrong, and counts down while the account is locked. */
export function useSignIn() {
  const { t } = useTranslation("session");
  const failureText = useFailureText();
  const { begin, isOver } = useSession();
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useState(0);

  useEffect(() => {
    if (wait <= 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const submit = async (credentials: Credentials) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await signIn(credentials, currentLanguage());
      rememberCompany(credentials.company);
      begin();
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      setWait(thrown.retryAfterSeconds ?? 0);
      setFailure(thrown);
    } finally {
      setBusy(false);
    }
  };

  const locked = wait > 0;
  const said = () => {
    if (locked) return t("locked", { seconds: wait });
    if (failure?.code === "RATE_LIMITED") return undefined;
    if (failure?.code === "UNAUTHENTICATED") return t("wrong");
    if (failure) return failureText(failure);
    return isOver ? t("over") : undefined;
  };
  return { submit, busy, locked, message: said(), isWrong: failure !== undefined };
}
