import { billingScreens } from "@/billing/screens";
import { identityScreens } from "@/identity/screens";
import { residentsScreens } from "@/residents/screens";
import type { Screen } from "./screen";

/** Every screen, in the order of the navigation. */
export const SCREENS: Screen[] = [...residentsScreens, ...billingScreens, ...identityScreens];
