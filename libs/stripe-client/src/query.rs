//! Finding out what became of a payment.

use crate::{
    checkout::REFERENCE,
    convert::{self, unreadable},
};
use chrono::{DateTime, Duration, Utc};
use futures::TryStreamExt as _;
use money::Fen;
use payments::{
    Failure, FailureKind, MethodKind, Outcome, Paid, PaymentObject, PaymentStatus, Subject,
};
use std::future;
use stripe::{Client, StripeError};
use stripe_checkout::checkout_session::{ListCheckoutSession, RetrieveCheckoutSession};
use stripe_core::{
    charge::RetrieveCharge,
    dispute::RetrieveDispute,
    payment_intent::{ListPaymentIntent, RetrievePaymentIntent},
    refund::RetrieveRefund,
};
use stripe_shared::{
    Charge, CheckoutSession, CheckoutSessionPaymentStatus, CheckoutSessionStatus, PaymentIntent,
    PaymentIntentStatus,
};
use stripe_types::{Expandable, RangeQueryTs};

const PAGE: i64 = 100;

/// Clocks of two companies differ.
const GRACE: Duration = Duration::minutes(5);

/// What became of a payment; an unanswered question is `Unknown`.
pub(crate) async fn status(
    client: Result<Client, StripeError>,
    subject: &Subject,
) -> PaymentStatus {
    let asked = async {
        let client = client?;
        match subject {
            Subject::Reference { reference, since } => {
                by_reference(&client, reference, *since).await
            }
            Subject::Object(object) => by_object(&client, object).await,
        }
    };
    asked.await.unwrap_or_else(|error| PaymentStatus {
        reference: match subject {
            Subject::Reference { reference, .. } => Some(reference.clone()),
            Subject::Object(_) => None,
        },
        outcome: convert::asked(&error),
    })
}

/// Stripe's search is behind by minutes and its lists are not, so the list is read. Should several
/// sessions carry the reference, the paid one counts, then an open one.
async fn by_reference(
    client: &Client,
    reference: &str,
    since: DateTime<Utc>,
) -> Result<PaymentStatus, StripeError> {
    let sessions: Vec<CheckoutSession> = ListCheckoutSession::new()
        .created(RangeQueryTs::gte((since - GRACE).timestamp()))
        .expand(vec!["data.payment_intent.latest_charge".to_owned()])
        .limit(PAGE)
        .paginate()
        .stream(client)
        .try_filter(|s| future::ready(s.client_reference_id.as_deref() == Some(reference)))
        .try_collect()
        .await?;
    let statuses: Result<Vec<PaymentStatus>, _> = sessions.iter().map(of_session).collect();
    let rank = |status: &PaymentStatus| match status.outcome {
        Outcome::Succeeded(_) => 0,
        Outcome::Pending | Outcome::Unknown { .. } => 1,
        Outcome::Failed(_) => 2,
    };
    if let Some(status) = statuses?.into_iter().min_by_key(rank) {
        return Ok(status);
    }
    // A saved card is charged without a session.
    let charged: Vec<PaymentIntent> = ListPaymentIntent::new()
        .created(RangeQueryTs::gte((since - GRACE).timestamp()))
        .expand(vec!["data.latest_charge".to_owned()])
        .limit(PAGE)
        .paginate()
        .stream(client)
        .try_filter(|it| future::ready(it.metadata.get(REFERENCE).is_some_and(|r| r == reference)))
        .try_collect()
        .await?;
    let outcome = match charged.first() {
        Some(intent) => of_charge(intent)?,
        None => failed(FailureKind::NotFound, "nothing carries this reference"),
    };
    Ok(PaymentStatus { reference: Some(reference.to_owned()), outcome })
}

async fn by_object(client: &Client, object: &PaymentObject) -> Result<PaymentStatus, StripeError> {
    let intent = match object {
        PaymentObject::Checkout(id) => {
            let session = RetrieveCheckoutSession::new(id.as_str())
                .expand(vec!["payment_intent.latest_charge".to_owned()])
                .send(client)
                .await?;
            return of_session(&session);
        }
        PaymentObject::Payment(id) => Some(id.clone()),
        PaymentObject::Attempt(id) => {
            id_of(RetrieveCharge::new(id.as_str()).send(client).await?.payment_intent)
        }
        PaymentObject::Refund(id) => {
            id_of(RetrieveRefund::new(id.as_str()).send(client).await?.payment_intent)
        }
        PaymentObject::Dispute(id) => {
            id_of(RetrieveDispute::new(id.as_str()).send(client).await?.payment_intent)
        }
    };
    by_intent(client, &intent.ok_or_else(|| unreadable("payment_intent"))?).await
}

fn id_of(intent: Option<Expandable<PaymentIntent>>) -> Option<String> {
    intent.map(|intent| intent.id().to_string())
}

/// A payment's session knows more than the payment: whether anybody can still pay it.
async fn by_intent(client: &Client, id: &str) -> Result<PaymentStatus, StripeError> {
    let sessions = ListCheckoutSession::new()
        .payment_intent(id)
        .expand(vec!["data.payment_intent.latest_charge".to_owned()])
        .send(client)
        .await?;
    if let Some(session) = sessions.data.first() {
        return of_session(session);
    }
    let intent = RetrievePaymentIntent::new(id)
        .expand(vec!["latest_charge".to_owned()])
        .send(client)
        .await?;
    Ok(PaymentStatus {
        reference: intent.metadata.get(REFERENCE).cloned(),
        outcome: of_charge(&intent)?,
    })
}

/// A payment without a session is a saved card's: nobody is there to try another one.
pub(crate) fn of_charge(intent: &PaymentIntent) -> Result<Outcome<Paid>, StripeError> {
    match intent.status {
        PaymentIntentStatus::RequiresPaymentMethod | PaymentIntentStatus::RequiresAction => {
            Ok(failed(FailureKind::Declined, "the payer's bank declined the saved card"))
        }
        _ => of_intent(intent),
    }
}

fn of_session(session: &CheckoutSession) -> Result<PaymentStatus, StripeError> {
    let intent = session.payment_intent.as_ref().and_then(Expandable::as_object);
    let outcome = match (&session.payment_status, &session.status, intent) {
        (CheckoutSessionPaymentStatus::Paid, _, Some(intent)) => of_intent(intent)?,
        (CheckoutSessionPaymentStatus::Unpaid, Some(CheckoutSessionStatus::Open), _) => {
            Outcome::Pending
        }
        (CheckoutSessionPaymentStatus::Unpaid, Some(CheckoutSessionStatus::Expired), _) => {
            failed(FailureKind::Expired, "the checkout ran out unpaid")
        }
        // A slow method: the page is done, the money is on its way or was declined after all.
        (
            CheckoutSessionPaymentStatus::Unpaid,
            Some(CheckoutSessionStatus::Complete),
            Some(intent),
        ) => match intent.status {
            PaymentIntentStatus::RequiresPaymentMethod => {
                failed(FailureKind::Declined, "the payer's bank or wallet declined afterwards")
            }
            _ => of_intent(intent)?,
        },
        // A page on which a card was saved.
        (CheckoutSessionPaymentStatus::NoPaymentRequired, ..) => {
            failed(FailureKind::NotFound, "nothing is paid on this page")
        }
        _ => return Err(unreadable("the state of the checkout")),
    };
    Ok(PaymentStatus { reference: session.client_reference_id.clone(), outcome })
}

fn of_intent(intent: &PaymentIntent) -> Result<Outcome<Paid>, StripeError> {
    match intent.status {
        PaymentIntentStatus::Succeeded => paid(intent).map(Outcome::Succeeded),
        PaymentIntentStatus::Canceled => {
            Ok(failed(FailureKind::Expired, "the payment was withdrawn"))
        }
        PaymentIntentStatus::Unknown(_) => Err(unreadable("the state of the payment")),
        _ => Ok(Outcome::Pending),
    }
}

fn paid(intent: &PaymentIntent) -> Result<Paid, StripeError> {
    let charge = intent.latest_charge.as_ref().and_then(Expandable::as_object);
    let charge = charge.ok_or_else(|| unreadable("latest_charge"))?;
    Ok(Paid {
        payment: intent.id.to_string(),
        amount: Fen(intent.amount_received),
        currency: convert::currency_from(&intent.currency)?,
        refunded: Fen(charge.amount_refunded),
        disputed: charge.disputed,
        method: method(charge),
    })
}

fn method(charge: &Charge) -> Option<MethodKind> {
    match charge.payment_method_details.as_ref()?.type_.as_str() {
        "card" => Some(MethodKind::Card),
        "alipay" => Some(MethodKind::Alipay),
        "wechat_pay" => Some(MethodKind::WechatPay),
        _ => None,
    }
}

fn failed<T>(kind: FailureKind, message: &str) -> Outcome<T> {
    Outcome::Failed(Failure { kind, message: message.to_owned() })
}
