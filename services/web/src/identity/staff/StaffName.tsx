import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { StaffNamesDocument } from "@/graph/generated";
import { useViewer } from "@/session/session";

/** The names of the company's staff by id, as far as the person may know them. */
export function useStaffNames(): (id: string | null | undefined) => string {
  const { t } = useTranslation("shell");
  const viewer = useViewer();
  const [{ data }] = useQuery({
    query: StaffNamesDocument,
    // The list is the company's: a right in one estate does not open it.
    pause: !viewer.permissions.includes("staff.read"),
    requestPolicy: "cache-first",
  });
  const names = useMemo(
    () => new Map(data?.staff?.nodes.map(({ id, name }) => [id, name])),
    [data],
  );
  return id => {
    if (!id) return "–";
    if (id === viewer.id) return viewer.name ?? t("you");
    return names.get(id) ?? t("unknownPerson");
  };
}

/** A member of staff by name; on paper a line to sign on where the name is not ours to know. */
export function StaffName({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation("shell");
  const name = useStaffNames()(id);
  if (name !== t("unknownPerson")) return <>{name}</>;
  return (
    <>
      <span className="no-print">{name}</span>
      <span className="print-only">________</span>
    </>
  );
}
