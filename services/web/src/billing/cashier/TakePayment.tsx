import { App, Checkbox, Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { AmountInput } from "@/console/pieces/AmountInput";
import { Answer } from "@/console/pieces/Answer";
import { FormDialog } from "@/console/pieces/FormDialog";
import { Amount } from "@/console/pieces/figures";
import { useEstate } from "@/console/rights";
import { monthSpan } from "@/figures/dates";
import { fromMinor, money, parseAmount, sign, sum, toMinor } from "@/figures/money";
import { useAct, useIdempotencyKey } from "@/graph/act";
import {
  AccountDueDocument,
  type AccountDueQuery,
  type BillSummaryFragment,
  TakePaymentDocument,
  type Till,
} from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import css from "./TakePayment.module.css";

type Account = NonNullable<AccountDueQuery["billingAccount"]>;
type Values = { till: Till; bills: string[]; amount: string; channelReference?: string };

const TILLS: readonly Till[] = ["CASH", "CARD", "TRANSFER"];

/** Takes money at the counter, for bills or ahead. */
export function TakePayment({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const answer = useQuery({
    query: AccountDueDocument,
    variables: { accountId },
    requestPolicy: "network-only",
  });
  return (
    <Answer of={answer} pick={data => data.billingAccount} rows={0}>
      {account => <TakeFrom account={account} onClose={onClose} />}
    </Answer>
  );
}

/** The open bills, the oldest due first: the order in which money is allocated. */
function openBills(account: Account): BillSummaryFragment[] {
  const open = account.bills.nodes.filter(
    bill => bill.status !== "VOIDED" && sign(bill.outstanding) > 0,
  );
  return open.sort((a, b) => a.due.localeCompare(b.due));
}

function TakeFrom({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation("cashier");
  const language = useLanguage();
  const { code, currency } = useEstate();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const take = useAct(TakePaymentDocument);
  const { key, renew } = useIdempotencyKey();
  const bills = openBills(account);
  const chosenSum = (ids: readonly string[]) =>
    sum(
      bills.filter(bill => ids.includes(bill.id)).map(bill => bill.outstanding),
      currency,
    );
  const all = bills.map(bill => bill.id);
  const due = chosenSum(all);
  const typed = Form.useWatch("amount", { form, preserve: true });
  const till = Form.useWatch("till", { form, preserve: true });
  const amount = parseAmount(typed ?? due.amount, currency);
  const shown = money({ amount: amount ?? "0", currency }, language);

  const submit = async (values: Values) => {
    const taken = await take({
      input: {
        accountId: account.id,
        amount: parseAmount(values.amount, currency) ?? "",
        till: values.till,
        billIds: all.filter(id => values.bills.includes(id)),
        channelReference: values.channelReference?.trim() || null,
        idempotencyKey: key(),
      },
    });
    message.success(t("taken"));
    navigate(`/e/${code}/payments/${taken.takePayment.payment.id}`);
  };
  return (
    <FormDialog<Values>
      title={t("takeFrom", { name: account.name })}
      open
      width={560}
      form={form}
      submit={t("confirmTake", { amount: shown })}
      onClose={onClose}
      onSubmit={submit}
      initial={{ till: "CASH", bills: all, amount: sign(due) > 0 ? due.amount : "" }}
    >
      <Form.Item name="bills" label={t("bills")}>
        <BillChoice
          bills={bills}
          onSum={ids => {
            renew();
            form.setFieldsValue({ amount: chosenSum(ids).amount });
          }}
        />
      </Form.Item>
      <AmountInput name="amount" label={t("amount")} extra={t("amountHint")} />
      <Form.Item noStyle dependencies={["bills", "amount"]}>
        {() => (
          <Consequence
            amount={amount}
            chosen={chosenSum(form.getFieldValue("bills") ?? all).amount}
          />
        )}
      </Form.Item>
      <Form.Item name="till" label={t("till")}>
        <Radio.Group
          optionType="button"
          options={TILLS.map(value => ({ value, label: t(`tills.${value}`) }))}
        />
      </Form.Item>
      {till !== undefined && till !== "CASH" && (
        <Form.Item name="channelReference" label={t("reference")} extra={t("referenceHint")}>
          <Input maxLength={100} autoComplete="off" />
        </Form.Item>
      )}
    </FormDialog>
  );
}

type ChoiceProps = {
  bills: BillSummaryFragment[];
  value?: string[];
  onChange?: (ids: string[]) => void;
  onSum: (ids: string[]) => void;
};

function BillChoice({ bills, value = [], onChange, onSum }: ChoiceProps) {
  const { t } = useTranslation("cashier");
  const { t: words } = useTranslation("bills");
  if (bills.length === 0) return <span className={css.none}>{t("noBills")}</span>;
  const toggle = (id: string, on: boolean) => {
    const ids = on ? [...value, id] : value.filter(one => one !== id);
    onChange?.(ids);
    onSum(ids);
  };
  return (
    <ul className={css.bills}>
      {bills.map(bill => (
        <li key={bill.id}>
          <Checkbox
            checked={value.includes(bill.id)}
            onChange={event => toggle(bill.id, event.target.checked)}
          >
            <span className={css.bill}>
              <span className="figure">{monthSpan(bill.firstMonth, bill.lastMonth)}</span>
              <span className={css.due}>
                {words("due")} <span className="figure">{bill.due}</span>
              </span>
              <Amount of={bill.outstanding} />
            </span>
          </Checkbox>
        </li>
      ))}
    </ul>
  );
}

/** What the amount means for the chosen bills. */
function Consequence({ amount, chosen }: { amount: string | undefined; chosen: string }) {
  const { t } = useTranslation("cashier");
  const language = useLanguage();
  const { currency } = useEstate();
  if (amount === undefined) return null;
  const over = toMinor({ amount, currency }) - toMinor({ amount: chosen, currency });
  if (over === 0n) return null;
  const words = money(fromMinor(over < 0n ? -over : over, currency), language);
  return (
    <p className={css.consequence} role="status">
      {over > 0n ? t("willPrepay", { amount: words }) : t("willRemain", { amount: words })}
    </p>
  );
}
