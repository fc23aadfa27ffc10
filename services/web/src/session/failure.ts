import { useTranslation } from "react-i18next";
import type { Failure } from "@/graph/failure";

/** A failure as a sentence: the server's own where it has one, else ours for the code. */
export function useFailureText(): (failure: Failure) => string {
  const { t } = useTranslation("session");
  return failure => failure.message ?? t(`failure.${failure.code}`);
}
