//! Noting that something was finished.

use super::{
    Finished, Source, candidates_repo as candidates, draws,
    month::Month,
    policies::{self, Mode},
    source::Candidate,
    tasks::{self, Revisit},
};
use crate::{Refused, homes};
use authz::UserId;
use db::TenantScope;

/// Notes that something was finished, for the policy of its kind: what is asked about always
/// becomes a revisit now, the rest is drawn from when its month is over (handbook ch. 23). The
/// same thing noted twice counts once.
///
/// # Errors
/// `NOT_FOUND` for an unknown estate; when writing fails.
pub async fn finished(scope: &TenantScope, fact: Finished) -> Result<(), Refused> {
    finished_unseen_by(scope, fact, Vec::new()).await.map(drop)
}

/// As [`finished`], for what some of the staff may not know of; whether it became a revisit now.
///
/// # Errors
/// As [`finished`].
pub(crate) async fn finished_unseen_by(
    scope: &TenantScope,
    fact: Finished,
    hidden_from: Vec<UserId>,
) -> Result<bool, Refused> {
    let estate = homes::estate(scope, fact.estate).await?;
    let noted = candidates::noted(scope, same_thing(fact.source), fact.reference).await?;
    if let Some(noted) = noted {
        let revisit = tasks::repo::of_thing(scope, noted.source, noted.reference).await?;
        return Ok(revisit.is_some());
    }
    let day = estate.day_of(fact.at);
    let building = match fact.unit {
        Some(unit) => places::homes::unit(scope, unit).await?.map(|unit| unit.building.as_uuid()),
        None => None,
    };
    let candidate = Candidate {
        id: scope.new_id(),
        estate: fact.estate,
        source: kind(scope, &fact).await?,
        reference: fact.reference,
        unit: fact.unit,
        building,
        person: fact.person,
        workers: fact.workers,
        hidden_from,
        summary: fact.summary,
        finished_at: fact.at,
        month: Month::of(day),
    };
    let (source, month) = (candidate.source, candidate.month);
    if candidates::counted(scope, estate.id, source, month).await? == 0 {
        draws::job::enqueue(scope, &candidate, estate.zone).await?;
    }
    candidates::insert(scope, &candidate).await?;
    let policy = policies::repo::on(scope, estate.id, source, day).await?;
    if policy.mode != Mode::AtOnce {
        return Ok(false);
    }
    let ids = (scope.new_id(), None);
    let revisit = Revisit::of(&candidate, &policy, ids, candidate.finished_at);
    tasks::repo::insert(scope, &[revisit]).await?;
    Ok(true)
}

/// As what a thing may have been noted before.
fn same_thing(source: Source) -> &'static [Source] {
    match source {
        Source::Complaint => &[Source::Complaint],
        Source::WorkOrder => &[Source::WorkOrder],
        Source::SpecialOrder | Source::Housekeeping => {
            &[Source::SpecialOrder, Source::Housekeeping]
        }
        Source::CommunityEvent => &[Source::CommunityEvent],
        Source::SurveyComment => &[Source::SurveyComment],
    }
}

/// As what it counts: only a household's first housekeeping is asked about always.
async fn kind(scope: &TenantScope, fact: &Finished) -> Result<Source, Refused> {
    if let (Source::Housekeeping, Some(unit)) = (fact.source, fact.unit)
        && candidates::has_one(scope, unit, Source::Housekeeping).await?
    {
        return Ok(Source::SpecialOrder);
    }
    Ok(fact.source)
}
