//! What a month's revisits came to.

use super::{
    Source, candidates_repo as candidates, draws, policies,
    tasks::{self, Rating, Revisit},
};
use crate::{
    Refused,
    month::Month,
    shares::{self, basis_points},
};
use db::TenantScope;
use ids::EstateId;

/// Figures of one kind of thing that was finished in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RevisitFigures {
    /// Of what.
    pub source: Source,
    /// How many were finished.
    pub finished: u64,
    /// How many of them must be revisited: the share, rounded up.
    pub needed: u64,
    /// How many were.
    pub done: u64,
    /// How many of those by their date.
    pub in_time: u64,
    /// How many households could not be reached.
    pub unreachable: u64,
    /// How many rated A or B.
    pub satisfied: u64,
    /// How many rated C.
    pub dissatisfied: u64,
}

impl RevisitFigures {
    /// Done of needed in basis points; `None` when nothing was needed.
    pub fn rate_bp(&self) -> Option<u64> {
        basis_points(self.done, self.needed)
    }

    /// A and B of those that answered, in basis points; `None` when nobody did.
    pub fn satisfied_bp(&self) -> Option<u64> {
        basis_points(self.satisfied, self.done)
    }

    fn of(source: Source, (finished, needed): (u64, u64), revisits: &[&Revisit]) -> Self {
        let count = |which: fn(&Revisit) -> bool| {
            u64::try_from(revisits.iter().filter(|it| which(it)).count()).unwrap_or(u64::MAX)
        };
        Self {
            source,
            finished,
            needed,
            done: count(|it| it.done_at.is_some()),
            in_time: count(Revisit::in_time),
            unreachable: count(|it| {
                it.done_at.is_none() && it.attempts >= tasks::domain::MOST_ATTEMPTS
            }),
            satisfied: count(|it| matches!(it.rating, Some(Rating::A | Rating::B))),
            dissatisfied: count(|it| it.rating == Some(Rating::C)),
        }
    }
}

/// The figures of every kind for what was finished in a month.
///
/// # Errors
/// When reading fails.
pub async fn figures(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<Vec<RevisitFigures>, Refused> {
    let policies = policies::repo::all_on(scope, estate, month.last()).await?;
    let revisits = tasks::repo::of_month(scope, estate, month).await?;
    let mut found = Vec::with_capacity(policies.len());
    for policy in policies {
        let source = policy.source;
        let finished = candidates::counted(scope, estate, source, month).await?;
        let drawn = draws::repo::of_month(scope, estate, source, month).await?;
        let rate = drawn.map_or(policy.rate_bp, |draw| draw.rate_bp);
        let needed = shares::part(rate.into(), finished);
        let of_source: Vec<&Revisit> = revisits.iter().filter(|it| it.source == source).collect();
        found.push(RevisitFigures::of(source, (finished, needed), &of_source));
    }
    Ok(found)
}
