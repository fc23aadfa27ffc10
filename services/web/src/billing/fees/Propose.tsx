import { App, DatePicker, Form, Input, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { AmountInput } from "@/console/pieces/AmountInput";
import { FormDialog } from "@/console/pieces/FormDialog";
import { useEstate } from "@/console/rights";
import { addMonths, monthOf, today } from "@/figures/dates";
import { parseAmount } from "@/figures/money";
import { useAct } from "@/graph/act";
import {
  type FeeFormula,
  type FeeUse,
  ProposeFeeStandardDocument,
  type Proration,
} from "@/graph/generated";
import css from "./Propose.module.css";
import { useBuildings } from "./price";

type Values = {
  feeItemId: string;
  buildingId?: string;
  usedAs?: FeeUse;
  formula: FeeFormula;
  rate?: string;
  price?: string;
  proration: Proration;
  effectiveFrom: Dayjs;
  effectiveTo?: Dayjs | null;
};

const FORMULAS: readonly FeeFormula[] = ["AREA_RATE", "FIXED_PER_UNIT", "PER_PARKING_SPACE"];
const USES: readonly FeeUse[] = ["HOME", "SHOP", "OFFICE", "PARKING", "OTHER"];
const PRORATIONS: readonly Proration[] = ["ACTUAL_DAYS", "HALF_MONTH", "FULL_MONTH", "FIXED_30"];

/** A price per m² with up to six decimal places, as the graph takes it. */
const RATE = /^\d{1,6}(\.\d{1,6})?$/;

type Props = {
  items: { value: string; label: string }[];
  open: boolean;
  onClose: () => void;
};

/** Proposes a price; somebody else approves it. */
export function Propose({ items, open, onClose }: Props) {
  const { t } = useTranslation("fees");
  const { message } = App.useApp();
  const { timeZone, currency } = useEstate();
  const propose = useAct(ProposeFeeStandardDocument);
  const next = `${addMonths(monthOf(today(timeZone)), 1)}-01`;
  const submit = async (values: Values) => {
    const byArea = values.formula === "AREA_RATE";
    await propose({
      input: {
        feeItemId: values.feeItemId,
        buildingId: values.buildingId || null,
        usedAs: values.usedAs || null,
        formula: values.formula,
        rate: byArea ? values.rate?.trim() : null,
        price: byArea ? null : parseAmount(values.price ?? "", currency),
        proration: values.proration,
        effectiveFrom: values.effectiveFrom.format("YYYY-MM-DD"),
        effectiveTo: values.effectiveTo?.format("YYYY-MM-DD"),
      },
    });
    message.success(t("proposed"));
  };
  return (
    <FormDialog<Values>
      title={t("proposeTitle")}
      open={open}
      width={600}
      submit={t("propose")}
      initial={{
        feeItemId: items[0]?.value ?? "",
        formula: "AREA_RATE",
        proration: "ACTUAL_DAYS",
        effectiveFrom: dayjs(next),
      }}
      onClose={onClose}
      onSubmit={submit}
    >
      <p>{t("proposeNote")}</p>
      <Fields items={items} />
    </FormDialog>
  );
}

function Fields({ items }: { items: Props["items"] }) {
  const { t } = useTranslation("fees");
  const { t: units } = useTranslation("search");
  const { t: shell } = useTranslation("shell");
  const { buildings } = useBuildings();
  const formula = Form.useWatch<FeeFormula | undefined>("formula") ?? "AREA_RATE";
  const places = buildings.map(({ id, code }) => ({
    value: id,
    label: units("buildingName", { code }),
  }));
  return (
    <div className={css.grid}>
      <Form.Item name="feeItemId" label={t("item")} className={css.wide ?? ""}>
        <Select options={items} />
      </Form.Item>
      <Form.Item name="buildingId" label={t("scope")}>
        <Select allowClear={{ label: shell("clear") }} placeholder={t("whole")} options={places} />
      </Form.Item>
      <Form.Item name="usedAs" label={t("use")}>
        <Select
          allowClear={{ label: shell("clear") }}
          placeholder={t("anyUse")}
          options={USES.map(value => ({ value, label: t(`uses.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="formula" label={t("formula")}>
        <Select options={FORMULAS.map(value => ({ value, label: t(`formulas.${value}`) }))} />
      </Form.Item>
      {formula === "AREA_RATE" ? (
        <Form.Item
          name="rate"
          label={t("rate")}
          rules={[{ required: true, pattern: RATE, message: t("notRate") }]}
        >
          <Input inputMode="decimal" autoComplete="off" />
        </Form.Item>
      ) : (
        <AmountInput name="price" label={t("monthPrice")} />
      )}
      <Form.Item name="effectiveFrom" label={t("from")}>
        <DatePicker allowClear={false} className={css.full ?? ""} />
      </Form.Item>
      <Form.Item name="effectiveTo" label={t("to")}>
        <DatePicker placeholder={t("open")} className={css.full ?? ""} />
      </Form.Item>
      <Form.Item name="proration" label={t("proration")}>
        <Select options={PRORATIONS.map(value => ({ value, label: t(`prorations.${value}`) }))} />
      </Form.Item>
    </div>
  );
}
