import type { Filters } from "@/address/filters";
import { startOfDay } from "@/figures/dates";
import type { AuditLogQueryVariables } from "@/graph/generated";

type Names = "action" | "object" | "estate" | "from" | "to";

/** The filter of the graph for the filters of the address; whole days on the clock of `zone`. */
export function auditFilter(
  { action, object, estate, from, to }: Filters<Names>,
  zone: string,
): AuditLogQueryVariables["filter"] {
  return {
    action,
    object,
    estateId: estate,
    from: from && startOfDay(from, zone),
    before: to && startOfDay(to, zone, 1),
  };
}
