import type { Filters } from "@/address/filters";
import type { AuditLogQueryVariables } from "@/graph/generated";

type Names = "action" | "object" | "estate" | "from" | "to";

/** The filter of the graph for the filters of the address; whole days of this browser's clock. */
export function auditFilter(filters: Filters<Names>): AuditLogQueryVariables["filter"] {
  const { action, object, estate, from, to } = filters;
  return {
    action,
    object,
    estateId: estate,
    from: from && midnight(from, 0),
    before: to && midnight(to, 1),
  };
}

/** The beginning of a day, or of one so many days later, as an instant. */
function midnight(day: string, later: number): string {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}
