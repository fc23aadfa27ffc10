import type { Screen } from "./screen";

/** Every screen, in the order of the navigation. */
export const SCREENS: Screen[] = [];
