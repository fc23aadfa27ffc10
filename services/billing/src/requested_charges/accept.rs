//! Taking a request for a charge in.

use super::repo;
use crate::{
    accounts::{self, Debtor},
    bills::{self, NewBill, NewLine},
    cause::Cause,
    charges::{BillingMonth, PayerKind},
    estates, fees,
    ids::BillId,
    say,
};
use authz::AuditFact;
use contracts::billing::{ChargeAccepted, ChargeRejected, ChargeRequested};
use db::{StorageError, StoredEvent, TenantScope};
use errors::{Code, Invalid, expected};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::{collections::HashMap, iter, sync::Arc};
use texts::Text;

/// The services that may ask.
const SOURCES: [&str; 3] = ["service-desk", "facilities", "workforce"];

/// Hears the requests of every service that may ask.
pub(crate) fn subscriptions() -> Vec<Subscription> {
    let kind = ChargeRequested::KIND;
    let hear = |source| Subscription { source, kind, handler: Arc::new(Accept { source }) };
    SOURCES.into_iter().map(hear).collect()
}

struct Accept {
    source: &'static str,
}

#[async_trait::async_trait]
impl EventHandler for Accept {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let request: ChargeRequested = events::read(event)?;
        if request.source != self.source {
            let text = format!("{} asks in the name of {}", self.source, request.source);
            return Err(HandlerError::Unreadable(text));
        }
        if repo::is_known(scope, &request.source, &request.reference).await? {
            return Ok(());
        }
        let (source, reference) = (request.source.clone(), request.reference.clone());
        match bill(scope, &request).await? {
            Ok(bill) => {
                repo::insert(scope, &request, Some(bill)).await?;
                let bill = bill.to_string();
                let fact = AuditFact {
                    action: "charge.accepted",
                    object: bill.clone(),
                    estate: Some(request.estate),
                    reason: None,
                    detail: (&source, &reference, request.amount),
                };
                Cause::event(event).audit(scope, fact).await?;
                events::publish(scope, &ChargeAccepted { source, reference, bill }).await?;
            }
            Err(Invalid { field, reason }) => {
                repo::insert(scope, &request, None).await?;
                let (field, reason) = (Some(field), reason.bilingual());
                events::publish(scope, &ChargeRejected { source, reference, field, reason })
                    .await?;
            }
        }
        Ok(())
    }
}

/// The bill of a request, one line; or what is wrong with it.
async fn bill(
    scope: &TenantScope,
    request: &ChargeRequested,
) -> Result<Result<BillId, Invalid>, StorageError> {
    let wrong = |field: &str, reason: Text| Ok(Err(Invalid::new(field, reason)));
    if !request.amount.is_positive() {
        return wrong("amount", expected::above_zero());
    }
    let Ok(month) = BillingMonth::of(request.on) else {
        return wrong("on", expected::month(request.on.to_string()));
    };
    let Some(estate) = estates::lock(scope, request.estate).await? else {
        return wrong("estate", Code::NotFound.text());
    };
    let Some(item) = fees::item_by_code(scope, estate.id, &request.fee_item).await? else {
        return wrong("fee_item", expected::existing());
    };
    let building = match request.unit {
        None => None,
        Some(unit) => repo::building(scope, estate.id, unit).await?,
    };
    if building.is_some() != request.unit.is_some() {
        return wrong("unit", Code::NotFound.text());
    }
    let Some(name) = repo::person_name(scope, estate.id, request.payer).await? else {
        return wrong("payer", say::nobody_in_estate());
    };
    let debtor = Debtor { party: request.payer, unit: request.unit };
    let mut accounts = accounts::of_debtors(scope, estate.id, iter::once(debtor)).await?;
    if accounts.is_empty() {
        let new = HashMap::from([(debtor, (name, building))]);
        accounts = accounts::open(scope, estate.id, &new).await?;
    }
    let Some(account) = accounts.get(&debtor) else {
        return Err(StorageError::unreadable("an account that was just opened"));
    };
    let today = estate.today(scope.clock());
    let line = NewLine {
        item: item.id,
        source: format!("{}/{}", request.source, request.reference),
        standard: None,
        payer: PayerKind::Owner,
        month,
        from: request.on,
        to: request.on,
        amount: request.amount,
        explanation: None,
        description: Some(request.description.clone()),
    };
    let bill = NewBill {
        estate: estate.id,
        account: account.id,
        unit: request.unit,
        building,
        run: None,
        replaces: None,
        issued_on: today,
        due: account
            .terms
            .unwrap_or(estate.terms)
            .due
            .due_date(BillingMonth::of(today).unwrap_or(month), today),
        currency: estate.currency,
        lines: vec![(line, item.income_account())],
    };
    let issued = bills::issue(scope, vec![bill]).await?;
    issued.first().copied().map(Ok).ok_or_else(|| StorageError::unreadable("a bill of nothing"))
}
