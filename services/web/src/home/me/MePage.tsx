import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Failure, isFailure } from "@/graph/failure";
import { MyPlacesDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useFailureText } from "@/session/failure";
import { useSession, useViewer } from "@/session/session";
import { Page } from "../pieces/Page";
import pieces from "../pieces/pieces.module.css";
import { Answer } from "../pieces/states";
import css from "./me.module.css";

const SECOND = `${pieces.button} ${pieces.second}`;

/** Who I am here, my homes, and the way out. */
export function MePage() {
  const { t } = useTranslation("me");
  const { t: entry } = useTranslation("session");
  const { name, login, company } = useViewer();
  return (
    <Page title={name ?? t("title")}>
      <div className={css.stack}>
        <Homes />
        <section className={`${pieces.card} ${css.part}`}>
          <h2>{t("account")}</h2>
          <dl className={pieces.facts}>
            <div>
              <dt>{entry("login")}</dt>
              <dd className="figure">{login}</dd>
            </div>
            <div>
              <dt>{t("company")}</dt>
              <dd>{company?.name}</dd>
            </div>
            <div>
              <dt>{entry("company")}</dt>
              <dd>{company?.code}</dd>
            </div>
          </dl>
        </section>
        <SignOut />
      </div>
    </Page>
  );
}

function Homes() {
  const { t } = useTranslation("me");
  const answer = useQuery({ query: MyPlacesDocument });
  return (
    <section className={`${pieces.card} ${css.part}`}>
      <h2>{t("homes")}</h2>
      <Answer of={answer} pick={data => data.myAccounts}>
        {accounts =>
          accounts.length === 0 ? (
            <p>{t("noHomes")}</p>
          ) : (
            <ul className={css.part}>
              {accounts.map(({ id, estate, unit }) => (
                <li key={id}>
                  {estate.name} {unit?.label}
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <Link to="/join" className={SECOND}>
        {t("joinMore")}
      </Link>
    </section>
  );
}

function SignOut() {
  const { t } = useTranslation("session");
  const text = useFailureText();
  const { end } = useSession();
  const [failure, setFailure] = useState<Failure>();
  const leave = () =>
    end().catch(thrown => {
      if (!isFailure(thrown)) throw thrown;
      setFailure(thrown);
    });
  return (
    <>
      <button type="button" className={SECOND} onClick={leave}>
        {t("signOut")}
      </button>
      {failure && <p role="alert">{text(failure)}</p>}
    </>
  );
}
