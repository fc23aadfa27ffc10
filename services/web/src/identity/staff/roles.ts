import { useMemo } from "react";
import { RolesDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useViewer } from "@/session/session";
import { useLanguage } from "@/words/words";

/** The roles there are, as far as the person may read them. */
export function useRoles() {
  const { permissions } = useViewer();
  const [{ data }] = useQuery({
    query: RolesDocument,
    pause: !permissions.includes("role.read"),
    requestPolicy: "cache-first",
  });
  return data?.roles ?? [];
}

/** The name of a role by its code; the code itself to who may not read roles. */
export function useRoleNames(): (code: string) => string {
  const roles = useRoles();
  const zh = useLanguage() === "zh";
  const names = useMemo(
    () => new Map(roles.map(role => [role.code, zh ? role.nameZh : role.nameEn])),
    [roles, zh],
  );
  return code => names.get(code) ?? code;
}
