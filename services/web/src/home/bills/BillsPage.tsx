import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { MyAccountsDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { type Account, placeOf } from "../owed/owed";
import { HistoryTabs } from "../payments/HistoryTabs";
import { Amount } from "../pieces/figures";
import { Icon } from "../pieces/icons";
import { months } from "../pieces/months";
import { Page } from "../pieces/Page";
import pieces from "../pieces/pieces.module.css";
import { Answer } from "../pieces/states";
import { BillStatusTag } from "./BillStatusTag";
import css from "./bills.module.css";

/** Every bill there was, by home. */
export function BillsPage() {
  const { t } = useTranslation("myBills");
  const answer = useQuery({ query: MyAccountsDocument });
  return (
    <Page title={t("all")}>
      <HistoryTabs />
      <Answer of={answer} pick={data => data.myAccounts}>
        {accounts => <Bills accounts={accounts.filter(({ bills }) => bills.nodes.length > 0)} />}
      </Answer>
    </Page>
  );
}

function Bills({ accounts }: { accounts: Account[] }) {
  const { t } = useTranslation("myBills");
  const language = useLanguage();
  if (accounts.length === 0) return <p className={pieces.state}>{t("none")}</p>;
  return (
    <div className={css.stack}>
      {accounts.map(account => (
        <section key={account.id} className={pieces.card}>
          <h2>{placeOf(account)}</h2>
          <ul className={pieces.rows}>
            {account.bills.nodes.map(bill => (
              <li key={bill.id}>
                <Link to={`/bills/${bill.id}`} className={pieces.row}>
                  <span className={pieces.rowText}>
                    {months(bill.firstMonth, bill.lastMonth, language)}
                  </span>
                  <span className={pieces.rowEnd}>
                    <Amount of={bill.total} />
                    <BillStatusTag status={bill.status} />
                  </span>
                  <Icon of="forward" size={20} />
                </Link>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
