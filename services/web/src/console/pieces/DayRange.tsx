import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";

type Props = {
  label: string;
  /** Days, or months with `picker="month"`. */
  from: string | undefined;
  to: string | undefined;
  picker?: "date" | "month";
  allowClear?: boolean;
  onChange: (range: { from: string; to: string }) => void;
};

/** A period in days or months; empty texts when it is cleared. */
export function DayRange({
  label,
  from,
  to,
  picker = "date",
  allowClear = false,
  onChange,
}: Props) {
  const { t } = useTranslation("shell");
  const format = picker === "month" ? "YYYY-MM" : "YYYY-MM-DD";
  const value = (text: string | undefined) => (text ? dayjs(text) : null);
  return (
    <DatePicker.RangePicker
      aria-label={label}
      picker={picker}
      format={format}
      value={[value(from), value(to)]}
      placeholder={[t("from"), t("to")]}
      allowClear={allowClear}
      onChange={days =>
        onChange({ from: days?.[0]?.format(format) ?? "", to: days?.[1]?.format(format) ?? "" })
      }
    />
  );
}
