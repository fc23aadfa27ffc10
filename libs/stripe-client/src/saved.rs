//! Saved cards: saving one on a page, finding what was saved, and charging it off-session.

use crate::{
    checkout::{REFERENCE, locale},
    convert::{self, unreadable},
    provider::once,
    query,
};
use payments::{
    ChargeSavedRequest, Checkout, Failure, FailureKind, Outcome, Paid, SaveCardRequest, SavedCard,
};
use std::collections::HashMap;
use stripe::{Client, StripeError, StripeRequest as _};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Method,
    CreateCheckoutSessionCustomerCreation as CustomerCreation, RetrieveCheckoutSession,
};
use stripe_core::payment_intent::{CreatePaymentIntent, CreatePaymentIntentOffSession};
use stripe_shared::{CheckoutSessionMode, CheckoutSessionStatus};
use stripe_types::Expandable;

/// Opens the page on which a card is saved, under the request's key.
pub(crate) async fn save(
    client: Result<Client, StripeError>,
    request: &SaveCardRequest,
) -> Outcome<Checkout> {
    let sent = async {
        let (client, strategy) = (client?, once(&request.key)?);
        let session = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Setup)
            .client_reference_id(&request.reference)
            .customer_creation(CustomerCreation::Always)
            .allowed_payment_method_types(vec![Method::Card])
            .currency(convert::currency_to(request.currency))
            .locale(locale(request.language))
            .expires_at(request.expires_at.timestamp())
            .success_url(&request.return_urls.success)
            .cancel_url(&request.return_urls.cancel);
        session.customize().request_strategy(strategy).send(&client).await
    };
    match sent.await {
        Ok(session) => {
            Outcome::Succeeded(Checkout { id: session.id.to_string(), url: session.url })
        }
        Err(error) => convert::outcome(&error),
    }
}

/// Which card was saved on a page.
pub(crate) async fn find(
    client: Result<Client, StripeError>,
    checkout: &str,
) -> Outcome<SavedCard> {
    let asked = async {
        let session = RetrieveCheckoutSession::new(checkout)
            .expand(vec!["setup_intent".to_owned()])
            .send(&client?)
            .await?;
        Ok(match session.status {
            Some(CheckoutSessionStatus::Open) => Outcome::Pending,
            Some(CheckoutSessionStatus::Expired) => Outcome::Failed(Failure {
                kind: FailureKind::Expired,
                message: "the page ran out before a card was saved".to_owned(),
            }),
            Some(CheckoutSessionStatus::Complete) => {
                let intent = session.setup_intent.as_ref().and_then(Expandable::as_object);
                let method = intent.and_then(|intent| intent.payment_method.as_ref());
                let method = method.ok_or_else(|| unreadable("payment_method"))?;
                let customer = session.customer.as_ref().ok_or_else(|| unreadable("customer"))?;
                Outcome::Succeeded(SavedCard {
                    payer: customer.id().to_string(),
                    card: method.id().to_string(),
                })
            }
            _ => return Err(unreadable("the state of the page")),
        })
    };
    asked.await.unwrap_or_else(|error| convert::asked(&error))
}

/// Charges a saved card under the request's key.
pub(crate) async fn charge(
    client: Result<Client, StripeError>,
    request: &ChargeSavedRequest,
) -> Outcome<Paid> {
    let sent = async {
        let (client, strategy) = (client?, once(&request.key)?);
        let reference = HashMap::from([(REFERENCE.to_owned(), request.reference.clone())]);
        let intent =
            CreatePaymentIntent::new(request.amount.0, convert::currency_to(request.currency))
                .customer(&request.card.payer)
                .payment_method(&request.card.card)
                .off_session(CreatePaymentIntentOffSession::Bool(true))
                .confirm(true)
                .description(&request.description)
                .metadata(reference)
                .expand(vec!["latest_charge".to_owned()]);
        let intent = intent.customize().request_strategy(strategy).send(&client).await?;
        query::of_charge(&intent)
    };
    sent.await.unwrap_or_else(|error| convert::outcome(&error))
}
