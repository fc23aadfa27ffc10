import { instant } from "@/figures/dates";
import { type Money, money } from "@/figures/money";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";

/** An amount of money. */
export function Amount({ of }: { of: Money }) {
  return <span className="figure">{money(of, useLanguage())}</span>;
}

/** An instant on the clock of an estate. */
export function Instant({ at, estateId }: { at: string; estateId: string }) {
  const { estates } = useViewer();
  const estate = estates.find(seen => seen.estate.id === estateId)?.estate;
  return (
    <time dateTime={at} className="figure">
      {instant(at, estate?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone)}
    </time>
  );
}
