import { useTranslation } from "react-i18next";
import { MyAccountsDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { Amount } from "../pieces/figures";
import { Icon } from "../pieces/icons";
import { Page } from "../pieces/Page";
import pieces from "../pieces/pieces.module.css";
import { Answer } from "../pieces/states";
import { AccountCard } from "./AccountCard";
import { type Account, openBills, totals } from "./owed";
import css from "./owed.module.css";
import { Unfinished } from "./Unfinished";

/** What I owe, first and in one sum, then by home. */
export function OwedPage() {
  const { t } = useTranslation("owed");
  const answer = useQuery({ query: MyAccountsDocument });
  return (
    <Page title={t("title")}>
      <div className={css.stack}>
        <Answer of={answer} pick={data => data.myAccounts}>
          {accounts => <Owed accounts={accounts} />}
        </Answer>
      </div>
    </Page>
  );
}

function Owed({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation("owed");
  if (accounts.length === 0) return <p className={pieces.state}>{t("noAccount")}</p>;
  const bills = accounts.flatMap(openBills);
  return (
    <>
      {bills.length === 0 ? (
        <div className={css.none}>
          <Icon of="done" size={32} />
          <h2>{t("nothing")}</h2>
          <p>{t("nothingNote")}</p>
        </div>
      ) : (
        <div className={css.sum}>
          <span>{t("total")}</span>
          {totals(bills).map(total => (
            <span key={total.currency} className={css.total}>
              <Amount of={total} />
            </span>
          ))}
          <span>{t("bills", { count: bills.length })}</span>
        </div>
      )}
      <Unfinished />
      {accounts.map(account => (
        <AccountCard key={account.id} account={account} />
      ))}
    </>
  );
}
