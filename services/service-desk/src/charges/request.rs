//! Asking billing for a charge.

use super::{ChargeAsk, SOURCE, repo};
use crate::Refused;
use contracts::billing::ChargeRequested;
use db::TenantScope;
use errors::expected;

/// Asks billing for a charge, in the transaction that makes it owed. The same reference again is
/// the same charge and asks nothing.
///
/// # Errors
/// [`Refused::Invalid`] for an amount that is not above zero; when it cannot be kept.
pub async fn request(scope: &TenantScope, ask: ChargeAsk) -> Result<(), Refused> {
    if !ask.amount.is_positive() {
        return Err(Refused::invalid("amount", expected::above_zero()));
    }
    if repo::is_known(scope, &ask.reference).await? {
        return Ok(());
    }
    repo::insert(scope, &ask).await?;
    let event = ChargeRequested {
        source: SOURCE.to_owned(),
        reference: ask.reference,
        estate: ask.estate,
        unit: ask.unit,
        payer: ask.payer,
        fee_item: ask.fee_item,
        amount: ask.amount,
        on: ask.on,
        description: ask.description,
    };
    events::publish(scope, &event).await?;
    Ok(())
}
