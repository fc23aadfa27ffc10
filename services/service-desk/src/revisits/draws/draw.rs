//! Drawing a month.

use super::{
    domain::{Draw, choose},
    repo,
};
use crate::month::Month;
use crate::{
    Refused, homes,
    revisits::{
        REVISIT_MANAGE, REVISIT_READ, RevisitDrawId, Source, candidates_repo as candidates,
        months_repo, policies,
        source::Candidate,
        tasks::{self, Revisit},
    },
};
use authz::{AuditFact, Caller, UserId, audit};
use db::{Db, TenantScope};
use ids::EstateId;
use places::estates::Estate;
use sha2::{Digest as _, Sha256};
use std::collections::HashSet;
use uuid::Uuid;

/// Draw the revisits of this month.
#[derive(Clone, Copy, Debug)]
pub(in crate::revisits) struct DrawMonth {
    pub estate: EstateId,
    pub source: Source,
    pub month: Month,
}

/// Draws the revisits of a month that is over; one that was drawn answers its draw.
#[tracing::instrument(name = "usecase.revisits.draw", skip_all)]
pub(in crate::revisits) async fn draw(
    db: &Db,
    caller: &Caller,
    command: DrawMonth,
) -> Result<Draw, Refused> {
    caller.act(REVISIT_MANAGE, REVISIT_READ, command.estate)?;
    let scope = db.write(caller.tenant()).await?;
    let estate = homes::estate(&scope, command.estate).await?;
    months_repo::hold(&scope, estate.id, command.source, command.month).await?;
    let before = repo::of_month(&scope, estate.id, command.source, command.month).await?;
    if let Some(draw) = before {
        return Ok(draw);
    }
    let draw = draw_in(&scope, &estate, command, Some(caller.user())).await?;
    let fact = AuditFact {
        action: "revisit_draw.drawn",
        object: draw.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: (draw.source, draw.month.to_string(), draw.candidates, draw.chosen.len()),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(draw)
}

/// Draws inside a transaction that holds the month; a month that was drawn before answers that draw.
/// Who was asked at once already is not asked twice.
pub(in crate::revisits) async fn draw_in(
    scope: &TenantScope,
    estate: &Estate,
    which: DrawMonth,
    by: Option<UserId>,
) -> Result<Draw, Refused> {
    let (source, month) = (which.source, which.month);
    if scope.now() < month.ends(estate.zone) {
        return Err(Refused::invalid("month", crate::say::month_not_over()));
    }
    let policy = policies::repo::on(scope, estate.id, source, month.last()).await?;
    let found = candidates::of_month(scope, estate.id, source, month).await?;
    let ids: Vec<Uuid> = found.iter().map(|fact| fact.id).collect();
    let seed = hex::encode(Sha256::digest(scope.clock().bytes::<32>()));
    let choice = choose(&seed, policy.rate_bp, &ids);
    let draw = Draw {
        id: RevisitDrawId::from_uuid(scope.new_id()),
        estate: estate.id,
        source,
        month,
        seed,
        rate_bp: policy.rate_bp,
        candidates: choice.candidates,
        digest: choice.digest,
        chosen: choice.chosen,
        drawn_at: scope.now(),
        drawn_by: by,
    };
    repo::insert(scope, &draw).await?;
    let kept = repo::of_month(scope, estate.id, source, month).await?;
    let kept = kept.ok_or_else(Refused::not_found)?;
    if kept.id == draw.id {
        let before = tasks::repo::of_month(scope, estate.id, month).await?;
        let asked: HashSet<Uuid> = before.into_iter().map(|revisit| revisit.candidate).collect();
        let chosen = found.iter().filter(|fact| draw.chosen.contains(&fact.id));
        let chosen = chosen.filter(|fact| !asked.contains(&fact.id));
        let revisit = |fact: &Candidate| {
            let ids = (scope.new_id(), Some(draw.id.as_uuid()));
            Revisit::of(fact, &policy, ids, draw.drawn_at)
        };
        tasks::add(scope, &chosen.map(revisit).collect::<Vec<_>>()).await?;
    }
    Ok(kept)
}
