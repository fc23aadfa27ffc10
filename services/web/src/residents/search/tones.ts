import type { Tone } from "@/console/pieces/Status";
import type { UnitState } from "@/graph/generated";

/** The colour of a unit's state, the same on every screen. */
export const UNIT_STATE_TONES: Record<UnitState, Tone> = {
  IN_USE: "good",
  VACANT: "quiet",
  RENOVATING: "wait",
  UNSOLD: "info",
};
