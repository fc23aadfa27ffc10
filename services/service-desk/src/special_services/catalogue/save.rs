//! Saying what a service costs from a day on.

use super::{
    domain::{Dated, Terms},
    repo::{self, Service},
};
use crate::{
    Refused, homes, partner_settlements, say,
    special_services::{SERVICE_MANAGE, SERVICE_READ, ServiceId},
};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use ids::EstateId;
use serde::Serialize;

/// A new service, or new terms of one.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SaveService {
    pub estate: EstateId,
    /// The service and the version of it that the caller read; a new one when left out.
    pub existing: Option<(ServiceId, i32)>,
    pub code: String,
    pub from: NaiveDate,
    pub terms: Terms,
}

/// Keeps a service. Orders that were quoted keep the terms of their quote.
#[tracing::instrument(name = "usecase.special_services.save", skip_all)]
pub(super) async fn save(
    db: &Db,
    caller: &Caller,
    command: SaveService,
    key: &IdempotencyKey,
) -> Result<ServiceId, Refused> {
    caller.act(SERVICE_MANAGE, SERVICE_READ, command.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "save_special_service", key, &input, move |scope| {
        Box::pin(async move { kept(scope, &actor, command).await })
    })
    .await
}

async fn kept(
    scope: &TenantScope,
    caller: &Caller,
    command: SaveService,
) -> Result<ServiceId, Refused> {
    let estate = homes::estate(scope, command.estate).await?;
    let terms = command.terms.checked()?;
    if let Some(partner) = terms.partner {
        let found = partner_settlements::find_partner(scope, partner).await?;
        if found.is_none_or(|found| found.estate != estate.id) {
            return Err(Refused::not_found());
        }
    }
    if command.from < estate.today(scope) {
        return Err(Refused::invalid("effectiveFrom", expected::not_before("today")));
    }
    let (id, number) = match command.existing {
        Some((id, expected)) => {
            let found = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
            if found.estate != estate.id {
                return Err(Refused::not_found());
            }
            if !repo::count_up(scope, id, expected).await? {
                return Err(Refused::Conflict(say::changed_meanwhile()));
            }
            (id, expected + 1)
        }
        None => (added(scope, estate.id, &command.code).await?, 1),
    };
    let dated = Dated { number, from: command.from, terms };
    repo::say_terms(scope, id, &dated, caller.user()).await?;
    let fact = AuditFact {
        action: "special_service.saved",
        object: id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: (number, dated.from, &dated.terms),
    };
    audit(scope, caller, fact).await?;
    Ok(id)
}

async fn added(scope: &TenantScope, estate: EstateId, code: &str) -> Result<ServiceId, Refused> {
    let code = input::text("code", code, 32)?;
    if repo::has_code(scope, estate, &code).await? {
        return Err(Refused::invalid("code", expected::unused()));
    }
    let id = ServiceId::from_uuid(scope.new_id());
    let service = Service { id, estate, code, version: 1, terms: Vec::new() };
    repo::insert(scope, &service).await.map_err(Refused::added_meanwhile)?;
    Ok(id)
}
