//! Orders move when billing tells of their money.

use super::{domain::Order, repo};
use crate::{charges::SOURCE, partner_settlements, special_services::OrderId};
use contracts::billing::{PaymentConfirmed, Refunded};
use db::{StorageError, StoredEvent, TenantScope};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use std::sync::Arc;

/// Follows payments and refunds of what orders charged.
pub(crate) fn subscriptions() -> [Subscription; 2] {
    [PaymentConfirmed::KIND, Refunded::KIND].map(|kind| Subscription {
        source: "billing",
        kind,
        handler: Arc::new(Money),
    })
}

struct Money;

#[async_trait::async_trait]
impl EventHandler for Money {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        if event.kind == PaymentConfirmed::KIND {
            let fact: PaymentConfirmed = events::read(event)?;
            let Some(mut order) = charged(scope, &fact.source, &fact.reference).await? else {
                return Ok(());
            };
            if fact.settled {
                let today = places::estates::today(scope, order.estate).await?;
                order.paid(scope.now(), today);
                kept(scope, &order).await?;
            }
        } else if event.kind == Refunded::KIND {
            let fact: Refunded = events::read(event)?;
            if let Some(mut order) = charged(scope, &fact.source, &fact.reference).await? {
                partner_settlements::refunded(scope, &order, fact.amount).await?;
                order.refunded();
                kept(scope, &order).await?;
            }
        }
        Ok(())
    }
}

/// The order that is charged by this reference now.
async fn charged(
    scope: &TenantScope,
    source: &str,
    reference: &str,
) -> Result<Option<Order>, StorageError> {
    let Some(rest) = reference.strip_prefix("special_order/").filter(|_| source == SOURCE) else {
        return Ok(None);
    };
    let Ok(id) = rest.split('/').next().unwrap_or_default().parse::<OrderId>() else {
        return Ok(None);
    };
    let order = repo::lock(scope, id).await?;
    Ok(order.filter(|order| order.reference() == reference))
}

async fn kept(scope: &TenantScope, order: &Order) -> Result<(), HandlerError> {
    if repo::save(scope, order).await? {
        Ok(())
    } else {
        Err(HandlerError::Refused(format!("{} changed meanwhile", order.id)))
    }
}
