import { useTranslation } from "react-i18next";
import { money } from "@/figures/money";
import { UnfinishedPaymentsDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { useLanguage } from "@/words/words";
import { Instant } from "../pieces/figures";
import pieces from "../pieces/pieces.module.css";
import css from "./owed.module.css";

/** The latest payment that was begun and whose page is still open, so that nobody pays twice. */
export function Unfinished() {
  const { t } = useTranslation("owed");
  const language = useLanguage();
  const [{ data }] = useQuery({ query: UnfinishedPaymentsDocument });
  const open = data?.myPayments?.nodes.find(
    ({ status, checkoutUrl }) => status === "PENDING" && checkoutUrl !== null,
  );
  if (!open?.checkoutUrl) return null;
  return (
    <section className={css.unfinished}>
      <p>
        {t("unfinished", { amount: money(open.amount, language) })}
        <br />
        <small>
          <Instant at={open.createdAt} estateId={open.estateId} />
        </small>
      </p>
      <a href={open.checkoutUrl} className={`${pieces.button} ${pieces.second}`}>
        {t("continue")}
      </a>
    </section>
  );
}
