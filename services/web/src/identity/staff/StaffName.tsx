import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "urql";
import { useViewer } from "@/session/session";
import { namesOf } from "./names";

type Known = { id: string; name: string | undefined };

/** A member of staff by name; on paper a line to sign on where the name is not ours to know. */
export function StaffName({ id }: { id: string | null | undefined }) {
  const { t } = useTranslation("shell");
  const viewer = useViewer();
  const client = useClient();
  const [known, know] = useState<Known>();
  const other = id && id !== viewer.id ? id : undefined;
  useEffect(() => {
    let gone = false;
    if (other)
      namesOf(client)
        .of(other)
        .then(name => gone || know({ id: other, name }));
    return () => {
      gone = true;
    };
  }, [client, other]);
  if (!id) return <>–</>;
  if (!other) return <>{viewer.name ?? t("you")}</>;
  // Nothing before the answer: a word that is replaced at once would flicker.
  if (known?.id !== other) return null;
  if (known.name) return <>{known.name}</>;
  return (
    <>
      <span className="no-print">{t("unknownPerson")}</span>
      <span className="print-only">________</span>
    </>
  );
}
