//! What a payment means to the one who paid.

import type { MyPaymentQuery, PaymentStatus } from "@/graph/generated";
import type { Language } from "@/words/language";

export type Payment = NonNullable<MyPaymentQuery["payment"]>;

/** What became of a payment, as far as a payer cares. */
export type Outcome = "waiting" | "failed" | "settled";

const OUTCOMES: Record<PaymentStatus, Outcome> = {
  CREATED: "waiting",
  PENDING: "waiting",
  UNKNOWN: "waiting",
  FAILED: "failed",
  SUCCEEDED: "settled",
  PARTLY_REFUNDED: "settled",
  REFUNDED: "settled",
};

/** What became of it. */
export function outcomeOf(status: PaymentStatus): Outcome {
  return OUTCOMES[status];
}

/** How long to wait before asking again, in ms: short while the payer looks on, then seldom. */
export function pauseAfter(asked: number): number {
  return asked < 30 ? 1_000 : 10_000;
}

/** One language of a receipt's line, which is kept in both, e.g. `账单 2026-12 / Bill 2026-12`. */
export function lineText(text: string, language: Language): string {
  const parts = text.split(" / ");
  const [zh, en] = parts;
  return parts.length === 2 && zh && en ? { zh, en }[language] : text;
}
