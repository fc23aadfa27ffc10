//! Ordering a special service.

use super::{
    domain::{Details, Order, OrderState},
    repo,
};
use crate::{
    Refused,
    contacts::{self, ContactId},
    homes,
    special_services::{
        ORDER_CREATE, ORDER_READ, OrderId, ServiceId,
        catalogue::{domain, repo as catalogue},
        say,
    },
};
use authz::{AuditFact, Caller, EstateScope, audit, keyed};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use serde::Serialize;

/// Somebody of a unit wants a service.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RequestOrder {
    pub service: ServiceId,
    pub unit: UnitId,
    /// For whom; residents order for themselves.
    pub person: Option<PersonId>,
    pub wanted_at: DateTime<Utc>,
    pub note: Option<String>,
    /// The call or visit that it came from.
    pub contact: Option<ContactId>,
}

/// Keeps the wish; the desk prices it next.
#[tracing::instrument(name = "usecase.special_orders.request", skip_all)]
pub(super) async fn request(
    db: &Db,
    caller: &Caller,
    command: RequestOrder,
    key: &IdempotencyKey,
) -> Result<OrderId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let unit = places::homes::unit(&scope, command.unit).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(ORDER_CREATE, ORDER_READ, unit.estate)?;
    drop(scope);
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "request_special_order", key, &input, move |scope| {
        Box::pin(async move {
            let contact = command.contact;
            let order = order(scope, &right, command).await?;
            repo::insert(scope, &order).await?;
            if let Some(contact) = contact {
                if contacts::seen(scope, &actor, contact).await? != order.estate {
                    return Err(Refused::not_found());
                }
                let into = contacts::Outcome::SpecialOrder(order.id.to_string());
                contacts::converted(scope, contact, into).await?;
            }
            let fact = AuditFact {
                action: "special_order.requested",
                object: order.id.to_string(),
                estate: Some(order.estate),
                reason: None,
                detail: (order.service, order.unit),
            };
            audit(scope, &actor, fact).await?;
            Ok(order.id)
        })
    })
    .await
}

async fn order(
    scope: &TenantScope,
    right: &EstateScope,
    command: RequestOrder,
) -> Result<Order, Refused> {
    let unit = homes::covered(scope, right, command.unit).await?;
    let today = places::estates::today(scope, unit.estate).await?;
    let service = catalogue::find(scope, command.service).await?.ok_or_else(Refused::not_found)?;
    let offered = domain::on(&service.terms, today).map(|dated| dated.terms.listed);
    let hidden = right.own_person().is_some() && offered != Some(true);
    if service.estate != unit.estate || hidden {
        return Err(Refused::not_found());
    }
    if offered.is_none() {
        return Err(Refused::Conflict(say::no_price_list()));
    }
    let own = right.own_person().map(PersonId::from_uuid);
    if let (Some(own), Some(other)) = (own, command.person)
        && own != other
    {
        return Err(Refused::not_found());
    }
    let missing = || Refused::invalid("personId", expected::filled());
    let person = own.or(command.person).ok_or_else(missing)?;
    let members = places::homes::members(scope, [unit.id]).await?;
    if !members.iter().any(|it| it.person == person && it.on(today)) {
        return Err(Refused::invalid("personId", say::belongs_to_unit()));
    }
    if command.wanted_at < scope.now() {
        return Err(Refused::invalid("wantedAt", expected::not_before("now")));
    }
    let details = Details {
        wanted_at: Some(command.wanted_at),
        note: input::optional("note", command.note.as_deref(), 500)?,
        ..Details::default()
    };
    Ok(Order {
        id: OrderId::from_uuid(scope.new_id()),
        estate: unit.estate,
        unit: unit.id,
        building: unit.building,
        person,
        service: service.id,
        state: OrderState::Requested,
        version: 1,
        requested_at: scope.now(),
        workers: Vec::new(),
        partner: None,
        paid_on: None,
        details,
    })
}
