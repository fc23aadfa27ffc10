import { Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { useMaybe } from "@/words/maybe";
import { type Draft, type Right, withRight } from "./draft";
import css from "./roles.module.css";

type Props = {
  rights: readonly Right[];
  value?: Draft;
  onChange?: (draft: Draft) => void;
};

/** Every right there is: whether it is given, how far it reaches, and up to which amount. */
export function RightsChoice({ rights, value = {}, onChange }: Props) {
  const { t } = useTranslation("roles");
  return (
    <fieldset className={css.rights} aria-label={t("permission")}>
      {rights.map(right => (
        <RightRow
          key={right.permission}
          right={right}
          given={value[right.permission]}
          onChange={given => onChange?.(withRight(value, right.permission, given))}
        />
      ))}
    </fieldset>
  );
}

type RowProps = {
  right: Right;
  given: Draft[string] | undefined;
  onChange: (given: Draft[string] | undefined) => void;
};

function RightRow({ right, given, onChange }: RowProps) {
  const { t } = useTranslation("roles");
  const maybe = useMaybe();
  const name = maybe(`rights:${right.permission}`, right.permission);
  return (
    <div className={css.right}>
      <Checkbox
        checked={given !== undefined}
        onChange={event => onChange(event.target.checked ? { reach: "ALL", limit: "" } : undefined)}
      >
        {name}
      </Checkbox>
      {given && right.limited && (
        <Input
          size="small"
          className={css.limit ?? ""}
          aria-label={`${name} ${t("limit")}`}
          placeholder={t("noLimit")}
          prefix="¥"
          inputMode="decimal"
          value={given.limit}
          onChange={event => onChange({ ...given, limit: event.target.value })}
        />
      )}
      {given && right.reaches.length > 1 && (
        <Select
          size="small"
          className={css.reach ?? ""}
          aria-label={`${name} ${t("reach")}`}
          value={given.reach}
          onChange={reach => onChange({ ...given, reach })}
          options={right.reaches.map(value => ({ value, label: t(`reaches.${value}`) }))}
        />
      )}
    </div>
  );
}
