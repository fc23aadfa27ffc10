import { instant } from "@/figures/dates";
import { type Money, money, sign } from "@/figures/money";
import { useLanguage } from "@/words/words";
import { useTimeZone } from "../rights";
import css from "./figures.module.css";

type Emphasis = "debt" | "strong" | "none";

/** An amount of money. As a debt it is red while it is more than 0. */
export function Amount({ of, as = "none" }: { of: Money; as?: Emphasis }) {
  const language = useLanguage();
  const owed = as === "debt" && sign(of) > 0;
  const look = owed ? css.debt : as === "strong" ? css.strong : undefined;
  return <span className={`figure ${look ?? ""}`}>{money(of, language)}</span>;
}

/** An instant on the clock of the estate. */
export function Instant({ at }: { at: string | null | undefined }) {
  const zone = useTimeZone();
  if (!at) return <>–</>;
  return (
    <time dateTime={at} className="figure">
      {instant(at, zone)}
    </time>
  );
}
