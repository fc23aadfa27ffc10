//! What a contact is, and what may become of it (handbook ch. 21).

use crate::{Refused, say};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use errors::{Invalid, expected};
use ids::EstateId;
use serde::{Deserialize, Serialize};

use super::{ContactId, say as words};

/// How long until a missed call is called back, and an urgent contact is answered, in minutes
/// (handbook ch. 21 and ch. 9-14: a reaction in 15 minutes).
pub const AT_ONCE: i64 = 15;
/// How long until an ordinary contact is answered, in hours (handbook ch. 21: within one day).
pub const ORDINARY: i64 = 24;

/// By which way somebody turned to the estate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// By telephone (来电).
    Phone,
    /// At the desk (来访).
    Visit,
    /// In the application.
    App,
    /// By letter.
    Letter,
    /// By `WeChat`.
    Wechat,
    /// At the gate (门岗).
    GuardPost,
}

/// Who turned to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// Somebody to the estate.
    Inbound,
    /// The estate to somebody.
    Outbound,
}

/// What a contact is about (handbook ch. 21).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Class {
    /// A question that is answered at once (咨询).
    Inquiry,
    /// A question that somebody else answers.
    InquiryPassedOn,
    /// A request for help (求助).
    HelpRequest,
    /// A paid service (有偿服务).
    PaidService,
    /// A suggestion (建议).
    Suggestion,
    /// A complaint (投诉).
    Complaint,
    /// A repair (报修).
    Repair,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 7] = [
        Self::Inquiry,
        Self::InquiryPassedOn,
        Self::HelpRequest,
        Self::PaidService,
        Self::Suggestion,
        Self::Complaint,
        Self::Repair,
    ];
}

/// How soon a contact wants an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Urgency {
    /// In [`AT_ONCE`] minutes.
    Urgent,
    /// In [`ORDINARY`] hours.
    Normal,
}

impl Urgency {
    /// When a contact of this urgency, taken at `from`, should have its answer.
    pub fn due(self, from: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Urgent => from + Duration::minutes(AT_ONCE),
            Self::Normal => from + Duration::hours(ORDINARY),
        }
    }
}

/// What has become of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It waits for an answer.
    Open,
    /// It was answered.
    Answered,
    /// It has become something else, which is followed there.
    Converted,
}

impl State {
    /// The word, e.g. `OPEN`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Answered => "ANSWERED",
            Self::Converted => "CONVERTED",
        }
    }
}

/// What has become of a suggestion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Suggestion {
    /// It waits for a decision.
    Received,
    /// It is done (采纳).
    Adopted,
    /// It is not done, and why was explained (解释).
    Explained,
}

/// What a contact has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Became {
    /// A work order.
    WorkOrder,
    /// A complaint.
    Complaint,
    /// An order of a special service.
    SpecialOrder,
    /// A suggestion.
    Suggestion,
}

/// What a contact becomes, with the other's id as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A work order.
    WorkOrder(String),
    /// A complaint.
    Complaint(String),
    /// A complaint of somebody who is not named to staff, and from now on not by the contact either.
    AnonymousComplaint(String),
    /// An order of a special service.
    SpecialOrder(String),
    /// A suggestion, which stays with the contact.
    Suggestion,
}

impl Outcome {
    fn parts(self) -> (Became, Option<String>) {
        match self {
            Self::WorkOrder(id) => (Became::WorkOrder, Some(id)),
            Self::Complaint(id) | Self::AnonymousComplaint(id) => (Became::Complaint, Some(id)),
            Self::SpecialOrder(id) => (Became::SpecialOrder, Some(id)),
            Self::Suggestion => (Became::Suggestion, None),
        }
    }
}

/// A caller's phone as it is kept: sealed, found by hash and tail, shown masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// Sealed for this contact, hex.
    pub sealed: String,
    /// The keyed hash of its digits.
    pub hash: String,
    /// Its last four digits.
    pub tail: String,
    /// As it is shown.
    pub masked: String,
}

/// Somebody who turned to the estate, or to whom the estate turned (来电来访).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The contact.
    pub id: ContactId,
    /// The estate.
    pub estate: EstateId,
    /// By which way.
    pub channel: Channel,
    /// Who turned to whom.
    pub direction: Direction,
    /// When it was.
    pub at: DateTime<Utc>,
    /// The unit it is about.
    pub unit: Option<UnitId>,
    /// The unit's building, for who has a zone.
    pub building: Option<BuildingId>,
    /// Who it was, if known.
    pub person: Option<PersonId>,
    /// What the caller said they are called.
    pub caller_name: Option<String>,
    /// The caller's phone.
    pub phone: Option<Phone>,
    /// What was said.
    pub summary: String,
    /// What it is about.
    pub class: Class,
    /// How soon it wants an answer.
    pub urgency: Urgency,
    /// Whether nobody picked up.
    pub missed: bool,
    /// What has become of it.
    pub state: State,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who was asked first and sees to it (首问负责制); `None` until somebody takes what a
    /// resident sent.
    pub owner: Option<UserId>,
    /// The colleague to whom it is handed over, who has not accepted yet.
    pub offered_to: Option<UserId>,
    /// When it was last accepted from somebody else.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When the answer is due.
    pub due_at: DateTime<Utc>,
    /// The answer.
    pub answer: Option<String>,
    /// When it was answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who answered.
    pub answered_by: Option<UserId>,
    /// What it became.
    pub became: Option<Became>,
    /// The id of what it became.
    pub reference: Option<String>,
    /// When it became that.
    pub converted_at: Option<DateTime<Utc>>,
    /// What has become of the suggestion, when it is one.
    pub suggestion: Option<Suggestion>,
    /// Whether staff are not told whose it was: it became an anonymous complaint.
    pub nameless: bool,
    /// Counts the changes.
    pub version: i32,
}

impl Contact {
    /// Whether it still waits although its answer was due.
    pub fn overdue(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Open && self.due_at < now
    }

    /// Says what it is about; only while it is open.
    ///
    /// # Errors
    /// `CONFLICT` when it is not open any more.
    pub fn classify(&mut self, class: Class, urgency: Urgency) -> Result<(), Refused> {
        self.open()?;
        if urgency != self.urgency {
            self.due_at = urgency.due(self.at);
        }
        (self.class, self.urgency) = (class, urgency);
        self.suggestion = (class == Class::Suggestion).then_some(Suggestion::Received);
        Ok(())
    }

    /// Answers it; a suggestion is decided instead.
    ///
    /// # Errors
    /// `CONFLICT` when it is not open any more or is a suggestion.
    pub fn answer(
        &mut self,
        answer: String,
        by: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        self.open()?;
        if self.suggestion.is_some() {
            return Err(Refused::Conflict(words::suggestion_is_decided()));
        }
        self.close(answer, by, now);
        Ok(())
    }

    /// Decides the suggestion it is, which answers it.
    ///
    /// # Errors
    /// `CONFLICT` when it is none, or decided already.
    pub fn decide(
        &mut self,
        decision: Suggestion,
        reply: String,
        by: UserId,
        now: DateTime<Utc>,
    ) -> Result<(), Refused> {
        if self.suggestion != Some(Suggestion::Received) || decision == Suggestion::Received {
            return Err(Refused::Conflict(words::no_open_suggestion()));
        }
        self.suggestion = Some(decision);
        if self.state == State::Open {
            self.close(reply, by, now);
        } else {
            (self.answer, self.answered_by) = (Some(reply), Some(by));
            self.answered_at = Some(now);
        }
        Ok(())
    }

    /// Offers it to a colleague; until they accept, who had it has it.
    ///
    /// # Errors
    /// `CONFLICT` when it is not open any more.
    pub fn offer(&mut self, to: UserId) -> Result<(), Refused> {
        self.open()?;
        if self.owner == Some(to) {
            return Err(Invalid::new("toStaffId", words::owner_already()).into());
        }
        self.offered_to = Some(to);
        Ok(())
    }

    /// Takes it, when it was offered or is nobody's.
    ///
    /// # Errors
    /// `CONFLICT` when it is not open any more, or somebody else's.
    pub fn accept(&mut self, by: UserId, now: DateTime<Utc>) -> Result<(), Refused> {
        self.open()?;
        if self.offered_to != Some(by) && self.owner.is_some() {
            return Err(Refused::Conflict(words::not_offered()));
        }
        if self.owner.is_some() {
            self.accepted_at = Some(now);
        }
        (self.owner, self.offered_to) = (Some(by), None);
        Ok(())
    }

    /// Becomes something else; becoming the same again changes nothing, and says so by `false`.
    ///
    /// # Errors
    /// `CONFLICT` when it was answered or became something else.
    pub fn convert(&mut self, into: Outcome, now: DateTime<Utc>) -> Result<bool, Refused> {
        let nameless = matches!(into, Outcome::AnonymousComplaint(_));
        let (became, reference) = into.parts();
        if self.became == Some(became) && self.reference == reference {
            return Ok(false);
        }
        self.open()?;
        (self.state, self.offered_to) = (State::Converted, None);
        (self.became, self.reference) = (Some(became), reference);
        self.converted_at = Some(now);
        self.nameless = nameless;
        self.suggestion = (became == Became::Suggestion).then_some(Suggestion::Received);
        Ok(true)
    }

    fn open(&self) -> Result<(), Refused> {
        if self.state == State::Open {
            Ok(())
        } else {
            Err(Refused::Conflict(words::contact_closed()))
        }
    }

    fn close(&mut self, answer: String, by: UserId, now: DateTime<Utc>) {
        (self.state, self.offered_to) = (State::Answered, None);
        (self.answer, self.answered_by) = (Some(answer), Some(by));
        self.answered_at = Some(now);
    }
}

/// Refuses a change of what somebody else changed meanwhile.
///
/// # Errors
/// `CONFLICT`.
pub fn unchanged(found: i32, expected: i32) -> Result<(), Refused> {
    if found == expected { Ok(()) } else { Err(Refused::Conflict(say::changed_meanwhile())) }
}

/// When something was, which was not later than now; kept to the millisecond.
///
/// # Errors
/// [`Invalid`] `at`.
pub fn checked_time(
    at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Invalid> {
    use chrono::SubsecRound as _;
    match at {
        Some(at) if at > now => Err(Invalid::new("at", words::not_in_the_future())),
        Some(at) => Ok(at.trunc_subsecs(3)),
        None => Ok(now),
    }
}

/// A phone of 3 to 20 digits as it was given, trimmed.
///
/// # Errors
/// [`Invalid`] `phone`.
pub fn checked_phone(phone: &str) -> Result<String, Invalid> {
    let phone = phone.trim();
    let count = phone.chars().filter(char::is_ascii_digit).count();
    let fits = phone.chars().all(|c| c.is_ascii_digit() || "+-() ".contains(c));
    if fits && (3..=20).contains(&count) {
        Ok(phone.to_owned())
    } else {
        Err(Invalid::new("phone", expected::length(3, 20)))
    }
}

#[cfg(test)]
#[path = "domain_tests.rs"]
mod tests;
