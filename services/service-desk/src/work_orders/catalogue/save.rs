//! Changing the catalogue. Orders and quotes keep what they were made with.

use super::{
    super::{WORK_CATALOGUE_MANAGE, WORK_CATALOGUE_READ},
    domain::{Category, DEAREST, Price, placed},
    repo,
};
use crate::{Refused, homes, responders::domain::checked_skill, say};
use authz::{AuditFact, Caller, audit};
use db::{Db, TenantScope};
use errors::{expected, input::text};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// The longest warranty, in days: five years.
const LONGEST: i32 = 1827;

async fn begin(db: &Db, caller: &Caller, estate: EstateId) -> Result<TenantScope, Refused> {
    caller.act(WORK_CATALOGUE_MANAGE, WORK_CATALOGUE_READ, estate)?;
    let scope = db.write(caller.tenant()).await?;
    homes::estate(&scope, estate).await?;
    Ok(scope)
}

/// Keeps a category; its `version` is the one that was read, 0 for a new one.
#[tracing::instrument(name = "usecase.work_orders.save_category", skip_all)]
pub(super) async fn category(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    given: Category,
) -> Result<Category, Refused> {
    let scope = begin(db, caller, estate).await?;
    let all = repo::categories(&scope, estate).await?;
    let category = Category {
        code: checked_skill("code", &given.code)?,
        name_zh: text("nameZh", &given.name_zh, 100)?,
        name_en: text("nameEn", &given.name_en, 100)?,
        skill: given.skill.as_deref().map(|skill| checked_skill("skill", skill)).transpose()?,
        sla_code: checked_skill("slaCode", &given.sla_code)?,
        version: given.version + 1,
        ..given
    };
    let before = all.get(&category.code).map_or(0, |before| before.version);
    placed(&all, &category)?;
    if before != given.version || !repo::save_category(&scope, estate, &category).await? {
        return Err(Refused::Conflict(say::changed_meanwhile()));
    }
    note(&scope, caller, ("work_category.saved", estate, &category.code), &category).await?;
    scope.commit().await?;
    Ok(category)
}

/// Keeps a price; its `version` is the one that was read, 0 for a new one.
#[tracing::instrument(name = "usecase.work_orders.save_price", skip_all)]
pub(super) async fn price(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    given: Price,
) -> Result<Price, Refused> {
    let scope = begin(db, caller, estate).await?;
    let price = Price {
        code: checked_skill("code", &given.code)?,
        name_zh: text("nameZh", &given.name_zh, 100)?,
        name_en: text("nameEn", &given.name_en, 100)?,
        unit: text("unit", &given.unit, 20)?,
        version: given.version + 1,
        ..given
    };
    if price.price <= Fen(0) || price.price > DEAREST {
        return Err(Refused::invalid("price", expected::between(1, DEAREST.0)));
    }
    if !(0..=LONGEST).contains(&price.warranty_days) {
        return Err(Refused::invalid("warrantyDays", expected::between(0, LONGEST.into())));
    }
    let before = repo::prices(&scope, estate).await?;
    let before = before.get(&price.code).map_or(0, |before| before.version);
    if before != given.version || !repo::save_price(&scope, estate, &price).await? {
        return Err(Refused::Conflict(say::changed_meanwhile()));
    }
    note(&scope, caller, ("work_price.saved", estate, &price.code), &price).await?;
    scope.commit().await?;
    Ok(price)
}

async fn note(
    scope: &TenantScope,
    caller: &Caller,
    (action, estate, code): (&'static str, EstateId, &str),
    detail: impl Serialize,
) -> Result<(), Refused> {
    let object = format!("{estate}/{code}");
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    Ok(audit(scope, caller, fact).await?)
}
