//! Deposits that other services ask for: `DepositRequested` → `DepositAccepted` or
//! `DepositRejected`, then `DepositHeld`, `DepositDeducted` and `DepositRefunded` with the asking
//! service's reference.

use super::{
    Deposit, Deposits,
    acts::due,
    domain::{DepositKind, Origin},
};
use crate::{
    accounts::{self, Debtor},
    cause::Cause,
    estates, requested_charges, say,
};
use authz::AuditFact;
use contracts::billing::{DepositAccepted, DepositRejected, DepositRequested};
use db::{StorageError, StoredEvent, TenantScope, stored};
use errors::{Code, Invalid, expected};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;
use texts::Text;

/// The services that may ask.
const SOURCES: [&str; 3] = ["service-desk", "facilities", "workforce"];

/// Hears the requests of every service that may ask.
pub(crate) fn subscriptions() -> Vec<Subscription> {
    let kind = DepositRequested::KIND;
    let hear = |source| Subscription { source, kind, handler: Arc::new(Accept { source }) };
    SOURCES.into_iter().map(hear).collect()
}

struct Accept {
    source: &'static str,
}

#[async_trait::async_trait]
impl EventHandler for Accept {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let request: DepositRequested = events::read(event)?;
        if request.source != self.source {
            let text = format!("{} asks in the name of {}", self.source, request.source);
            return Err(HandlerError::Unreadable(text));
        }
        if Deposits(scope).is_known(&request.source, &request.reference).await? {
            return Ok(());
        }
        let (source, reference) = (request.source.clone(), request.reference.clone());
        match open(scope, &request).await? {
            Ok(deposit) => {
                Deposits(scope).insert(&deposit).await?;
                let fact = AuditFact {
                    action: "deposit.requested",
                    object: deposit.id.to_string(),
                    estate: Some(deposit.estate),
                    reason: None,
                    detail: (deposit.kind, deposit.amount),
                };
                Cause::event(event).audit(scope, fact).await?;
                let deposit = deposit.id.to_string();
                events::publish(scope, &DepositAccepted { source, reference, deposit }).await?;
            }
            Err(Invalid { field, reason }) => {
                let (field, reason) = (Some(field), reason.bilingual());
                events::publish(scope, &DepositRejected { source, reference, field, reason })
                    .await?;
            }
        }
        Ok(())
    }
}

/// The deposit of a request; or what is wrong with it.
async fn open(
    scope: &TenantScope,
    request: &DepositRequested,
) -> Result<Result<Deposit, Invalid>, StorageError> {
    let wrong = |field: &str, reason: Text| Ok(Err(Invalid::new(field, reason)));
    if !request.amount.is_positive() {
        return wrong("amount", expected::above_zero());
    }
    let Ok(kind) = stored::read_word::<DepositKind>(&request.kind) else {
        return wrong("kind", expected::existing());
    };
    let Some(estate) = estates::lock(scope, request.estate).await? else {
        return wrong("estate", Code::NotFound.text());
    };
    let building = match request.unit {
        None => None,
        Some(unit) => requested_charges::building(scope, estate.id, unit).await?,
    };
    if building.is_some() != request.unit.is_some() {
        return wrong("unit", Code::NotFound.text());
    }
    let Some(name) = requested_charges::person_name(scope, estate.id, request.payer).await? else {
        return wrong("payer", say::nobody_in_estate());
    };
    let debtor = Debtor { party: request.payer, unit: request.unit };
    let opened = [(debtor, (name, building))].into();
    let accounts = accounts::open(scope, estate.id, &opened).await?;
    let Some(account) = accounts.get(&debtor) else {
        return Err(StorageError::unreadable("an account that was just opened"));
    };
    Ok(Ok(Deposit {
        agreement: request.agreement.clone(),
        expected_return: request.expected_return,
        origin: Some(Origin {
            source: request.source.clone(),
            reference: request.reference.clone(),
        }),
        ..due(scope, account, kind, request.amount, estate.currency)
    }))
}
