import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { MyPaymentsDocument, type MyPaymentsQuery } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { Amount, Instant } from "../pieces/figures";
import { Icon } from "../pieces/icons";
import { Page } from "../pieces/Page";
import pieces from "../pieces/pieces.module.css";
import { Answer } from "../pieces/states";
import { HistoryTabs } from "./HistoryTabs";
import { PaymentStatusTag } from "./PaymentStatusTag";
import css from "./payments.module.css";
import { usePlaces } from "./places";

type Payment = NonNullable<MyPaymentsQuery["myPayments"]>["nodes"][number];

/** What I paid, newest first. */
export function HistoryPage() {
  const { t } = useTranslation("myPayments");
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  return (
    <Page title={t("payments")}>
      <HistoryTabs />
      {cursors.map((cursor, index) => (
        <Part
          key={cursor ?? ""}
          after={cursor}
          onMore={index + 1 === cursors.length ? next => setCursors([...cursors, next]) : undefined}
        />
      ))}
    </Page>
  );
}

type PartProps = { after: string | undefined; onMore: ((cursor: string) => void) | undefined };

function Part({ after, onMore }: PartProps) {
  const { t } = useTranslation("myPayments");
  const answer = useQuery({ query: MyPaymentsDocument, variables: { after } });
  return (
    <Answer of={answer} pick={data => data.myPayments}>
      {({ nodes, pageInfo: { hasNextPage, endCursor } }) =>
        nodes.length === 0 ? (
          <p className={pieces.state}>{t("none")}</p>
        ) : (
          <>
            <ul className={`${pieces.card} ${pieces.rows} ${css.list}`}>
              {nodes.map(payment => (
                <li key={payment.id}>
                  <PaymentRow payment={payment} />
                </li>
              ))}
            </ul>
            {onMore && hasNextPage && endCursor && (
              <button
                type="button"
                className={`${pieces.button} ${pieces.second} ${css.more}`}
                onClick={() => onMore(endCursor)}
              >
                {t("more")}
              </button>
            )}
          </>
        )
      }
    </Answer>
  );
}

function PaymentRow({ payment }: { payment: Payment }) {
  const { t } = useTranslation("myPayments");
  const place = usePlaces()(payment.accountId);
  return (
    <Link to={`/payments/${payment.id}`} className={pieces.row}>
      <span className={pieces.rowText}>
        <Instant at={payment.receivedAt ?? payment.createdAt} estateId={payment.estateId} />
        <small>
          {place} {t(`tills.${payment.till}`)}
        </small>
      </span>
      <span className={pieces.rowEnd}>
        <Amount of={payment.amount} />
        <PaymentStatusTag status={payment.status} />
      </span>
      <Icon of="forward" size={20} />
    </Link>
  );
}
