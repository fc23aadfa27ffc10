import { useEffect } from "react";

/** How often something that is under way is asked for, in milliseconds. */
const EVERY = 1000;

/** Asks again and again while something is under way. */
export function usePoll(
  isUnderWay: boolean,
  ask: (options: { requestPolicy: "network-only" }) => void,
): void {
  useEffect(() => {
    if (!isUnderWay) return;
    const timer = setInterval(() => ask({ requestPolicy: "network-only" }), EVERY);
    return () => clearInterval(timer);
  }, [isUnderWay, ask]);
}
