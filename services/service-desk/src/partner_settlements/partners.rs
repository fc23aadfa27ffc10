//! Partners and what they owe for damage.

use super::{
    ClaimId, PartnerId, SETTLEMENT_PREPARE, SETTLEMENT_READ,
    domain::{Claim, Partner},
    repo, say,
};
use crate::{
    Refused, homes, say as shared,
    special_services::{OrderId, SERVICE_MANAGE, orders},
};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// A new partner, or another name or state of one.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SavePartner {
    pub estate: EstateId,
    /// The partner and the version of it that the caller read; a new one when left out.
    pub existing: Option<(PartnerId, i32)>,
    pub name: String,
    pub active: bool,
}

/// Keeps a partner.
#[tracing::instrument(name = "usecase.partners.save", skip_all)]
pub(super) async fn save(
    db: &Db,
    caller: &Caller,
    command: SavePartner,
    key: &IdempotencyKey,
) -> Result<PartnerId, Refused> {
    caller.act(SERVICE_MANAGE, SETTLEMENT_READ, command.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "save_service_partner", key, &input, move |scope| {
        Box::pin(async move { kept(scope, &actor, command).await })
    })
    .await
}

async fn kept(
    scope: &TenantScope,
    caller: &Caller,
    command: SavePartner,
) -> Result<PartnerId, Refused> {
    let estate = homes::estate(scope, command.estate).await?;
    let name = input::text("name", &command.name, 100)?;
    let id = command.existing.map(|(id, _)| id);
    let same = repo::partner_named(scope, estate.id, &name).await?;
    if same.is_some_and(|same| Some(same) != id) {
        return Err(Refused::invalid("name", expected::unused()));
    }
    let partner = if let Some((id, version)) = command.existing {
        let found = repo::find_partner(scope, id).await?.ok_or_else(Refused::not_found)?;
        if found.estate != estate.id {
            return Err(Refused::not_found());
        }
        let partner = Partner { name, active: command.active, version, ..found };
        let saved = repo::save_partner(scope, &partner).await;
        if !saved.map_err(Refused::added_meanwhile)? {
            return Err(Refused::Conflict(shared::changed_meanwhile()));
        }
        partner
    } else {
        let id = PartnerId::from_uuid(scope.new_id());
        let (estate, active) = (estate.id, command.active);
        let partner = Partner { id, estate, name, active, version: 1 };
        repo::insert_partner(scope, &partner).await.map_err(Refused::added_meanwhile)?;
        partner
    };
    let fact = AuditFact {
        action: "service_partner.saved",
        object: partner.id.to_string(),
        estate: Some(partner.estate),
        reason: None,
        detail: (&partner.name, partner.active),
    };
    audit(scope, caller, fact).await?;
    Ok(partner.id)
}

/// Damage that a partner did with an order.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NoteClaim {
    pub order: OrderId,
    pub amount: Fen,
    pub reason: String,
    pub on: NaiveDate,
}

/// Notes a claim; the next settlement deducts it.
#[tracing::instrument(name = "usecase.partners.note_claim", skip_all)]
pub(super) async fn note_claim(
    db: &Db,
    caller: &Caller,
    command: NoteClaim,
    key: &IdempotencyKey,
) -> Result<ClaimId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let order = orders::repo::find(&scope, command.order).await?;
    let order = order.ok_or_else(Refused::not_found)?;
    drop(scope);
    caller.act(SETTLEMENT_PREPARE, SETTLEMENT_READ, order.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "note_partner_claim", key, &input, move |scope| {
        Box::pin(async move {
            let partner = order.partner.filter(|_| order.details.started_at.is_some());
            let partner =
                partner.ok_or_else(|| Refused::invalid("orderId", say::order_of_partner()))?;
            if !command.amount.is_positive() {
                return Err(Refused::invalid("amount", expected::above_zero()));
            }
            if command.on > places::estates::today(scope, order.estate).await? {
                return Err(Refused::invalid("on", say::day_passed()));
            }
            let claim = Claim {
                id: ClaimId::from_uuid(scope.new_id()),
                estate: order.estate,
                partner,
                order: order.id,
                amount: command.amount,
                reason: input::lines("reason", &command.reason, 500)?,
                on: command.on,
                noted_by: Some(actor.user()),
                noted_at: scope.now(),
                settlement: None,
                refund: false,
            };
            audit(scope, &actor, keep(scope, &claim).await?).await?;
            Ok(claim.id)
        })
    })
    .await
}

/// Keeps a claim; what the log says of it.
pub(super) async fn keep<'c>(
    scope: &TenantScope,
    claim: &'c Claim,
) -> Result<AuditFact<'c, (OrderId, Fen)>, StorageError> {
    repo::insert_claim(scope, claim).await?;
    Ok(AuditFact {
        action: "partner_claim.noted",
        object: claim.id.to_string(),
        estate: Some(claim.estate),
        reason: Some(&claim.reason),
        detail: (claim.order, claim.amount),
    })
}
