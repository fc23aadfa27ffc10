//! The steps of an order: who may take them, and what they charge.

use super::{
    domain::{Charge, Order, OrderState, Step},
    notes,
    quote::{Work, quote},
    reach::Reached,
    repo,
};
use crate::{
    Refused,
    charges::{self, ChargeAsk, ChargeState},
    homes, say as shared,
    special_services::{
        ORDER_CONFIRM, ORDER_CREATE, ORDER_READ, ORDER_WORK, OrderId,
        catalogue::{domain, repo as catalogue},
        say,
    },
};
use authz::{AuditFact, Caller, Denied, Permission, Reach, UserId, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use serde::Serialize;

/// What is asked of an order.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Asked {
    Quote(Work),
    Confirm,
    Schedule(Vec<UserId>),
    Start,
    Finish(String),
    Accept,
    Dispute(String),
    Cancel(String),
    Close,
    /// Ask billing again for a charge that it rejected.
    ChargeAgain,
}

impl Asked {
    fn permission(&self) -> Permission {
        match self {
            Self::Confirm | Self::Accept | Self::Dispute(_) => ORDER_CONFIRM,
            Self::Cancel(_) => ORDER_CREATE,
            _ => ORDER_WORK,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Quote(_) => "special_order.quoted",
            Self::Confirm => "special_order.confirmed",
            Self::Schedule(_) => "special_order.scheduled",
            Self::Start => "special_order.started",
            Self::Finish(_) => "special_order.finished",
            Self::Accept => "special_order.accepted",
            Self::Dispute(_) => "special_order.disputed",
            Self::Cancel(_) => "special_order.cancelled",
            Self::Close => "special_order.closed",
            Self::ChargeAgain => "special_order.charged_again",
        }
    }

    /// Those who do the work neither price it nor say who does it, and do not close it.
    fn of_the_desk(&self) -> bool {
        matches!(self, Self::Quote(_) | Self::Schedule(_) | Self::Close | Self::ChargeAgain)
    }
}

/// One step of an order that the caller has read.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Act {
    pub order: OrderId,
    pub expected_version: i32,
    pub asked: Asked,
}

/// Takes a step.
#[tracing::instrument(name = "usecase.special_orders.act", skip_all, fields(order.id = %command.order))]
pub(super) async fn act(
    db: &Db,
    caller: &Caller,
    command: Act,
    key: &IdempotencyKey,
) -> Result<OrderId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let order = repo::find(&scope, command.order).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    let permission = command.asked.permission();
    let right = caller.act(permission, ORDER_READ, order.estate)?;
    if !Reached::of(&right).covers(&order) {
        return Err(Refused::not_found());
    }
    if command.asked.of_the_desk() && matches!(right.reach(), Reach::Assigned) {
        return Err(Denied::Missing(permission).into());
    }
    let resident = right.own_person().is_some();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, command.asked.name(), key, &input, move |scope| {
        Box::pin(async move { taken(scope, &actor, resident, command).await })
    })
    .await
}

async fn taken(
    scope: &TenantScope,
    caller: &Caller,
    resident: bool,
    Act { order, expected_version, asked }: Act,
) -> Result<OrderId, Refused> {
    let mut order = repo::lock(scope, order).await?.ok_or_else(Refused::not_found)?;
    if order.version != expected_version {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    let (action, accepted) = (asked.name(), order.details.accepted_at.is_some());
    let charge = match step(scope, &order, asked, resident).await? {
        Some(step) => {
            let taken = order.take(step, (caller.user(), scope.now()));
            taken.map_err(Refused::Conflict)?
        }
        None => charge_again(scope, &mut order).await?,
    };
    if !repo::save(scope, &order).await? {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    ask(scope, &order, charge).await?;
    if order.details.accepted_at.is_some() && !accepted {
        notes::finished(scope, &order).await?;
    }
    if order.state == OrderState::Quoted {
        notes::quoted(scope, &order).await?;
    }
    let fact = AuditFact {
        action,
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: None,
        detail: (order.state, order.total()),
    };
    audit(scope, caller, fact).await?;
    Ok(order.id)
}

/// What is asked as a step of the order, checked; `None` to charge again.
async fn step(
    scope: &TenantScope,
    order: &Order,
    asked: Asked,
    resident: bool,
) -> Result<Option<Step>, Refused> {
    Ok(Some(match asked {
        Asked::Quote(work) => priced(scope, order, work).await?,
        Asked::Confirm => Step::Confirm,
        Asked::Schedule(workers) => Step::Schedule(known(scope, workers).await?),
        Asked::Start => Step::Start,
        Asked::Finish(result) => Step::Finish(input::lines("result", &result, 1_000)?),
        Asked::Accept => Step::Accept,
        Asked::Dispute(reason) => Step::Dispute(input::lines("reason", &reason, 500)?),
        Asked::Cancel(reason) => {
            Step::Cancel { reason: input::lines("reason", &reason, 500)?, free: !resident }
        }
        Asked::Close => Step::Close,
        Asked::ChargeAgain => return Ok(None),
    }))
}

/// Prices the work by the terms of today: without a price list nothing can be charged.
async fn priced(scope: &TenantScope, order: &Order, work: Work) -> Result<Step, Refused> {
    let estate = homes::estate(scope, order.estate).await?;
    if work.appointment < scope.now() {
        return Err(Refused::invalid("appointment", expected::not_before("now")));
    }
    let service = catalogue::find(scope, order.service).await?.ok_or_else(Refused::not_found)?;
    let dated = domain::on(&service.terms, estate.today(scope));
    let dated = dated.ok_or_else(|| Refused::Conflict(say::no_price_list()))?;
    let there = work.appointment.with_timezone(&estate.zone).time();
    let quote = quote(&dated.terms, &work, dated.terms.is_night(there))?;
    Ok(Step::Quote { quote: Box::new(quote), terms: (dated.number, dated.terms.clone()) })
}

/// Workers of whom identity has told, none twice.
async fn known(scope: &TenantScope, mut workers: Vec<UserId>) -> Result<Vec<UserId>, Refused> {
    workers.sort();
    workers.dedup();
    if !(1..=20).contains(&workers.len()) {
        return Err(Refused::invalid("workerIds", expected::items(1, 20)));
    }
    let ids = workers.iter().map(|user| user.as_uuid());
    let known = places::staff::by_id(scope, ids).await?;
    let active = |user: &UserId| known.get(&user.as_uuid()).is_some_and(|it| it.active);
    if workers.iter().all(active) { Ok(workers) } else { Err(Refused::not_found()) }
}

/// Billing has rejected the charge, its cause is mended: asks under a new reference.
async fn charge_again(scope: &TenantScope, order: &mut Order) -> Result<Charge, Refused> {
    let reference = order.reference();
    let state = charges::states(scope, [reference.clone()]).await?.remove(&reference);
    if !matches!(state, Some(ChargeState::Rejected { .. })) {
        return Err(Refused::Conflict(say::charge_not_rejected()));
    }
    order.details.charged_again += 1;
    let fee = order.details.cancel_fee;
    Ok(if fee.is_positive() { Charge::LateCancel(fee) } else { Charge::Quoted(order.total()) })
}

async fn ask(scope: &TenantScope, order: &Order, charge: Charge) -> Result<(), Refused> {
    let Some((_, terms)) = &order.details.terms else { return Ok(()) };
    let name = format!("{} / {}", terms.name_zh, terms.name_en);
    let (amount, description) = match charge {
        Charge::Nothing => return Ok(()),
        Charge::Quoted(amount) => (amount, name),
        Charge::LateCancel(amount) => (amount, say::cancelled_late(name).bilingual()),
    };
    let ask = ChargeAsk {
        reference: order.reference(),
        estate: order.estate,
        unit: Some(order.unit),
        payer: order.person,
        fee_item: terms.fee_item.clone(),
        amount,
        on: places::estates::today(scope, order.estate).await?,
        description,
    };
    charges::request(scope, ask).await
}
