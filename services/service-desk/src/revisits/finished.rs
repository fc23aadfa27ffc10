//! Noting that something was finished.

use super::{
    Finished, Source, candidates_repo as candidates, draws, hands_repo, months_repo,
    policies::{self, Mode},
    source::Candidate,
    tasks::{self, Revisit},
};
use crate::month::Month;
use crate::{Refused, homes};
use authz::UserId;
use chrono::NaiveDate;
use db::TenantScope;
use ids::EstateId;

/// Notes that something was finished, for the policy of its kind: what is asked about always
/// becomes a revisit now, the rest is drawn from when its month is over (handbook ch. 23). The
/// same thing noted twice counts once.
///
/// # Errors
/// `NOT_FOUND` for an unknown estate; when writing fails.
pub async fn finished(scope: &TenantScope, fact: Finished) -> Result<(), Refused> {
    finished_discreetly(scope, fact, false).await.map(drop)
}

/// As [`finished`], where staff may not be told whom it is about (handbook ch. 22); whether it became
/// a revisit now.
///
/// # Errors
/// As [`finished`].
pub(crate) async fn finished_discreetly(
    scope: &TenantScope,
    fact: Finished,
    nameless: bool,
) -> Result<bool, Refused> {
    let estate = homes::estate(scope, fact.estate).await?;
    let noted = candidates::noted(scope, same_thing(fact.source), fact.reference).await?;
    if let Some(noted) = noted {
        return again(scope, &noted, &fact.workers).await;
    }
    let day = estate.day_of(fact.at);
    let source = kind(scope, &fact).await?;
    let mut month = Month::of(day);
    months_repo::hold(scope, estate.id, source, month).await?;
    // What is told only after the draw of its month waits for the next one.
    if draws::repo::of_month(scope, estate.id, source, month).await?.is_some() {
        month = Month::of(estate.today(scope));
        months_repo::hold(scope, estate.id, source, month).await?;
    }
    let building = match fact.unit {
        Some(unit) => places::homes::unit(scope, unit).await?.map(|unit| unit.building.as_uuid()),
        None => None,
    };
    let candidate = Candidate {
        id: scope.new_id(),
        estate: fact.estate,
        source,
        reference: fact.reference,
        unit: fact.unit,
        building,
        person: fact.person,
        workers: fact.workers,
        nameless,
        summary: fact.summary,
        finished_at: fact.at,
        month,
    };
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
    tasks::add(scope, &[revisit]).await?;
    Ok(true)
}

/// Done again, perhaps by others: they had a hand in it as well, and do not ask about it either.
/// Whether it has a revisit.
async fn again(
    scope: &TenantScope,
    noted: &Candidate,
    workers: &[UserId],
) -> Result<bool, Refused> {
    hands_repo::add(scope, noted.id, workers).await?;
    let revisit = tasks::repo::of_thing(scope, noted.source, noted.reference).await?;
    if let Some(revisit) = &revisit {
        let all = [revisit.workers.as_slice(), workers].concat();
        tasks::repo::put_workers(scope, revisit.id, all).await?;
    }
    Ok(revisit.is_some())
}

/// Which share of a kind of thing that is finished on a day is drawn to be asked about, in basis
/// points: that of the policy on the last day of its month, as the draw takes it.
///
/// # Errors
/// When reading fails.
pub(crate) async fn rate(
    scope: &TenantScope,
    (estate, source): (EstateId, Source),
    day: NaiveDate,
) -> Result<u16, Refused> {
    Ok(policies::repo::on(scope, estate, source, Month::of(day).last()).await?.rate_bp)
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
