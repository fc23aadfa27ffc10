//! Asking the provider for the payer's page, or to charge a saved card.

use super::{
    Channel, FOLLOW_UP, Fact, PayError, Payment, Payments, SavedCardPage, learn::learn_unpaid,
    learn_status,
};
use crate::{cause::Cause, ids::PaymentId};
use ::payments::{Merchant, Outcome};
use authz::Denied;
use ids::TenantId;

/// Opens the page, or finds the one that an earlier try opened: the request and its key are always
/// the same. Answers the payment as it is then.
pub(crate) async fn open_page(
    channel: &Channel,
    tenant: TenantId,
    id: PaymentId,
) -> Result<Payment, PayError> {
    let scope = channel.db.read(tenant).await?;
    let payment = Payments(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    let online = payment.online.as_ref();
    let online = online.ok_or_else(|| PayError::Defect(format!("{id} is no online payment")))?;
    let merchant = channel.merchant(tenant, online.merchant).await?;
    if let Some(card) = &online.page.saved {
        return charge(channel, tenant, &payment, &merchant, card).await;
    }
    let request = payment.checkout_request(&online.page);
    let request = request.map_err(|error| PayError::Defect(error.to_string()))?;
    match channel.provider.create_checkout(&merchant, &request).await {
        Outcome::Succeeded(checkout) => {
            let scope = channel.db.write(tenant).await?;
            let mut payment = Payments(&scope).lock(id).await?.ok_or(Denied::Hidden)?;
            if let Some(online) = &mut payment.online {
                online.checkout_id = Some(checkout.id);
                online.checkout_url = checkout.url.or(online.checkout_url.take());
            }
            Payments(&scope).save(&payment).await?;
            scope.commit().await?;
            learn_unpaid(&channel.db, tenant, id, Fact::StillOpen).await
        }
        Outcome::Pending => learn_unpaid(&channel.db, tenant, id, Fact::StillOpen).await,
        Outcome::Failed(failure) => {
            tracing::warn!(payment.id = %id, %failure, "the provider opens no page");
            learn_unpaid(&channel.db, tenant, id, Fact::Failed).await
        }
        Outcome::Unknown { reason } => {
            tracing::warn!(payment.id = %id, %reason, "the provider gave no answer");
            learn_unpaid(&channel.db, tenant, id, Fact::NoAnswer).await
        }
    }
}

/// A saved card needs no page: it is charged, or what an earlier try did is learnt, since the
/// request and its key are always the same.
async fn charge(
    channel: &Channel,
    tenant: TenantId,
    payment: &Payment,
    merchant: &Merchant,
    card: &SavedCardPage,
) -> Result<Payment, PayError> {
    let request = payment.charge_request(card);
    let request = request.map_err(|error| PayError::Defect(error.to_string()))?;
    let outcome = channel.provider.charge_saved(merchant, &request).await;
    let cause = Cause::job(FOLLOW_UP, payment.id.as_uuid());
    learn_status(&channel.db, tenant, payment.id, &outcome, &cause).await
}
