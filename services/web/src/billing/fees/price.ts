import { useTranslation } from "react-i18next";
import { useEstate } from "@/console/rights";
import { money } from "@/figures/money";
import { BuildingsDocument, type FeeStandardRowFragment } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";

/** The price of a standard in words, e.g. `2.35 yuan/m² a month`. */
export function usePriceText(): (standard: FeeStandardRowFragment) => string {
  const { t } = useTranslation("fees");
  const language = useLanguage();
  return ({ formula, rate, price, surcharge }) => {
    const fixed = price ? money(price, language) : "–";
    if (formula === "FIXED_PER_UNIT") return t("perUnit", { price: fixed });
    if (formula === "PER_PARKING_SPACE") return t("perSpace", { price: fixed });
    if (formula === "METER") return t("perUse", { rate: rate ?? "–" });
    if (formula === "METER_TIERED") return t("tiered");
    const area = t("perArea", { rate: rate ?? "–" });
    if (!surcharge || Number(surcharge.amount) === 0) return area;
    return `${area} ${t("surcharge", { price: money(surcharge, language) })}`;
  };
}

/** Where a standard applies, in words. */
export function useScopeText(): (scope: FeeStandardRowFragment["scope"]) => string {
  const { t } = useTranslation("fees");
  const { t: units } = useTranslation("search");
  const { buildings } = useBuildings();
  return ({ buildingId, usedAs, unitId }) => {
    if (unitId) return t("oneUnit");
    const code = buildings.find(({ id }) => id === buildingId)?.code;
    const place = code ? units("buildingName", { code }) : t("whole");
    return usedAs ? `${place} · ${t(`uses.${usedAs}`)}` : place;
  };
}

/** The buildings of the estate. */
export function useBuildings() {
  const { id: estateId } = useEstate();
  const [{ data }] = useQuery({
    query: BuildingsDocument,
    variables: { estateId },
    requestPolicy: "cache-first",
  });
  return { buildings: data?.buildings ?? [] };
}

/** The name of a fee item in the language of the page. */
export function useItemName(): (item: { nameZh: string; nameEn: string }) => string {
  const language = useLanguage();
  return item => (language === "zh" ? item.nameZh : item.nameEn);
}
