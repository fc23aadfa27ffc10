import type { ComponentType, ReactNode } from "react";

/** The groups of the navigation, in order. */
export const GROUPS = ["desk", "billing", "company"] as const;

/** A place in the console. Features list theirs in `screens.tsx`. */
export type Screen = {
  /** Below `/e/:estate/` for an estate's screens, below `/` for the company's. */
  path: string;
  of: "estate" | "company";
  /** The permission without which there is nothing to see. */
  needs: string;
  load: () => Promise<{ default: ComponentType }>;
  /** Its line in the navigation, if it has one. */
  entry?: { group: (typeof GROUPS)[number]; label: () => string; icon: ReactNode };
};
