//! Paying on the provider's page.

import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useAct } from "@/graph/act";
import { type Failure, isFailure } from "@/graph/failure";
import { PayBillsDocument } from "@/graph/generated";
import { useLanguage } from "@/words/words";

/** Opens the provider's page for bills of one account and goes there. */
export function usePay() {
  const act = useAct(PayBillsDocument);
  const navigate = useNavigate();
  const english = useLanguage() === "en";
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const tried = useRef({ what: "", key: "" });

  // The browser's back button may bring this page back as it was left.
  useEffect(() => {
    const awake = () => setBusy(false);
    addEventListener("pageshow", awake);
    return () => removeEventListener("pageshow", awake);
  }, []);

  const pay = async (billIds: string[]) => {
    setBusy(true);
    setFailure(undefined);
    const input = { billIds, english, returnUrl: `${location.origin}/home/paid` };
    // Another try of the same is the same payment; anything else is a new one.
    const what = JSON.stringify(input);
    if (tried.current.what !== what) tried.current = { what, key: crypto.randomUUID() };
    try {
      const { payBills } = await act({ input: { ...input, idempotencyKey: tried.current.key } });
      tried.current = { what: "", key: "" };
      const { id, checkoutUrl } = payBills.payment;
      if (checkoutUrl) location.assign(checkoutUrl);
      else navigate(`/payments/${id}`);
    } catch (thrown) {
      if (!isFailure(thrown)) throw thrown;
      setFailure(thrown);
      setBusy(false);
    }
  };
  return { pay, busy, failure };
}
