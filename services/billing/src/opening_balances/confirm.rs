//! The second person: posting a draft whose control totals they typed themselves.

use super::{
    OPENING_CONFIRM, OPENING_READ,
    domain::{OpeningState, RowState, Total, totals_agree},
    post::post,
    repo, rows_repo,
};
use crate::{error::Refused, estates, ids::OpeningId, say};
use authz::{AuditFact, Caller, Denied, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::Invalid;

/// Posts all rows of a draft or none. Whoever drafted them cannot, no row may be wrong, and the
/// totals given must be those of the rows.
#[tracing::instrument(name = "usecase.opening_balances.confirm", skip_all, fields(opening.id = %id))]
pub(crate) async fn confirm(
    db: &Db,
    caller: &Caller,
    id: OpeningId,
    totals: &[Total],
    key: &IdempotencyKey,
) -> Result<OpeningId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let opening = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    caller.act(OPENING_CONFIRM, OPENING_READ, opening.estate)?;
    let (actor, totals) = (caller.clone(), totals.to_vec());
    let input = (id, totals.clone());
    keyed(db, caller, "confirm_opening", key, &input, move |scope| {
        Box::pin(async move { confirmed(scope, &actor, id, &totals).await })
    })
    .await
}

async fn confirmed(
    scope: &TenantScope,
    caller: &Caller,
    id: OpeningId,
    totals: &[Total],
) -> Result<OpeningId, Refused> {
    let mut opening = repo::lock(scope, id).await?.ok_or(Denied::Hidden)?;
    if opening.created_by == caller.user() {
        return Err(Denied::SamePerson(say::opening_two_people()).into());
    }
    if opening.state != OpeningState::Draft {
        return Err(Refused::Conflict(say::opening_not_draft()));
    }
    let counts = repo::counts(scope, &[id]).await?.remove(&id).unwrap_or_default();
    if counts.wrong > 0 {
        return Err(Refused::Conflict(say::opening_wrong_rows(counts.wrong)));
    }
    if counts.totals.is_empty() {
        return Err(Refused::Conflict(say::opening_nothing_new()));
    }
    if !totals_agree(totals, &counts.totals) {
        return Err(Invalid::new("totals", say::opening_totals()).into());
    }
    // Held until the end: runs and other openings take turns.
    let estate = estates::lock(scope, opening.estate).await?.ok_or(Denied::Hidden)?;
    if opening.booked_on() > estate.today(scope.clock()) {
        return Err(Refused::Conflict(say::opening_too_early()));
    }
    if estate.cut_over.is_none() {
        estates::set_cut_over(scope, estate.id, opening.cut_over).await?;
    }
    let rows = rows_repo::in_state(scope, id, RowState::New).await?;
    let keys: Vec<String> = rows.iter().filter_map(|row| row.key.clone()).collect();
    if !rows_repo::posted(scope, estate.id, &keys).await?.is_empty() {
        return Err(Refused::Conflict(say::opening_overtaken()));
    }
    post(scope, &estate, &opening, rows).await?;
    opening.state = OpeningState::Posted;
    opening.decided = Some((caller.user(), scope.now()));
    repo::save(scope, &opening).await?;
    let fact = AuditFact {
        action: "opening_balance.posted",
        object: id.to_string(),
        estate: Some(opening.estate),
        reason: None,
        detail: serde_json::json!({ "totals": counts.totals, "drafted_by": opening.created_by }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(id)
}
