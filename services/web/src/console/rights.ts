//! Where the person works now and what they may do there. Screens show and hide by it; every
//! service decides by itself.

import { createContext, use } from "react";
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

/** The time zone of the estate, or on the company's screens that of its first estate. */
export function useTimeZone(): string {
  const { estates } = useViewer();
  const estate = use(EstateContext) ?? estates[0]?.estate;
  return estate?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}
