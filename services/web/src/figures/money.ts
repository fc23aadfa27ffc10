//! Money comes as text and stays text or whole minor units: a float never holds it.

import { type Language, TAGS } from "@/words/language";

export type Money = { amount: string; currency: string };

const FORMATS = new Map<string, Intl.NumberFormat>();

function format(language: Language, currency: string): Intl.NumberFormat {
  const key = `${language}${currency}`;
  const known = FORMATS.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(TAGS[language], {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
  });
  FORMATS.set(key, made);
  return made;
}

/** How many minor units a major unit has, as a power of ten, e.g. 2 for CNY. */
export function minorDigits(currency: string): number {
  return format("en", currency).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The amount for people, e.g. `¥1,234.50`; a debit has a real minus. */
export function money({ amount, currency }: Money, language: Language): string {
  const text = format(language, currency).format(amount as Intl.StringNumericLiteral);
  return text.replace("-", "−");
}

/** Whole minor units, e.g. `27862n` of `278.62`. Throws on what is not an amount. */
export function toMinor({ amount, currency }: Money): bigint {
  const digits = minorDigits(currency);
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  const fraction = (match?.[3] ?? "").padEnd(digits, "0");
  if (!match || fraction.length > digits) throw new RangeError(`not an amount: ${amount}`);
  const units = BigInt(`${match[2]}${fraction}`);
  return match[1] ? -units : units;
}

/** Back from whole minor units. */
export function fromMinor(units: bigint, currency: string): Money {
  const digits = minorDigits(currency);
  const sign = units < 0n ? "-" : "";
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, "0");
  const cut = text.length - digits;
  const fraction = digits > 0 ? `.${text.slice(cut)}` : "";
  return { amount: `${sign}${text.slice(0, cut)}${fraction}`, currency };
}

/** The sum of amounts in one currency. */
export function sum(amounts: readonly Money[], currency: string): Money {
  const units = amounts.reduce((all, amount) => all + toMinor(amount), 0n);
  return fromMinor(units, currency);
}

/** What somebody typed as an amount, e.g. `1,234.5`; `undefined` when it is none. */
export function parseAmount(typed: string, currency: string): string | undefined {
  const plain = typed.replace(/[,,\s¥¥]/g, "").replace("。", ".");
  try {
    return fromMinor(toMinor({ amount: plain, currency }), currency).amount;
  } catch {
    return undefined;
  }
}

/** Whether the amount is 0, less or more. */
export function sign(amount: Money): -1 | 0 | 1 {
  const units = toMinor(amount);
  if (units === 0n) return 0;
  return units < 0n ? -1 : 1;
}
