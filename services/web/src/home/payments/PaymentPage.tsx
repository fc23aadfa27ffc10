import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useParams, useSearchParams } from "react-router";
import { MyPaymentDocument } from "@/graph/generated";
import { useQuery } from "@/graph/query";
import { Answer } from "../pieces/states";
import { FailedPayment, SettledPayment, WaitingPayment } from "./outcomes";
import { outcomeOf, type Payment, pauseAfter } from "./payments";

const VIEWS = { waiting: WaitingPayment, failed: FailedPayment, settled: SettledPayment };

/** Where the provider sends the payer back to. */
export function Returned() {
  const [search] = useSearchParams();
  const payment = search.get("payment");
  return <Navigate to={payment ? `/payments/${payment}` : "/"} replace />;
}

/** What became of a payment; while that is open it is asked again and again. */
export function PaymentPage() {
  const { payment: id = "" } = useParams();
  const { t } = useTranslation("myPayments");
  const { t: frame } = useTranslation("frame");
  const answer = useQuery({ query: MyPaymentDocument, variables: { id } });
  const [{ data, fetching }, ask] = answer;
  const isOpen = data?.payment ? outcomeOf(data.payment.status) === "waiting" : false;
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    document.title = `${t("receipt")} · ${frame("app")}`;
  }, [t, frame]);
  useEffect(() => {
    if (!isOpen || fetching) return;
    const timer = setTimeout(() => {
      setAsked(asked + 1);
      ask({ requestPolicy: "network-only" });
    }, pauseAfter(asked));
    return () => clearTimeout(timer);
  }, [isOpen, fetching, asked, ask]);
  return (
    <Answer of={answer} pick={data => data.payment}>
      {payment => <Outcome payment={payment} />}
    </Answer>
  );
}

function Outcome({ payment }: { payment: Payment }) {
  const View = VIEWS[outcomeOf(payment.status)];
  return <View payment={payment} />;
}
