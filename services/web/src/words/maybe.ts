import { useTranslation } from "react-i18next";

/**
 * A word for a code that the server may add to; the code itself until we have one. Everything that
 * is known when we build has a typed key instead.
 */
export function useMaybe(): (key: string, code: string) => string {
  const { i18n } = useTranslation();
  return (key, code) => {
    const word = i18n.exists(key) ? (i18n.t as (key: string) => unknown)(key) : code;
    return typeof word === "string" ? word : code;
  };
}
