import { useTranslation } from "react-i18next";
import { useSession, useViewer } from "@/session/session";

/** Who is signed in. */
export function Welcome() {
  const { t } = useTranslation("session");
  const { end } = useSession();
  const viewer = useViewer();
  return (
    <main className="page">
      <h1>{viewer.name ?? viewer.login}</h1>
      <p>{viewer.company?.name}</p>
      <button type="button" onClick={end}>
        {t("signOut")}
      </button>
    </main>
  );
}
