//! Billing's sheets of an export, told to residents, which writes the file.

use super::links::USES;
use super::settings::{KINDS, PRORATIONS, written};
use crate::{
    error::Refused,
    estates,
    fees::{self, FeeItem, FeeStandard, import_repo::Variant},
    ids::FeeItemId,
};
use authz::Denied;
use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{Code, Coded as _};
use http::StatusCode;
use ids::{EstateId, TenantId};
use roster::{FeePage, FeeRow, FeeSetting};
use std::collections::HashMap;
use uuid::Uuid;

/// How many prices one answer holds.
const PAGE: u64 = 2_000;

/// `GET /internal/fees/{company}/{estate}?after=…`: the prices that are approved and not over.
pub(crate) fn routes(db: Db) -> Router {
    Router::new().route("/internal/fees/{company}/{estate}", get(page)).with_state(db)
}

#[derive(serde::Deserialize)]
struct After {
    after: Option<Uuid>,
}

async fn page(
    State(db): State<Db>,
    Path((company, estate)): Path<(String, String)>,
    Query(After { after }): Query<After>,
) -> Response {
    let (Ok(company), Ok(estate)) = (company.parse(), estate.parse()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match fees(&db, company, estate, after).await {
        Ok(page) => Json(page).into_response(),
        Err(refused) if refused.code() == Code::NotFound => StatusCode::NOT_FOUND.into_response(),
        Err(refused) => {
            tracing::warn!(error = ?refused, "fees cannot be told");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn fees(
    db: &Db,
    company: TenantId,
    estate: EstateId,
    after: Option<Uuid>,
) -> Result<FeePage, Refused> {
    let scope = db.read(company).await?;
    let known = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let today = known.today(scope.clock());
    let prices = Prices::read(&scope, estate, today).await?;
    let rows = fees::import_repo::approved_page(&scope, estate, after, PAGE).await?;
    let next = rows.last().filter(|_| rows.len() as u64 == PAGE).map(|last| last.id.as_uuid());
    let current = rows.iter().filter(|row| row.last_day().is_none_or(|last| last >= today));
    let rows = current.filter_map(|standard| prices.row(standard)).collect();
    let settings = if after.is_none() { prices.settings(&scope).await? } else { Vec::new() };
    Ok(FeePage { settings, rows, next })
}

/// The different prices of an estate and the codes they get in the file: that of their item, with
/// a number behind it where the item has several.
struct Prices {
    items: HashMap<FeeItemId, FeeItem>,
    coded: Vec<(String, Variant)>,
}

impl Prices {
    async fn read(
        scope: &TenantScope,
        estate: EstateId,
        today: NaiveDate,
    ) -> Result<Self, Refused> {
        let items = fees::repo::items(scope, estate).await?;
        let items: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
        let mut variants = fees::import_repo::variants(scope, estate, today).await?;
        let name = |variant: &Variant| items.get(&variant.item).map(|item| item.code.clone());
        variants.retain(|it| items.contains_key(&it.item) && written(it.formula).is_some());
        variants.sort_by_key(|it| (name(it), written(it.formula), part(it.proration)));
        let mut coded: Vec<(String, Variant)> = Vec::with_capacity(variants.len());
        for at in 0..variants.len() {
            let of_item = variants.iter().filter(|other| other.item == variants[at].item).count();
            let before = variants[..at].iter().filter(|other| other.item == variants[at].item);
            let code = name(&variants[at]).unwrap_or_default();
            let code = if of_item == 1 { code } else { format!("{code}.{}", before.count() + 1) };
            coded.push((code, variants[at].clone()));
        }
        Ok(Self { items, coded })
    }

    fn row(&self, standard: &FeeStandard) -> Option<FeeRow> {
        let terms = &standard.terms;
        let same = |variant: &Variant| {
            (variant.item, variant.formula, variant.proration)
                == (terms.item, terms.formula, terms.proration)
        };
        let (fee, _) = self.coded.iter().find(|(_, variant)| same(variant))?;
        let used_as = terms
            .scope
            .unit_use
            .and_then(|ours| USES.iter().find(|(_, known)| *known == ours).map(|(word, _)| *word));
        Some(FeeRow {
            place: terms.scope.unit.map(crate::ids::UnitId::as_uuid),
            building: terms.scope.building.map(crate::ids::BuildingId::as_uuid),
            used_as,
            fee: fee.clone(),
            starts_on: terms.from,
            ends_on: standard.last_day(),
        })
    }

    async fn settings(&self, scope: &TenantScope) -> Result<Vec<FeeSetting>, Refused> {
        let mut settings = Vec::with_capacity(self.coded.len());
        for (code, variant) in &self.coded {
            let item = &self.items[&variant.item];
            let Some(formula) = written(variant.formula) else { continue };
            let kind = KINDS.iter().find(|(_, ours)| *ours == item.kind);
            let partner = match item.partner {
                Some(partner) => fees::repo::partner_name(scope, partner).await?,
                None => None,
            };
            settings.push(FeeSetting {
                code: code.clone(),
                item: Some(item.code.clone()),
                fee_type: kind.map(|(word, _)| word.word(sheets::Language::Zh).to_owned()),
                name: item.name_zh.clone(),
                name_en: Some(item.name_en.clone()),
                partner,
                kind: roster::FeeKind::Recurring,
                timing: None,
                cycle_months: None,
                billing_day: None,
                starts_on: None,
                ends_on: None,
                formula,
                proration: part(variant.proration),
            });
        }
        Ok(settings)
    }
}

fn part(ours: crate::charges::Proration) -> Option<roster::Proration> {
    PRORATIONS.iter().find(|(_, known)| *known == ours).map(|(word, _)| *word)
}
