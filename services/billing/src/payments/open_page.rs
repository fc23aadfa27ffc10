//! Asking the provider for the payer's page.

use super::{Channel, Fact, PayError, Payment, Payments, learn::learn_unpaid};
use crate::ids::PaymentId;
use ::payments::Outcome;
use authz::Denied;
use ids::TenantId;

/// Opens the page, or finds the one that an earlier try opened: the request and its key are always
/// the same. Answers the payment as it is then.
pub(super) async fn open_page(
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
