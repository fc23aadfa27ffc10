//! A role of the company's own while it is edited.

import { parseAmount } from "@/figures/money";
import type { Reach, RolePermissionInput, RolesQuery } from "@/graph/generated";

export type Role = NonNullable<RolesQuery["roles"]>[number];

/** A right that may be given: how far it can reach, and whether amounts are limited anywhere. */
export type Right = { permission: string; reaches: Reach[]; limited: boolean };

/** The rights of a role by permission; an empty limit is none. */
export type Draft = Readonly<Record<string, { reach: Reach; limit: string }>>;

/** Limits are in yuan, whatever an estate's currency is. */
const CURRENCY = "CNY";

/** What a role may be made of: everything that the grantable templates are made of. */
export function rightsOf(roles: readonly Role[]): Right[] {
  const found = new Map<string, Right>();
  for (const { permission, reach, limit } of roles.flatMap(templateRights)) {
    const right = found.get(permission) ?? { permission, reaches: ["ALL"], limited: false };
    found.set(permission, {
      permission,
      reaches: right.reaches.includes(reach) ? right.reaches : [...right.reaches, reach],
      limited: right.limited || limit !== null,
    });
  }
  return [...found.values()];
}

function templateRights({ template, grantable, permissions }: Role) {
  return template && grantable ? permissions : [];
}

/** The rights that a role has now. */
export function draftOf(role: Role): Draft {
  const rights = role.permissions.map(({ permission, reach, limit }) => [
    permission,
    { reach, limit: limit?.amount ?? "" },
  ]);
  return Object.fromEntries(rights);
}

/** Gives a right, changes it, or takes it away. */
export function withRight(draft: Draft, permission: string, right: Draft[string] | undefined) {
  const { [permission]: _, ...others } = draft;
  return right ? { ...others, [permission]: right } : others;
}

/** Whether every limit that is set is an amount. */
export function limitsAreAmounts(draft: Draft): boolean {
  return Object.values(draft).every(
    ({ limit }) => limit.trim() === "" || parseAmount(limit, CURRENCY) !== undefined,
  );
}

/** The rights as the graph takes them. */
export function permissionsInput(draft: Draft): RolePermissionInput[] {
  return Object.entries(draft).map(([permission, { reach, limit }]) => ({
    permission,
    reach,
    limit: parseAmount(limit, CURRENCY) ?? null,
  }));
}
