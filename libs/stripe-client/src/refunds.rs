//! Giving money back, and finding out whether it was given.

use crate::{
    checkout::REFERENCE,
    convert::{self, unreadable},
    provider::once,
};
use futures::TryStreamExt as _;
use money::Fen;
use payments::{Failure, FailureKind, Outcome, Refund, RefundRequest};
use std::collections::HashMap;
use stripe::{Client, StripeError, StripeRequest as _};
use stripe_core::refund::{CreateRefund, ListRefund};

const PAGE: i64 = 100;

/// Gives back the amount under the request's key.
pub(crate) async fn create(
    client: Result<Client, StripeError>,
    request: &RefundRequest,
) -> Outcome<Refund> {
    let sent = async {
        let (client, strategy) = (client?, once(&request.key)?);
        let refund = CreateRefund::new()
            .payment_intent(&request.payment)
            .amount(request.amount.0)
            .metadata(HashMap::from([(REFERENCE.to_owned(), request.reference.clone())]))
            .customize()
            .request_strategy(strategy)
            .send(&client)
            .await?;
        state(&refund)
    };
    sent.await.unwrap_or_else(|error| convert::outcome(&error))
}

/// The refund of that payment that carries our reference.
pub(crate) async fn find(
    client: Result<Client, StripeError>,
    payment: &str,
    reference: &str,
) -> Outcome<Refund> {
    let asked = async {
        let all = of_payment(&client?, payment, Vec::new()).await?;
        let carries = |refund: &&stripe_shared::Refund| {
            refund.metadata.as_ref().and_then(|m| m.get(REFERENCE)).is_some_and(|r| r == reference)
        };
        all.iter().find(carries).map_or_else(
            || {
                let message = "no refund carries this reference".to_owned();
                Ok(Outcome::Failed(Failure { kind: FailureKind::NotFound, message }))
            },
            state,
        )
    };
    asked.await.unwrap_or_else(|error| convert::asked(&error))
}

/// Every refund of a payment.
pub(crate) async fn of_payment(
    client: &Client,
    payment: &str,
    expand: Vec<String>,
) -> Result<Vec<stripe_shared::Refund>, StripeError> {
    let list = ListRefund::new().payment_intent(payment).expand(expand).limit(PAGE);
    list.paginate().stream(client).try_collect().await
}

fn state(refund: &stripe_shared::Refund) -> Result<Outcome<Refund>, StripeError> {
    Ok(match refund.status.as_deref() {
        Some("succeeded") => Outcome::Succeeded(Refund {
            id: refund.id.to_string(),
            amount: Fen(refund.amount),
            currency: convert::currency_from(&refund.currency)?,
        }),
        Some("pending" | "requires_action") => Outcome::Pending,
        Some(ended @ ("failed" | "canceled")) => Outcome::Failed(Failure {
            kind: FailureKind::Declined,
            message: refund.failure_reason.clone().unwrap_or_else(|| ended.to_owned()),
        }),
        _ => return Err(unreadable("the state of the refund")),
    })
}
