//! Telling those who have to know that a promise is in danger or broken: an escalation to those of a
//! level, and a fact about the ticket, by which the board hears of it.

use super::{
    EscalationId, Subject, SubjectKind,
    domain::{Due, Measure, Step, Target},
    escalations_repo::{self, Escalation},
    repo::{self, Kept},
};
use crate::{
    Refused,
    complaints::ComplaintId,
    contacts::CallBackId,
    memos::MemoId,
    responders::{self, Level, Responder},
    secrecy,
    work_orders::WorkOrderId,
};
use authz::{Actor, AuditFact, UserId, audit_as};
use db::TenantScope;
use std::collections::BTreeSet;

/// In whose name the timers act.
const TIMER: Actor<'static> = Actor { kind: "system", id: "sla", origin: "service-desk" };

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
    let people = People::of(scope, kept).await?;
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
            told: people.whom(step.target),
        };
        escalations_repo::escalate(scope, (kept.id, kept.facts.round), &escalation).await?;
        note(scope, kept, step).await?;
        told.insert((step.measure, step.percent));
        if step.measure == Measure::Resolution {
            kept.warned = kept.warned.max(step.percent.into());
        }
    }
    Ok(())
}

/// Notes it on the ticket itself: who may see the ticket hears of it, and nobody else.
async fn note(scope: &TenantScope, kept: &Kept, step: Step) -> Result<(), Refused> {
    let action = match step.measure {
        Measure::Assignment => "sla.unassigned",
        _ if step.is_warning() => "sla.warned",
        _ => "sla.breached",
    };
    let fact = AuditFact {
        action,
        object: named(kept.subject),
        estate: Some(kept.estate),
        reason: None,
        detail: (step.measure, step.percent, step.target),
    };
    Ok(audit_as(scope, TIMER, fact).await?)
}

/// The id of a ticket as everybody knows it.
fn named(subject: Subject) -> String {
    match subject.kind {
        SubjectKind::WorkOrder => WorkOrderId::from_uuid(subject.id).to_string(),
        SubjectKind::Complaint => ComplaintId::from_uuid(subject.id).to_string(),
        SubjectKind::CallBack => CallBackId::from_uuid(subject.id).to_string(),
        SubjectKind::Memo => MemoId::from_uuid(subject.id).to_string(),
    }
}

/// Tells the supervisors that nobody suitable was found for a ticket; a second time in the same
/// round it is not said again.
///
/// # Errors
/// When writing fails.
pub(crate) async fn nobody_suits(scope: &TenantScope, subject: Subject) -> Result<(), Refused> {
    let Some(mut kept) = repo::lock(scope, subject).await? else { return Ok(()) };
    let step = Step { measure: Measure::Assignment, percent: 0, target: Target::Supervisor };
    let mut told = escalations_repo::told(scope, kept.id, kept.facts.round).await?;
    let due = Due { at: scope.now(), step };
    reached(scope, &mut kept, &[due], &mut told).await
}

/// Who could be told of a ticket: those who work here and may know of it.
struct People {
    /// Who has it, unless they are off duty.
    assignee: Option<UserId>,
    /// Who takes work in the estate.
    all: Vec<Responder>,
}

impl People {
    async fn of(scope: &TenantScope, kept: &Kept) -> Result<Self, Refused> {
        let mut all = responders::repo::of_estate(scope, kept.estate).await?;
        let apart = secrecy::kept_from(scope, kept.subject.id).await?;
        let users = all.iter().map(|one| one.user).chain(kept.assignee).map(UserId::as_uuid);
        let known = places::staff::by_id(scope, users).await?;
        let fits = |user: UserId| {
            !apart.contains(&user) && known.get(&user.as_uuid()).is_none_or(|one| one.active)
        };
        all.retain(|one| fits(one.user));
        Ok(Self { assignee: kept.assignee.filter(|user| fits(*user)), all })
    }

    /// Who is told: those of the level, else of the next one above, else of one below; possibly
    /// nobody. Who is off duty is told only where nobody of their level or above is on it.
    fn whom(&self, target: Target) -> Vec<UserId> {
        let of = |level: Level, on_duty: bool| -> Vec<UserId> {
            let meant =
                |one: &&Responder| one.level == level && (one.on_duty_since.is_some() || !on_duty);
            self.all.iter().filter(meant).map(|one| one.user).collect()
        };
        let (supervisor, director) = (Level::Supervisor, Level::Director);
        let levels = match target {
            Target::Director => {
                [(director, true), (director, false), (supervisor, true), (supervisor, false)]
            }
            Target::Assignee | Target::Supervisor => {
                [(supervisor, true), (director, true), (supervisor, false), (director, false)]
            }
        };
        let mut ways = levels.into_iter().map(|(level, on_duty)| of(level, on_duty));
        match self.assignee.filter(|_| target == Target::Assignee) {
            Some(user) if self.at_work(user) => vec![user],
            other => ways.find(|users| !users.is_empty()).unwrap_or(other.into_iter().collect()),
        }
    }

    /// Whether somebody is not known to be off duty.
    fn at_work(&self, user: UserId) -> bool {
        self.all.iter().find(|one| one.user == user).is_none_or(|one| one.on_duty_since.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use ids::EstateId;
    use uuid::Uuid;

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    fn one(n: u128, level: Level, on_duty_since: Option<DateTime<Utc>>) -> Responder {
        Responder {
            estate: EstateId::from_uuid(Uuid::nil()),
            user: user(n),
            level,
            skills: Vec::new(),
            buildings: Vec::new(),
            on_duty_since,
        }
    }

    #[test]
    fn a_level_without_people_is_the_next_ones() {
        let all = [
            one(1, Level::Staff, Some(DateTime::UNIX_EPOCH)),
            one(2, Level::Supervisor, None),
            one(3, Level::Director, None),
        ];
        let whom = |target, assignee: Option<UserId>, all: &[Responder]| {
            People { assignee, all: all.to_vec() }.whom(target)
        };
        assert_eq!(whom(Target::Assignee, Some(user(1)), &all), [user(1)]);
        assert_eq!(whom(Target::Assignee, None, &all), [user(2)]);
        assert_eq!(whom(Target::Supervisor, Some(user(1)), &all), [user(2)]);
        assert_eq!(whom(Target::Director, Some(user(1)), &all), [user(3)]);
        assert_eq!(whom(Target::Supervisor, None, &all[2..]), [user(3)]);
        assert_eq!(whom(Target::Director, None, &all[..2]), [user(2)]);
        assert_eq!(whom(Target::Director, None, &all[..1]), []);
    }

    #[test]
    fn who_is_off_duty_is_told_where_nobody_of_their_level_or_above_is_on_it() {
        let on = Some(DateTime::UNIX_EPOCH);
        let whom = |target, all: &[Responder]| {
            People { assignee: Some(user(1)), all: all.to_vec() }.whom(target)
        };
        let away = one(1, Level::Staff, None);
        let chief = one(2, Level::Supervisor, None);
        assert_eq!(whom(Target::Assignee, &[away.clone(), chief.clone()]), [user(2)]);
        assert_eq!(whom(Target::Assignee, std::slice::from_ref(&away)), [user(1)]);
        let second = one(4, Level::Supervisor, on);
        assert_eq!(whom(Target::Supervisor, &[chief.clone(), second.clone()]), [user(4)]);
        let director = one(3, Level::Director, on);
        assert_eq!(whom(Target::Supervisor, &[chief.clone(), director]), [user(3)]);
        // Nobody below hears in place of a director because of the hour.
        let asleep = one(3, Level::Director, None);
        assert_eq!(whom(Target::Director, &[second, asleep]), [user(3)]);
    }
}
