//! Opening a payment page.

use crate::{convert, provider::once};
use payments::{Checkout, CheckoutRequest, Language, MethodKind, Outcome};
use std::collections::HashMap;
use stripe::{Client, StripeError, StripeRequest as _};
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Method,
    CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionPaymentIntentData, CreateCheckoutSessionPaymentMethodOptions,
    CreateCheckoutSessionPaymentMethodOptionsWechatPay as WechatPay,
    CreateCheckoutSessionPaymentMethodOptionsWechatPayClient as WechatPayClient, ProductData,
};
use stripe_shared::{CheckoutSessionLocale, CheckoutSessionMode};

/// Where our reference is kept on payments and refunds.
pub(crate) const REFERENCE: &str = "reference";

/// Opens the page under the request's key.
pub(crate) async fn create(
    client: Result<Client, StripeError>,
    request: &CheckoutRequest,
) -> Outcome<Checkout> {
    let sent = async {
        let (client, strategy) = (client?, once(&request.key)?);
        session(request).customize().request_strategy(strategy).send(&client).await
    };
    match sent.await {
        Ok(session) => {
            Outcome::Succeeded(Checkout { id: session.id.to_string(), url: session.url })
        }
        Err(error) => convert::outcome(&error),
    }
}

/// The page as Stripe wants it: the same request always gives the same parameters, else a repeat
/// under the same key would be refused.
fn session(request: &CheckoutRequest) -> CreateCheckoutSession {
    let mut price =
        CreateCheckoutSessionLineItemsPriceData::new(convert::currency_to(request.currency));
    price.unit_amount = Some(request.amount.0);
    price.product_data = Some(ProductData::new(&request.description));
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(price);
    line.quantity = Some(1);
    let mut payment = CreateCheckoutSessionPaymentIntentData::new();
    payment.description = Some(request.description.clone());
    payment.metadata = Some(HashMap::from([(REFERENCE.to_owned(), request.reference.clone())]));
    let mut session = CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .client_reference_id(&request.reference)
        .line_items(vec![line])
        .payment_intent_data(payment)
        .locale(locale(request.language))
        .expires_at(request.expires_at.timestamp())
        .success_url(&request.return_urls.success)
        .cancel_url(&request.return_urls.cancel);
    if !request.methods.is_empty() {
        let methods: Vec<Method> = request.methods.iter().map(|kind| method(*kind)).collect();
        session = session.allowed_payment_method_types(methods);
    }
    if request.methods.contains(&MethodKind::WechatPay) {
        let mut options = CreateCheckoutSessionPaymentMethodOptions::new();
        options.wechat_pay = Some(WechatPay::new(WechatPayClient::Web));
        session = session.payment_method_options(options);
    }
    session
}

/// The language of a page.
pub(crate) const fn locale(language: Language) -> CheckoutSessionLocale {
    match language {
        Language::Chinese => CheckoutSessionLocale::Zh,
        Language::English => CheckoutSessionLocale::En,
    }
}

fn method(kind: MethodKind) -> Method {
    match kind {
        MethodKind::Card => Method::Card,
        MethodKind::Alipay => Method::Alipay,
        MethodKind::WechatPay => Method::WechatPay,
    }
}
