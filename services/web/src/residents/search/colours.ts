import type { UnitState } from "@/graph/generated";

/** The colour of a unit's state, the same on every screen. */
export const UNIT_STATE_COLOURS: Record<UnitState, string> = {
  IN_USE: "green",
  VACANT: "default",
  RENOVATING: "gold",
  UNSOLD: "blue",
};
