//! What may be done to a complaint, and when.

use super::{
    ComplaintId,
    kinds::{Above, Cause, Channel, Class, Department, Grade, Ground, Outcome, State},
    say,
};
use crate::{month::Month, revisits::Rating};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use contracts::{PersonId, UnitId};
use ids::EstateId;
use texts::Text;
use uuid::Uuid;

/// What the figures count as handled within a day, from the first receipt to the end, whatever was
/// promised (handbook ch. 22).
pub const SOLVED_IN: Duration = Duration::hours(24);
/// So long a closed complaint can be reopened.
pub const REOPEN: Duration = Duration::days(7);
/// A complaint of the same household and class within so many days of another is a repeat.
pub const REPEAT: Duration = Duration::days(30);

/// Who complains.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complainant {
    pub person: Option<PersonId>,
    pub unit: Option<UnitId>,
    /// What somebody is called who is not known otherwise.
    pub name: Option<String>,
    /// Whether staff are not told who it is.
    pub anonymous: bool,
}

/// A later time that was proposed to the complainant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub until: DateTime<Utc>,
    pub reason: String,
}

/// What was found and done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    pub result: String,
    pub cause: Cause,
    pub department: Department,
    pub responsible: Option<UserId>,
    pub preventive: String,
    pub compensation: Option<String>,
}

/// A complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    pub id: ComplaintId,
    pub estate: EstateId,
    pub month: Month,
    /// Counted in the estate and month.
    pub number: i32,
    pub channel: Channel,
    pub complainant: Complainant,
    /// Staff whom it is about; for them it does not exist.
    pub subjects: Vec<UserId>,
    /// The unit that it is about.
    pub about_unit: Option<UnitId>,
    /// Where it is, for zones.
    pub building: Option<Uuid>,
    pub class: Class,
    pub facts: String,
    pub demand: Option<String>,
    pub recorded_by: UserId,
    pub received_at: DateTime<Utc>,
    pub first_due_at: DateTime<Utc>,
    pub first_responded_at: Option<DateTime<Utc>>,
    pub ground: Option<Ground>,
    pub valid: Option<bool>,
    pub handler: Option<UserId>,
    /// Promised on receipt or when it began anew, or what the complainant agreed to.
    pub due_at: DateTime<Utc>,
    pub proposal: Option<Proposal>,
    pub state: State,
    pub escalated_to: Option<Above>,
    pub resolution: Option<Resolution>,
    pub resolved_at: Option<DateTime<Utc>>,
    /// What revisits know its present end by.
    pub revisit_reference: Option<Uuid>,
    pub rating: Option<Rating>,
    pub outcome: Option<Outcome>,
    pub closed_at: Option<DateTime<Utc>>,
    pub reopened: i32,
    pub repeat_of: Option<Uuid>,
    pub same_cause: Option<Uuid>,
    pub version: i32,
}

impl Complaint {
    /// What people call it, e.g. `2026-08-0042`.
    pub fn called(&self) -> String {
        format!("{}-{:04}", self.month, self.number)
    }

    /// Its grade, once it has one.
    pub fn grade(&self) -> Option<Grade> {
        self.ground.map(Ground::grade)
    }

    /// Minutes to the first response, once there is one.
    pub fn response_minutes(&self) -> Option<i64> {
        self.first_responded_at.map(|at| (at - self.received_at).num_minutes())
    }

    /// Whether somebody answered in time; `None` while there is time left.
    pub fn answered_in_time(&self, now: DateTime<Utc>) -> Option<bool> {
        kept(self.first_responded_at, self.first_due_at, now)
    }

    /// Whether it was resolved by the promised time; `None` while there is time left.
    pub fn resolved_in_time(&self, now: DateTime<Utc>) -> Option<bool> {
        kept(self.resolved_at, self.due_at, now)
    }

    /// Minutes from receipt to its present end.
    pub fn resolution_minutes(&self) -> Option<i64> {
        self.resolved_at.map(|at| (at - self.received_at).num_minutes())
    }

    /// Whether it ended within a day of its receipt, agreed extensions not counted.
    pub fn within_a_day(&self) -> bool {
        self.resolved_at.is_some_and(|at| at - self.received_at <= SOLVED_IN)
    }

    /// Until when the complainant may have it looked at again.
    pub fn reopen_until(&self) -> Option<DateTime<Utc>> {
        self.closed_at.map(|at| at + REOPEN)
    }

    /// Somebody answered.
    pub fn respond(&mut self, now: DateTime<Utc>) -> Result<(), Text> {
        if self.first_responded_at.is_some() {
            return Err(say::already_answered());
        }
        self.first_responded_at = Some(now);
        self.state = State::FirstResponded;
        Ok(())
    }

    /// It gets its grade, or another one; a major one is the company's.
    pub fn give_grade(&mut self, ground: Ground) -> Result<(), Text> {
        if self.first_responded_at.is_none() {
            return Err(say::answer_first());
        }
        self.must_be_open()?;
        self.ground = Some(ground);
        self.valid = Some(true);
        if ground.grade() == Grade::Major {
            self.escalated_to = Some(Above::Company);
        }
        if self.state == State::FirstResponded {
            self.state = State::Graded;
        }
        Ok(())
    }

    /// Somebody is to handle it.
    pub fn assign(&mut self, handler: UserId) -> Result<(), Text> {
        if self.ground.is_none() {
            return Err(say::grade_first());
        }
        self.must_be_open()?;
        self.handler = Some(handler);
        if self.state != State::ExtensionAgreed {
            self.state = State::Assigned;
        }
        Ok(())
    }

    /// Something is done about it.
    pub fn work(&mut self) -> Result<(), Text> {
        self.must_be_open()?;
        if matches!(self.state, State::Assigned | State::Reopened) {
            self.state = State::InProgress;
        }
        Ok(())
    }

    /// A later time is proposed; only the complainant's yes makes it count.
    pub fn propose(&mut self, proposal: Proposal) -> Result<(), Text> {
        if self.ground.is_none() {
            return Err(say::grade_first());
        }
        self.must_be_open()?;
        self.proposal = Some(proposal);
        Ok(())
    }

    /// The complainant agrees to the later time.
    pub fn agree(&mut self) -> Result<(), Text> {
        self.must_be_open()?;
        let proposal = self.proposal.take().ok_or_else(say::nothing_proposed)?;
        self.due_at = proposal.until;
        self.state = State::ExtensionAgreed;
        Ok(())
    }

    /// It is solved.
    pub fn resolve(&mut self, now: DateTime<Utc>, found: Resolution) -> Result<(), Text> {
        if self.handler.is_none() || self.ground.is_none() {
            return Err(say::assign_first());
        }
        self.must_be_open()?;
        self.resolution = Some(found);
        self.resolved_at = Some(now);
        self.proposal = None;
        self.state = State::Resolved;
        Ok(())
    }

    /// It is out of scope, which was explained; so it is closed.
    pub fn decline(&mut self, now: DateTime<Utc>) -> Result<(), Text> {
        if self.first_responded_at.is_none() {
            return Err(say::answer_first());
        }
        self.must_be_open()?;
        self.valid = Some(false);
        self.resolved_at = Some(now);
        self.proposal = None;
        self.end(now, Outcome::Invalid);
        Ok(())
    }

    /// It is closed without an answer to the revisit: none is due, or nobody could be asked.
    pub fn close_unasked(&mut self, now: DateTime<Utc>, asked_in_vain: bool) -> Result<(), Text> {
        match self.state {
            State::Resolved => {}
            State::RevisitDue if asked_in_vain => {}
            State::RevisitDue => return Err(say::revisit_first()),
            _ => return Err(say::not_resolved()),
        }
        self.end(now, Outcome::Unasked);
        Ok(())
    }

    /// The complainant rated it: good ends it, bad begins it anew. An answer that comes when it is
    /// being handled again changes nothing.
    pub fn rated(&mut self, now: DateTime<Utc>, rating: Rating) {
        if self.state.is_open() {
            return;
        }
        self.rating = Some(rating);
        match rating {
            Rating::A => self.end(now, Outcome::Satisfied),
            Rating::B => self.end(now, Outcome::Accepted),
            Rating::C => self.begin_anew(),
        }
    }

    /// It is looked at again, within seven days of its end.
    pub fn reopen(&mut self, now: DateTime<Utc>) -> Result<(), Text> {
        match self.reopen_until() {
            None => Err(say::not_closed()),
            Some(until) if now > until => Err(say::too_late_to_reopen()),
            Some(_) => {
                self.begin_anew();
                Ok(())
            }
        }
    }

    /// Somebody above takes it.
    pub fn escalate(&mut self, above: Above) -> Result<(), Text> {
        self.must_be_open()?;
        if self.escalated_to.is_some_and(|now| now >= above) {
            return Err(say::already_escalated());
        }
        self.escalated_to = Some(above);
        Ok(())
    }

    /// Whom it is about; one of them who handles it, does no more.
    pub fn is_about(&mut self, subjects: Vec<UserId>) {
        self.subjects = subjects;
        if self.handler.is_some_and(|handler| self.subjects.contains(&handler)) {
            self.take_from_handler();
        }
    }

    /// Its handler handles it no more; somebody else is to.
    pub fn take_from_handler(&mut self) {
        self.handler = None;
        self.state = State::Graded;
    }

    fn end(&mut self, now: DateTime<Utc>, outcome: Outcome) {
        self.state = State::Closed;
        self.outcome = Some(outcome);
        self.closed_at = Some(now);
    }

    fn begin_anew(&mut self) {
        self.state = State::Reopened;
        self.outcome = None;
        self.closed_at = None;
        self.resolved_at = None;
        self.revisit_reference = None;
        self.reopened += 1;
    }

    fn must_be_open(&self) -> Result<(), Text> {
        if self.state.is_open() { Ok(()) } else { Err(say::over()) }
    }
}

fn kept(done: Option<DateTime<Utc>>, due: DateTime<Utc>, now: DateTime<Utc>) -> Option<bool> {
    match done {
        Some(at) => Some(at <= due),
        None => (now > due).then_some(false),
    }
}

/// Whether a text for the other party gives the complainant away by a name or a unit.
pub fn gives_away(text: &str, names: &[String]) -> bool {
    names.iter().any(|name| name.chars().count() > 1 && text.contains(name.as_str()))
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
