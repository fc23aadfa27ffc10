//! Telling those who have to know that a promise is in danger or broken.

use super::{
    EscalationId, Subject,
    domain::{Due, Measure, Target},
    escalations_repo::{self, Escalation},
    repo::{self, Kept},
};
use crate::{
    Refused,
    responders::{self, Level, Responder},
};
use authz::UserId;
use db::TenantScope;
use std::collections::BTreeSet;

/// Notes each of these steps that nobody was told of, with those who are told.
pub(super) async fn reached(
    scope: &TenantScope,
    kept: &mut Kept,
    steps: &[Due],
    told: &mut BTreeSet<(Measure, u16)>,
) -> Result<(), Refused> {
    let new = |due: &&Due| !told.contains(&(due.step.measure, due.step.percent));
    let new: Vec<Due> = steps.iter().filter(new).copied().collect();
    if new.is_empty() {
        return Ok(());
    }
    let responders = responders::repo::of_estate(scope, kept.estate).await?;
    for due in new {
        let step = due.step;
        let escalation = Escalation {
            id: EscalationId::from_uuid(scope.new_id()),
            estate: kept.estate,
            subject: kept.subject,
            measure: step.measure,
            percent: step.percent.into(),
            target: step.target,
            due_at: due.at,
            at: scope.now(),
            acknowledged_by: None,
            acknowledged_at: None,
            told: whom(step.target, kept.assignee, &responders),
        };
        escalations_repo::escalate(scope, (kept.id, kept.facts.round), &escalation).await?;
        told.insert((step.measure, step.percent));
        if step.measure == Measure::Resolution {
            kept.warned = kept.warned.max(step.percent.into());
        }
    }
    Ok(())
}

/// Tells the supervisors that nobody suitable was found for a ticket; a second time in the same
/// round it is not said again.
///
/// # Errors
/// When writing fails.
pub(crate) async fn nobody_suits(scope: &TenantScope, subject: Subject) -> Result<(), Refused> {
    let Some(mut kept) = repo::lock(scope, subject).await? else { return Ok(()) };
    let step = super::domain::Step {
        measure: Measure::Assignment,
        percent: 0,
        target: Target::Supervisor,
    };
    let mut told = escalations_repo::told(scope, kept.id, kept.facts.round).await?;
    let due = Due { at: scope.now(), step };
    reached(scope, &mut kept, &[due], &mut told).await
}

/// Who is told: those of the level, else of the next one above, else of one below; possibly nobody.
fn whom(target: Target, assignee: Option<UserId>, all: &[Responder]) -> Vec<UserId> {
    let of = |level: Level| -> Vec<UserId> {
        all.iter().filter(|one| one.level == level).map(|one| one.user).collect()
    };
    let mut ways = match (target, assignee) {
        (Target::Assignee, Some(user)) => return vec![user],
        (Target::Assignee, None) | (Target::Supervisor, _) => {
            [of(Level::Supervisor), of(Level::Director)]
        }
        (Target::Director, _) => [of(Level::Director), of(Level::Supervisor)],
    }
    .into_iter();
    ways.find(|users| !users.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::EstateId;
    use uuid::Uuid;

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn a_level_without_people_is_the_next_ones() {
        let one = |n, level| Responder {
            estate: EstateId::from_uuid(Uuid::nil()),
            user: user(n),
            level,
            skills: Vec::new(),
            buildings: Vec::new(),
            on_duty_since: None,
        };
        let all = [one(1, Level::Staff), one(2, Level::Supervisor), one(3, Level::Director)];
        assert_eq!(whom(Target::Assignee, Some(user(1)), &all), [user(1)]);
        assert_eq!(whom(Target::Assignee, None, &all), [user(2)]);
        assert_eq!(whom(Target::Supervisor, Some(user(1)), &all), [user(2)]);
        assert_eq!(whom(Target::Director, Some(user(1)), &all), [user(3)]);
        assert_eq!(whom(Target::Supervisor, None, &all[2..]), [user(3)]);
        assert_eq!(whom(Target::Director, None, &all[..2]), [user(2)]);
        assert_eq!(whom(Target::Director, None, &all[..1]), []);
    }
}
