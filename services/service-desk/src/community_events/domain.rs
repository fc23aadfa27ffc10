//! An event, its plan and its steps; places and the queue.

use super::{CommunityEventId, SignUpId, say};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use errors::{Invalid, expected, input};
use ids::EstateId;
use money::Fen;
use serde::{Deserialize, Serialize};
use texts::Text;

/// The most people of an event.
const MAX_CAPACITY: i64 = 100_000;

/// How far an event has come (handbook ch. 36). Whether registration is open, the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum EventState {
    /// In the year's plan.
    Planned,
    /// Waits for the director.
    Proposed,
    /// The director agreed.
    Approved,
    /// Residents know of it.
    Announced,
    /// It took place.
    Held,
    /// It does not take place.
    Cancelled,
    /// The report is written.
    Summarised,
    /// Over.
    Archived,
}

impl EventState {
    /// In words.
    pub(super) fn word(self) -> Text {
        match self {
            Self::Planned => say::state_planned(),
            Self::Proposed => say::state_proposed(),
            Self::Approved => say::state_approved(),
            Self::Announced => say::state_announced(),
            Self::Held => say::state_held(),
            Self::Cancelled => say::state_cancelled(),
            Self::Summarised => say::state_summarised(),
            Self::Archived => say::state_archived(),
        }
    }
}

/// One line of a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BudgetLine {
    /// Its code, unique in the event.
    pub code: String,
    /// What for.
    pub name: String,
    /// How much, in fen.
    pub amount: Fen,
}

/// What is planned.
#[expect(clippy::struct_field_names, reason = "the plan for safety is called so")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub title_zh: String,
    pub title_en: String,
    pub goal: String,
    pub place: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// How many people, companions among them.
    pub capacity: u32,
    /// From when on residents sign up.
    pub opens_at: DateTime<Utc>,
    /// Until when.
    pub closes_at: DateTime<Utc>,
    /// How many companions one may bring.
    pub most_companions: u32,
    pub safety_plan: String,
    pub budget: Vec<BudgetLine>,
}

impl Plan {
    /// All of the budget.
    pub(super) fn total(&self) -> Fen {
        self.budget.iter().map(|line| line.amount).sum()
    }

    /// Checks what people write.
    ///
    /// # Errors
    /// The field to blame.
    pub(super) fn checked(mut self) -> Result<Self, Invalid> {
        self.title_zh = input::text("titleZh", &self.title_zh, 100)?;
        self.title_en = input::text("titleEn", &self.title_en, 200)?;
        self.goal = input::lines("goal", &self.goal, 1_000)?;
        self.place = input::text("place", &self.place, 200)?;
        self.safety_plan = input::lines("safetyPlan", &self.safety_plan, 5_000)?;
        let within = |field: &str, value: u32, least: i64, most: i64| {
            let fits = (least..=most).contains(&i64::from(value));
            if fits { Ok(()) } else { Err(Invalid::new(field, expected::between(least, most))) }
        };
        within("capacity", self.capacity, 1, MAX_CAPACITY)?;
        within("mostCompanions", self.most_companions, 0, 20)?;
        let in_order = [
            ("endsAt", "startsAt", self.starts_at, self.ends_at),
            ("closesAt", "opensAt", self.opens_at, self.closes_at),
            ("startsAt", "closesAt", self.closes_at, self.starts_at),
        ];
        for (field, other, before, after) in in_order {
            if after < before {
                return Err(Invalid::new(field, expected::not_before(other)));
            }
        }
        if !(1..=50).contains(&self.budget.len()) {
            return Err(Invalid::new("budget", expected::items(1, 50)));
        }
        for line in &mut self.budget {
            line.code = input::text("budget", &line.code, 32)?;
            line.name = input::text("budget", &line.name, 100)?;
            if line.amount.is_negative() || line.amount > Fen(10_000_000_000) {
                return Err(Invalid::new("budget", expected::between(0, 100_000_000)));
            }
        }
        let mut codes: Vec<&str> = self.budget.iter().map(|line| &*line.code).collect();
        codes.sort_unstable();
        if codes.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Invalid::new("budget", expected::unused()));
        }
        Ok(self)
    }
}

/// What an event came to, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    /// What happened.
    pub summary: String,
    /// What it did for the community.
    pub effect: String,
    /// What to do better.
    pub lessons: String,
}

/// What is known of an event besides what lists filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    pub plan: Plan,
    pub planned_by: UserId,
    pub proposed: Option<(UserId, DateTime<Utc>)>,
    pub approved: Option<(UserId, DateTime<Utc>)>,
    /// Why the director gave it back, the last time.
    pub returned_because: Option<String>,
    pub announced_at: Option<DateTime<Utc>>,
    pub held_at: Option<DateTime<Utc>>,
    pub cancelled_because: Option<String>,
    pub report: Option<Report>,
    /// How many of those who came are asked, in basis points: the policy's share when it was held.
    #[serde(default)]
    pub revisit_rate: Option<u16>,
}

/// A community event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    pub id: CommunityEventId,
    pub estate: EstateId,
    /// The year of whose plan it is a part.
    pub year: i32,
    pub state: EventState,
    pub version: i32,
    /// What signs its e-tickets.
    pub secret: String,
    pub details: Details,
}

/// A step, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Step {
    /// Ask the director.
    Propose,
    /// The director agrees.
    Approve,
    /// The director gives it back.
    Return(String),
    /// Tell the residents.
    Announce,
    /// It took place.
    Hold,
    /// It does not take place.
    Cancel(String),
    /// The report is written.
    Summarise(Report),
    /// Over.
    Archive,
}

/// Why a step is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// The event does not allow it.
    State(Text),
    /// It must be done by another person.
    SamePerson,
}

impl Event {
    /// Whether residents know of it.
    pub(super) fn is_public(&self) -> bool {
        self.details.announced_at.is_some()
    }

    /// Whether one can sign up now.
    pub(super) fn is_registering(&self, now: DateTime<Utc>) -> bool {
        let plan = &self.details.plan;
        self.state == EventState::Announced && plan.opens_at <= now && now <= plan.closes_at
    }

    /// Whether who comes is let in now.
    pub(super) fn is_checking_in(&self, now: DateTime<Utc>) -> bool {
        let plan = &self.details.plan;
        let opens = plan.starts_at - Duration::hours(2);
        self.state == EventState::Announced && opens <= now && now <= plan.ends_at
    }

    /// Whether it was announced and has not begun.
    pub(super) fn is_to_come(&self, now: DateTime<Utc>) -> bool {
        self.state == EventState::Announced && now < self.details.plan.starts_at
    }

    /// Planned otherwise before anybody was told: it is a draft again, whoever agreed to it before.
    ///
    /// # Errors
    /// [`Wrong`] once residents know of it, or it is over.
    pub(super) fn planned(&mut self, plan: Plan) -> Result<(), Wrong> {
        use EventState as S;
        if ![S::Planned, S::Proposed, S::Approved].contains(&self.state) {
            return Err(Wrong::State(say::wrong_state(self.state.word())));
        }
        (self.details.proposed, self.details.approved) = (None, None);
        (self.details.plan, self.state) = (plan, S::Planned);
        Ok(())
    }

    /// Takes a step.
    ///
    /// # Errors
    /// [`Wrong`]; then nothing changed.
    pub(super) fn take(
        &mut self,
        step: Step,
        (by, now): (UserId, DateTime<Utc>),
    ) -> Result<(), Wrong> {
        self.allow(&step, by, now)?;
        let details = &mut self.details;
        self.state = match step {
            Step::Propose => {
                details.proposed = Some((by, now));
                EventState::Proposed
            }
            Step::Approve => {
                details.approved = Some((by, now));
                EventState::Approved
            }
            Step::Return(reason) => {
                details.returned_because = Some(reason);
                EventState::Planned
            }
            Step::Announce => {
                details.announced_at = Some(now);
                EventState::Announced
            }
            Step::Hold => {
                details.held_at = Some(now);
                EventState::Held
            }
            Step::Cancel(reason) => {
                details.cancelled_because = Some(reason);
                EventState::Cancelled
            }
            Step::Summarise(report) => {
                details.report = Some(report);
                EventState::Summarised
            }
            Step::Archive => EventState::Archived,
        };
        Ok(())
    }

    fn allow(&self, step: &Step, by: UserId, now: DateTime<Utc>) -> Result<(), Wrong> {
        use EventState as S;
        let from: &[S] = match step {
            Step::Propose => &[S::Planned],
            Step::Approve | Step::Return(_) => &[S::Proposed],
            Step::Announce => &[S::Approved],
            Step::Hold => &[S::Announced],
            Step::Cancel(_) => &[S::Planned, S::Proposed, S::Approved, S::Announced],
            Step::Summarise(_) => &[S::Held],
            Step::Archive => &[S::Summarised],
        };
        if !from.contains(&self.state) {
            return Err(Wrong::State(say::wrong_state(self.state.word())));
        }
        let starts = self.details.plan.starts_at;
        let proposer = self.details.proposed.map(|(proposer, _)| proposer);
        match step {
            Step::Approve if proposer == Some(by) => Err(Wrong::SamePerson),
            Step::Propose if now > starts - Duration::days(7) => {
                Err(Wrong::State(say::proposed_too_late()))
            }
            Step::Announce if now > starts - Duration::days(3) => {
                Err(Wrong::State(say::announced_too_late()))
            }
            Step::Hold if now < self.details.plan.ends_at => Err(Wrong::State(say::not_over())),
            _ => Ok(()),
        }
    }
}

/// How far a sign-up has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SignUpState {
    /// Has a place.
    Confirmed,
    /// In the queue.
    Waitlisted,
    /// Given back.
    Cancelled,
    /// Came.
    Attended,
    /// Had a place and did not come.
    NoShow,
}

/// Somebody's place at an event, or in its queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignUp {
    pub id: SignUpId,
    pub event: CommunityEventId,
    pub unit: UnitId,
    pub building: BuildingId,
    pub person: PersonId,
    /// Who comes along; each takes a place.
    pub companions: u32,
    pub state: SignUpState,
    /// Counted from 1 in the event.
    pub number: i32,
    /// Whether they may be seen on the event's photos.
    pub photo_consent: bool,
    pub signed_at: DateTime<Utc>,
    pub checked_in: Option<(UserId, DateTime<Utc>)>,
    /// How many of them came.
    pub present: u32,
    pub version: i32,
}

impl SignUp {
    /// How many places it takes.
    pub(super) fn places(&self) -> u32 {
        1 + self.companions
    }
}

/// Whether somebody gets a place: there is room, and nobody waits before them.
pub(super) fn has_room(capacity: u32, taken: u32, waiting: u32, places: u32) -> bool {
    waiting == 0 && taken.saturating_add(places) <= capacity
}

/// Who of the queue moves up, in its order: nobody overtakes who does not fit yet.
pub(super) fn promoted(capacity: u32, mut taken: u32, queue: &[SignUp]) -> Vec<SignUpId> {
    let fits = queue.iter().take_while(|waiting| {
        taken = taken.saturating_add(waiting.places());
        taken <= capacity
    });
    fits.map(|waiting| waiting.id).collect()
}

#[cfg(test)]
mod tests;
