//! The steps of an order: who may take them, and what they charge.

use super::{
    domain::{Answer, Charge, Order, OrderState, Said, Step, Way},
    notes,
    quote::{Work, quote},
    reach::Reached,
    repo, silence,
};
use crate::{
    Refused,
    charges::{self, ChargeAsk, ChargeState},
    homes, say as shared, sla,
    special_services::{
        ORDER_CONFIRM, ORDER_CREATE, ORDER_READ, ORDER_SETTLE, ORDER_WORK, OrderId,
        catalogue::{domain, repo as catalogue},
        say,
    },
};
use authz::{AuditFact, Caller, Denied, Permission, Reach, UserId, audit, keyed};
use contracts::PersonId;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use money::Fen;
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
    /// `at_residents_wish` says of a member of staff whose wish it is.
    Cancel {
        reason: String,
        at_residents_wish: bool,
    },
    Abort(String),
    Settle {
        reason: String,
        total: Option<Fen>,
    },
    Close,
    /// Ask billing again for a charge that it rejected.
    ChargeAgain,
}

impl Asked {
    fn permission(&self) -> Permission {
        match self {
            Self::Confirm | Self::Accept | Self::Dispute(_) => ORDER_CONFIRM,
            Self::Cancel { .. } => ORDER_CREATE,
            Self::Abort(_) | Self::Settle { .. } => ORDER_SETTLE,
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
            Self::Cancel { .. } => "special_order.cancelled",
            Self::Abort(_) => "special_order.aborted",
            Self::Settle { .. } => "special_order.dispute_settled",
            Self::Close => "special_order.closed",
            Self::ChargeAgain => "special_order.charged_again",
        }
    }

    /// Those who do the work neither price it nor say who does it, and do not close it.
    fn of_the_desk(&self) -> bool {
        matches!(self, Self::Quote(_) | Self::Schedule(_) | Self::Close | Self::ChargeAgain)
    }

    /// What it is that a resident says by the app.
    fn said(&self) -> Option<Said> {
        match self {
            Self::Confirm => Some(Said::Confirms),
            Self::Accept => Some(Said::Accepts),
            Self::Dispute(_) => Some(Said::Disputes),
            _ => None,
        }
    }

    /// Why, where a reason is given.
    fn reason(&self) -> Option<String> {
        match self {
            Self::Dispute(reason)
            | Self::Abort(reason)
            | Self::Cancel { reason, .. }
            | Self::Settle { reason, .. } => Some(reason.clone()),
            _ => None,
        }
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
    let permission = command.asked.permission();
    let right = caller.act(permission, ORDER_READ, order.estate)?;
    if !Reached::of(&scope, &right).await?.covers(&order) {
        return Err(Refused::not_found());
    }
    drop(scope);
    if command.asked.of_the_desk() && matches!(right.reach(), Reach::Assigned) {
        return Err(Denied::Missing(permission).into());
    }
    let own = right.own_person().map(PersonId::from_uuid);
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, command.asked.name(), key, &input, move |scope| {
        Box::pin(async move { taken(scope, &actor, own, command).await })
    })
    .await
}

/// The order, held, as the caller has read it.
pub(super) async fn held(
    scope: &TenantScope,
    (order, expected_version): (OrderId, i32),
) -> Result<Order, Refused> {
    let order = repo::lock(scope, order).await?.ok_or_else(Refused::not_found)?;
    if order.version == expected_version {
        Ok(order)
    } else {
        Err(Refused::Conflict(shared::changed_meanwhile()))
    }
}

async fn taken(
    scope: &TenantScope,
    caller: &Caller,
    own: Option<PersonId>,
    Act { order, expected_version, asked }: Act,
) -> Result<OrderId, Refused> {
    let mut order = held(scope, (order, expected_version)).await?;
    if matches!(asked, Asked::Settle { .. }) && order.is_worker(caller.user()) {
        return Err(Denied::SamePerson(say::worker_does_not_answer()).into());
    }
    if let (Some(said), Some(_)) = (asked.said(), own) {
        let (at, note) = (scope.now(), asked.reason());
        let answer = Answer { said, way: Way::App, person: own, recorded_by: None, at, note };
        order.details.answers.push(answer);
    }
    let (action, reason) = (asked.name(), asked.reason());
    if let Some(step) = step(scope, caller, &order, (asked, own.is_some())).await? {
        stepped(scope, &mut order, step).await?;
    } else {
        let charge = charge_again(scope, &mut order).await?;
        followed(scope, &order, charge).await?;
    }
    let fact = AuditFact {
        action,
        object: order.id.to_string(),
        estate: Some(order.estate),
        reason: reason.as_deref(),
        detail: (order.state, order.total(), order.details.cancel_fee),
    };
    audit(scope, caller, fact).await?;
    Ok(order.id)
}

/// Takes a step: keeps it, has charged what it costs and tells whom it concerns.
pub(super) async fn stepped(
    scope: &TenantScope,
    order: &mut Order,
    step: Step,
) -> Result<(), Refused> {
    let accepts = matches!(step, Step::Accept | Step::Settle { .. });
    let ends = matches!(step, Step::Abort(_) | Step::Settle { .. });
    let charge = order.take(step, scope.now()).map_err(Refused::Conflict)?;
    followed(scope, order, charge).await?;
    match order.state {
        OrderState::Quoted => notes::quoted(scope, order).await?,
        OrderState::Done => {
            silence::expect(scope, order).await?;
            notes::done(scope, order).await?;
        }
        _ if accepts => notes::finished(scope, order).await?,
        _ => {}
    }
    if ends { notes::ended(scope, order).await } else { Ok(()) }
}

/// Keeps the order, and has charged what must be.
async fn followed(scope: &TenantScope, order: &Order, charge: Charge) -> Result<(), Refused> {
    if !repo::save(scope, order).await? {
        return Err(Refused::Conflict(shared::changed_meanwhile()));
    }
    ask(scope, order, charge).await
}

/// What is asked as a step of the order, checked; `None` to charge again.
async fn step(
    scope: &TenantScope,
    caller: &Caller,
    order: &Order,
    (asked, resident): (Asked, bool),
) -> Result<Option<Step>, Refused> {
    let because = |reason: String| input::lines("reason", &reason, 500);
    Ok(Some(match asked {
        Asked::Quote(work) => priced(scope, caller.user(), order, work).await?,
        Asked::Confirm => Step::Confirm,
        Asked::Schedule(workers) => Step::Schedule(known(scope, workers).await?),
        Asked::Start => Step::Start,
        Asked::Finish(result) => Step::Finish(input::lines("result", &result, 1_000)?),
        Asked::Accept => Step::Accept,
        Asked::Dispute(reason) => Step::Dispute(because(reason)?),
        Asked::Cancel { reason, at_residents_wish } => {
            let free = !(resident || at_residents_wish);
            Step::Cancel { reason: because(reason)?, free }
        }
        Asked::Abort(reason) => Step::Abort(because(reason)?),
        Asked::Settle { reason, total } => {
            let most = order.total();
            if total.is_some_and(|total| total.is_negative() || total > most) {
                return Err(Refused::invalid("total", say::at_most(most)));
            }
            Step::Settle { reason: because(reason)?, total }
        }
        Asked::Close => Step::Close,
        Asked::ChargeAgain => return Ok(None),
    }))
}

/// Prices the work by the terms of today: without a price list nothing can be charged.
async fn priced(
    scope: &TenantScope,
    by: UserId,
    order: &Order,
    work: Work,
) -> Result<Step, Refused> {
    let estate = homes::estate(scope, order.estate).await?;
    if work.appointment < scope.now() {
        return Err(Refused::invalid("appointment", expected::not_before("now")));
    }
    let service = catalogue::find(scope, order.service).await?.ok_or_else(Refused::not_found)?;
    let dated = domain::on(&service.terms, estate.today(scope));
    let dated = dated.ok_or_else(|| Refused::Conflict(say::no_price_list()))?;
    let there = work.appointment.with_timezone(&estate.zone);
    let holiday = sla::calendar(scope, &estate).await?.is_holiday(there.date_naive());
    let quote = quote(&dated.terms, &work, (dated.terms.is_night(there.time()), holiday))?;
    Ok(Step::Quote { quote: Box::new(quote), terms: (dated.number, dated.terms.clone()), by })
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
