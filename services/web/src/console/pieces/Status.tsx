import type { ReactNode } from "react";
import css from "./Status.module.css";

/** What a state means for whoever looks: done, waiting for somebody, wrong, under way, over. */
export type Tone = "good" | "wait" | "bad" | "info" | "quiet";

/** A state in a word, in a colour that has enough contrast. */
export function Status({ tone = "quiet", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${css.status} ${css[tone]}`}>{children}</span>;
}
