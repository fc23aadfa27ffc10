//! What the provider lets the company's account do.

use super::repo::{State, set_state};
use crate::{
    cause::Cause,
    ids::MerchantId,
    payments::{Channel, PayError},
};
use authz::AuditFact;
use ids::TenantId;

/// Asks the provider what the account may do, and keeps it.
///
/// # Errors
/// [`PayError::Provider`] when the provider does not answer: try again later.
pub(crate) async fn learn_state(
    channel: &Channel,
    tenant: TenantId,
    id: MerchantId,
    cause: &Cause,
) -> Result<(), PayError> {
    let merchant = channel.merchant(tenant, id).await?;
    let state = channel.provider.account_state(&merchant).await;
    let state = State::from(state.map_err(|error| PayError::Provider(error.to_string()))?);
    let scope = channel.db.write(tenant).await?;
    if set_state(&scope, id, state).await? {
        let fact = AuditFact {
            action: "merchant_account.state_learned",
            object: id.to_string(),
            estate: None,
            reason: None,
            detail: state,
        };
        cause.audit(&scope, fact).await?;
    }
    Ok(scope.commit().await?)
}
