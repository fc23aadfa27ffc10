//! What billing answers.

use super::{SOURCE, domain::Kept, repo};
use contracts::billing::{ChargeAccepted, ChargeRejected, PaymentConfirmed, Refunded};
use db::{StorageError, StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Follows billing's answers to the service desk's charges.
pub(crate) fn subscriptions() -> [Subscription; 4] {
    let kinds =
        [ChargeAccepted::KIND, ChargeRejected::KIND, PaymentConfirmed::KIND, Refunded::KIND];
    kinds.map(|kind| Subscription { source: "billing", kind, handler: Arc::new(Answers) })
}

struct Answers;

#[async_trait::async_trait]
impl EventHandler for Answers {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        if event.kind == ChargeAccepted::KIND {
            let fact: ChargeAccepted = events::read(event)?;
            change(scope, (&fact.source, &fact.reference), |kept| kept.bill = Some(fact.bill))
                .await?;
        } else if event.kind == ChargeRejected::KIND {
            let fact: ChargeRejected = events::read(event)?;
            let rejected = Some((fact.field, fact.reason));
            change(scope, (&fact.source, &fact.reference), |kept| kept.rejected = rejected).await?;
        } else if event.kind == PaymentConfirmed::KIND {
            let fact: PaymentConfirmed = events::read(event)?;
            let pay = |kept: &mut Kept| kept.pay(fact.amount, fact.settled);
            change(scope, (&fact.source, &fact.reference), pay).await?;
        } else if event.kind == Refunded::KIND {
            let fact: Refunded = events::read(event)?;
            change(scope, (&fact.source, &fact.reference), |kept| kept.refund(fact.amount)).await?;
        }
        Ok(())
    }
}

/// Changes what is kept of a charge of ours; others' are nothing to us.
async fn change(
    scope: &TenantScope,
    (source, reference): (&str, &str),
    how: impl FnOnce(&mut Kept),
) -> Result<(), StorageError> {
    if source != SOURCE {
        return Ok(());
    }
    let Some(mut kept) = repo::lock(scope, reference).await? else { return Ok(()) };
    how(&mut kept);
    repo::save(scope, reference, kept).await
}
