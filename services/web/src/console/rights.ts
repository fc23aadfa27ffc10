//! Where the person works now and what they may do there. Screens show and hide by it; every
//! service decides by itself.

import { createContext, use } from "react";
import { kept } from "@/kept";
import { useViewer, type Viewer } from "@/session/session";

export type Estate = Viewer["estates"][number]["estate"];

/** The estate of the address; missing on the company's own screens. */
export const EstateContext = createContext<Estate | undefined>(undefined);

/** The estate that the screen is about. */
export function useEstate(): Estate {
  const estate = use(EstateContext);
  if (!estate) throw new Error("not a screen of an estate");
  return estate;
}

/** The estate of the address, or on the company's screens the one worked in last, or the first. */
export function useCurrentEstate(): Estate | undefined {
  const { estates } = useViewer();
  const here = use(EstateContext);
  const last = kept("estate");
  const found = estates.find(({ estate }) => estate.code === last) ?? estates[0];
  return here ?? found?.estate;
}

/** Says whether the person has a permission in the estate of the screen, or in the company. */
export function useRights(): (permission: string) => boolean {
  const viewer = useViewer();
  const estate = use(EstateContext);
  const held = rightsIn(viewer, estate);
  return permission => held.includes(permission);
}

/** The permissions in an estate, or in the company. */
export function rightsIn(viewer: Viewer, estate: Estate | undefined): readonly string[] {
  if (!estate) return viewer.permissions;
  return viewer.estates.find(seen => seen.estate.id === estate.id)?.permissions ?? [];
}

/** The time zone of the estate, or on the company's screens that of the one worked in last. */
export function useTimeZone(): string {
  return useCurrentEstate()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
