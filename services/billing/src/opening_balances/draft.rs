//! Drafting opening balances, batch by batch.

use super::{
    OPENING_PROPOSE, OPENING_READ,
    domain::{Given, OpeningState, RowState},
    known::known,
    problem::Problem,
    repo::{self, File, Opening},
    rows_repo::{self, OpeningRow},
};
use crate::{charges::BillingMonth, error::Refused, estates, ids::OpeningId, say};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use serde::Serialize;
use std::collections::HashSet;

/// The most rows of one batch.
pub(super) const BATCH: usize = 500;

/// The most rows of one draft: it is posted in one transaction.
pub(super) const MOST: i32 = 20_000;

/// Rows for a new draft of an estate, or for one that is there.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Batch {
    pub to: Target,
    pub rows: Vec<Given>,
}

/// Where rows go.
#[derive(Clone, Debug, Serialize)]
pub(crate) enum Target {
    /// Into a new draft; the first month that we charge is needed where the estate has none yet.
    New(EstateId, Option<BillingMonth>),
    /// Into this one.
    Draft(OpeningId),
}

/// Adds rows; wrong ones are kept and named.
#[tracing::instrument(name = "usecase.opening_balances.draft", skip_all)]
pub(crate) async fn draft(
    db: &Db,
    caller: &Caller,
    batch: Batch,
    key: &IdempotencyKey,
) -> Result<OpeningId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let estate = match batch.to {
        Target::New(estate, _) => estate,
        Target::Draft(id) => repo::find(&scope, id).await?.ok_or(Denied::Hidden)?.estate,
    };
    drop(scope);
    caller.act(OPENING_PROPOSE, OPENING_READ, estate)?;
    if batch.rows.len() > BATCH || batch.rows.is_empty() {
        return Err(Invalid::new("rows", expected::items(1, BATCH)).into());
    }
    let (actor, input) = (caller.clone(), batch.clone());
    keyed(db, caller, "draft_opening", key, &input, move |scope| {
        Box::pin(async move { drafted(scope, &actor, &batch).await })
    })
    .await
}

async fn drafted(
    scope: &TenantScope,
    caller: &Caller,
    batch: &Batch,
) -> Result<OpeningId, Refused> {
    let opening = match batch.to {
        Target::New(estate, month) => begin(scope, caller, (estate, month), None).await?,
        Target::Draft(id) => repo::lock(scope, id).await?.ok_or(Denied::Hidden)?,
    };
    if opening.state != OpeningState::Draft {
        return Err(Refused::Conflict(say::opening_not_draft()));
    }
    let added = add(scope, &opening, &batch.rows).await?;
    let fact = AuditFact {
        action: "opening_balance.drafted",
        object: opening.id.to_string(),
        estate: Some(opening.estate),
        reason: None,
        detail: serde_json::json!({ "rows": batch.rows.len(), "wrong": added }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(opening.id)
}

/// Begins a draft of an estate; the first month that we charge must be the one that is known.
pub(super) async fn begin(
    scope: &TenantScope,
    caller: &Caller,
    (estate, wanted): (EstateId, Option<BillingMonth>),
    file: Option<File>,
) -> Result<Opening, Refused> {
    let estate = estates::find(scope, estate).await?.ok_or(Denied::Hidden)?;
    let cut_over = match (estate.cut_over, wanted) {
        (Some(known), Some(wanted)) if known != wanted => {
            let reason = say::opening_cut_over(known.to_string());
            return Err(Invalid::new("cutOverMonth", reason).into());
        }
        (Some(month), _) | (None, Some(month)) => month,
        (None, None) => return Err(Invalid::new("cutOverMonth", expected::filled()).into()),
    };
    let opening = Opening {
        id: OpeningId::from_uuid(scope.new_id()),
        estate: estate.id,
        cut_over,
        state: OpeningState::Draft,
        created_by: caller.user(),
        created_at: scope.now(),
        decided: None,
        reversed: None,
        reason: None,
        file,
    };
    repo::insert(scope, &opening).await?;
    Ok(opening)
}

/// Adds the rows of a batch; answers how many of them are wrong. An account that is not of the
/// estate is hidden.
async fn add(scope: &TenantScope, opening: &Opening, given: &[Given]) -> Result<usize, Refused> {
    let before = rows_repo::count(scope, opening.id).await?;
    if before + i32::try_from(given.len()).unwrap_or(MOST) > MOST {
        let most = usize::try_from(MOST - before).unwrap_or_default();
        return Err(Invalid::new("rows", expected::items(0, most)).into());
    }
    let rows = weigh(scope, opening, before + 1, given, &mut HashSet::new()).await?;
    if rows.iter().any(|row| row.problem == Some(Problem::Account)) {
        return Err(Denied::Hidden.into());
    }
    rows_repo::insert(scope, opening, &rows).await?;
    Ok(rows.iter().filter(|row| row.state == RowState::Wrong).count())
}

/// What at most [`BATCH`] rows mean, or what is wrong with them, from a place on; `seen` are the keys
/// of the rows before them that are not stored yet.
pub(super) async fn weigh(
    scope: &TenantScope,
    opening: &Opening,
    place: i32,
    given: &[Given],
    seen: &mut HashSet<String>,
) -> Result<Vec<OpeningRow>, Refused> {
    let known = known(scope, opening.estate, given).await?;
    let mut rows: Vec<OpeningRow> = (place..)
        .zip(given)
        .map(|(place, given)| OpeningRow::new(place, given.clone(), &known, opening.cut_over))
        .collect();
    let keys: Vec<String> = rows.iter().filter_map(|row| row.key.clone()).collect();
    seen.extend(rows_repo::drafted(scope, opening.id, &keys).await?);
    let posted = rows_repo::posted(scope, opening.estate, &keys).await?;
    for row in &mut rows {
        let Some(key) = row.key.clone() else { continue };
        let before = posted.get(&key).map(Given::said);
        if !seen.insert(key) {
            row.refuse(Problem::Repeated);
        } else if before == Some(row.given.said()) {
            row.state = RowState::Known;
        } else if before.is_some() {
            row.refuse(Problem::OtherAmount);
        }
    }
    Ok(rows)
}
