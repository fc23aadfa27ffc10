//! Taking letters back: they leave the inbox, and what waits to be sent of them is not sent.

use super::{LetterId, delivery, inbox};
use crate::Refused;
use db::TenantScope;

/// Takes letters back in the transaction of what they told of; what a provider took stays noted.
///
/// # Errors
/// When writing fails.
pub(crate) async fn withdraw(scope: &TenantScope, letters: Vec<LetterId>) -> Result<(), Refused> {
    delivery::drop_waiting(scope, &letters).await?;
    Ok(inbox::withdraw(scope, letters).await?)
}
