//! What others are told of an order: that it waits for the resident, that it was done, and what
//! they tell back.

use super::{domain::Order, repo};
use crate::{
    Refused, messages,
    messages::{Letter, MessageKind},
    revisits,
    revisits::{Finished, Source},
    special_services::{OrderId, say},
};
use db::TenantScope;
use uuid::Uuid;

/// The order's service in both languages.
fn name(order: &Order) -> Option<String> {
    let (_, terms) = order.details.terms.as_ref()?;
    Some(format!("{} / {}", terms.name_zh, terms.name_en))
}

/// Tells the resident what it will cost.
pub(super) async fn quoted(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let Some(name) = name(order) else { return Ok(()) };
    let letter = Letter {
        estate: order.estate,
        person: order.person,
        unit: Some(order.unit),
        kind: MessageKind::Order,
        title: say::letter_quoted_title(),
        body: say::letter_quoted(name, order.total()),
        reference: order.id.to_string(),
    };
    messages::post(scope, letter).await
}

/// Has it asked about: a household's first housekeeping always (handbook ch. 37).
pub(super) async fn finished(scope: &TenantScope, order: &Order) -> Result<(), Refused> {
    let housekeeping = order.details.terms.as_ref().is_some_and(|(_, terms)| terms.housekeeping);
    let fact = Finished {
        source: if housekeeping { Source::Housekeeping } else { Source::SpecialOrder },
        reference: order.id.as_uuid(),
        estate: order.estate,
        unit: Some(order.unit),
        person: Some(order.person),
        workers: order.workers.clone(),
        summary: name(order).unwrap_or_default(),
        at: scope.now(),
    };
    revisits::finished(scope, fact).await
}

/// Somebody was asked about an order; one that there is not is nothing to us.
///
/// # Errors
/// When writing fails.
pub(crate) async fn revisited(scope: &TenantScope, order: Uuid) -> Result<(), Refused> {
    let Some(mut order) = repo::lock(scope, OrderId::from_uuid(order)).await? else {
        return Ok(());
    };
    order.revisited(scope.now());
    repo::save(scope, &order).await?;
    Ok(())
}
