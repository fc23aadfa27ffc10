import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { parseAmount } from "@/figures/money";
import { useEstate } from "../rights";

type Props = { name: string; label: string; extra?: string };

/** A field for an amount of money in the estate's currency. */
export function AmountInput({ name, label, extra }: Props) {
  const { t } = useTranslation("shell");
  const { currency } = useEstate();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={[
        {
          validator: async (_, typed?: string) => {
            if (!typed || parseAmount(typed, currency) === undefined) {
              throw new Error(t("notAmount"));
            }
          },
        },
      ]}
    >
      <Input inputMode="decimal" suffix={currency} autoComplete="off" className="figure" />
    </Form.Item>
  );
}
