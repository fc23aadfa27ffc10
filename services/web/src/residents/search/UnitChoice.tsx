import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useQuery } from "urql";
import { useEstate } from "@/console/rights";
import { SearchDocument } from "@/graph/generated";
import { useSettled } from "./settled";

type Props = {
  label: string;
  placeholder: string;
  className?: string | undefined;
  value: string | undefined;
  onChange: (unitId: string | undefined) => void;
};

/** Chooses one unit by what is typed, for filters and forms. */
export function UnitChoice({ label, placeholder, className, value, onChange }: Props) {
  const { t } = useTranslation("search");
  const { id: estateId } = useEstate();
  const [typed, setTyped] = useState("");
  const text = useSettled(typed.trim());
  const [{ data }] = useQuery({
    query: SearchDocument,
    variables: { text, estateId },
    pause: text === "",
  });
  const hits = text === "" ? [] : (data?.search?.nodes ?? []);
  return (
    <Select
      aria-label={label}
      className={className ?? ""}
      placeholder={placeholder}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      value={value && hits.some(({ unit }) => unit.id === value) ? value : undefined}
      onChange={onChange}
      notFoundContent={text === "" ? t("hint") : t("none", { text })}
      options={hits.map(({ unit, person }) => ({
        value: unit.id,
        label: person ? `${unit.label} ${person.name}` : unit.label,
      }))}
    />
  );
}
