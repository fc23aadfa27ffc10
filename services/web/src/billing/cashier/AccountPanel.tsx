import { FileTextOutlined, PayCircleOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Amount } from "@/console/pieces/figures";
import { Panel } from "@/console/pieces/Page";
import { Status } from "@/console/pieces/Status";
import { Nothing } from "@/console/pieces/states";
import { useEstate, useRights } from "@/console/rights";
import { sign } from "@/figures/money";
import type { AccountSummaryFragment } from "@/graph/generated";
import css from "./AccountPanel.module.css";
import { TakePayment } from "./TakePayment";

type Props = { accounts: AccountSummaryFragment[] };

/** Who pays for a unit, what they owe, and the way to take it. */
export function AccountPanel({ accounts }: Props) {
  const { t } = useTranslation("household");
  const [paying, setPaying] = useState<string>();
  const may = useRights();
  const ordered = [...accounts].sort((a, b) => sign(b.balance) - sign(a.balance));
  const first = may("payment.take") ? ordered[0]?.id : undefined;
  useKey("p", () => first && !paying && setPaying(first));
  return (
    <>
      <Panel title={t("accounts")} flush>
        {ordered.length === 0 ? (
          <Nothing text={t("noAccounts")} />
        ) : (
          ordered.map(account => (
            <Account
              key={account.id}
              account={account}
              primary={account.id === first}
              onTake={() => setPaying(account.id)}
            />
          ))
        )}
      </Panel>
      {paying && <TakePayment accountId={paying} onClose={() => setPaying(undefined)} />}
    </>
  );
}

type AccountProps = { account: AccountSummaryFragment; primary: boolean; onTake: () => void };

function Account({ account, primary, onTake }: AccountProps) {
  const { t } = useTranslation("household");
  const { t: cashier } = useTranslation("cashier");
  const { code } = useEstate();
  const may = useRights();
  const ahead = sign(account.balance) < 0;
  return (
    <div className={css.account}>
      <div className={css.who}>
        <span className={css.name}>{account.name}</span>
        <Status>{t(`cycles.${account.terms.cycle}`)}</Status>
      </div>
      <dl className={css.figures}>
        <div>
          <dt>{ahead ? t("paidAhead") : t("owed")}</dt>
          <dd>
            <Amount of={ahead ? positive(account.balance) : account.balance} as="debt" />
          </dd>
        </div>
        <div>
          <dt>{t("prepayment")}</dt>
          <dd>
            <Amount of={account.prepayment} />
          </dd>
        </div>
      </dl>
      <div className={css.acts}>
        <Link to={`/e/${code}/accounts/${account.id}/statement`}>
          <Button icon={<FileTextOutlined />} tabIndex={-1}>
            {cashier("statement")}
          </Button>
        </Link>
        {may("payment.take") && (
          <Button
            type={primary ? "primary" : "default"}
            icon={<PayCircleOutlined />}
            onClick={onTake}
          >
            {cashier("take")}
            {primary && <kbd className={css.key}>P</kbd>}
          </Button>
        )}
      </div>
    </div>
  );
}

function positive(balance: AccountSummaryFragment["balance"]) {
  return { ...balance, amount: balance.amount.replace("-", "") };
}

/** Does something on a single key, unless somebody is typing or a dialog is open. */
function useKey(key: string, act: () => void) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const busy = (event.target as Element).closest?.("input, textarea, select, [role=dialog]");
      if (event.key.toLowerCase() !== key || event.ctrlKey || event.metaKey || event.altKey) return;
      if (!busy) act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });
}
