//! What may be done to a revisit, and when.

use crate::month::Month;
use crate::revisits::{
    RevisitId, Source,
    policies::{Policy, Visitor},
    say,
    source::Candidate,
};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use contracts::{PersonId, UnitId};
use errors::{Invalid, expected};
use ids::EstateId;
use serde::{Deserialize, Serialize};
use texts::Text;
use uuid::Uuid;

/// After so many times in vain somebody counts as unreachable (handbook ch. 23).
pub const MOST_ATTEMPTS: u8 = 3;

/// What a draw leaves of an event's month in any case.
const A_WEEK: Duration = Duration::days(7);

/// By when somebody is asked: so many days after `from`, the end of the work or the draw. Visitors of
/// an event are asked within these days of the event itself, though the draw comes later (S13: in a
/// month); a week is left for it.
fn due(fact: &Candidate, policy: &Policy, from: DateTime<Utc>) -> DateTime<Utc> {
    let days = Duration::days(policy.due_days.into());
    match fact.source {
        Source::CommunityEvent => (fact.finished_at + days).max(from + days.min(A_WEEK)),
        _ => from + days,
    }
}

/// Where a revisit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RevisitState {
    /// To be made.
    Due,
    /// Tried in vain, to be tried again.
    Attempted,
    /// Made.
    Done,
    /// Given up after three times in vain.
    Unreachable,
    /// Looked at by a second person.
    Reviewed,
}

/// What somebody thinks of it (handbook ch. 23).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rating {
    /// Satisfied (满意).
    A,
    /// Fairly satisfied (较满意).
    B,
    /// Dissatisfied (不满意).
    C,
}

/// How somebody is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// The short form in the app.
    App,
    /// A call.
    Phone,
    /// At the door.
    Visit,
    /// A message.
    Wechat,
}

/// What was said (回访记录表).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Who was asked, as the visitor calls them.
    pub interviewee: Option<String>,
    /// The resident who answered by the app.
    pub person: Option<PersonId>,
    /// The quality of the work.
    pub quality: Option<Rating>,
    /// Whether it helped.
    pub effect: Rating,
    /// How they were treated.
    pub manners: Rating,
    /// Whether shoe covers were worn, where somebody came in.
    pub shoe_covers: Option<bool>,
    /// Whether the place was cleaned up afterwards.
    pub cleaned_up: Option<bool>,
    /// What could be better.
    pub suggestion: Option<String>,
}

/// A revisit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revisit {
    pub id: RevisitId,
    pub candidate: Uuid,
    pub draw: Option<Uuid>,
    pub estate: EstateId,
    pub source: Source,
    pub reference: Uuid,
    pub unit: Option<UnitId>,
    pub building: Option<Uuid>,
    pub person: Option<PersonId>,
    /// Who did the work; none of them may ask or review.
    pub workers: Vec<UserId>,
    /// Whether staff are not told whom it is about.
    pub nameless: bool,
    pub summary: String,
    pub month: Month,
    pub visitor: Visitor,
    pub due_at: DateTime<Utc>,
    /// Until when the resident is left to answer by the app; `None` where nobody is known.
    pub app_until: Option<DateTime<Utc>>,
    pub state: RevisitState,
    pub attempts: u8,
    pub next_try_at: Option<DateTime<Utc>>,
    pub channel: Option<Channel>,
    pub recorded_by: Option<UserId>,
    pub done_at: Option<DateTime<Utc>>,
    pub rating: Option<Rating>,
    pub record: Option<Record>,
    pub reviewed_by: Option<UserId>,
    pub reviewed_at: Option<DateTime<Utc>>,
    pub review_note: Option<String>,
    pub version: i32,
    /// When it was given up.
    pub unreachable_at: Option<DateTime<Utc>>,
}

impl Revisit {
    /// The revisit of something finished, counted from `from`: the end of the work, or the draw.
    pub fn of(
        fact: &Candidate,
        policy: &Policy,
        (id, draw): (Uuid, Option<Uuid>),
        from: DateTime<Utc>,
    ) -> Self {
        let app_until = fact.person.filter(|_| policy.app_hours > 0);
        Self {
            id: RevisitId::from_uuid(id),
            candidate: fact.id,
            draw,
            estate: fact.estate,
            source: fact.source,
            reference: fact.reference,
            unit: fact.unit,
            building: fact.building,
            person: fact.person,
            workers: fact.workers.clone(),
            nameless: fact.nameless,
            summary: fact.summary.clone(),
            month: fact.month,
            visitor: policy.visitor,
            due_at: due(fact, policy, from),
            app_until: app_until.map(|_| from + Duration::hours(policy.app_hours.into())),
            state: RevisitState::Due,
            attempts: 0,
            next_try_at: None,
            channel: None,
            recorded_by: None,
            done_at: None,
            rating: None,
            record: None,
            reviewed_by: None,
            reviewed_at: None,
            review_note: None,
            version: 1,
            unreachable_at: None,
        }
    }

    /// Whether this member of staff had a hand in the work.
    pub fn is_worker(&self, user: UserId) -> bool {
        self.workers.contains(&user)
    }

    /// Why nobody may call now: it is over, or the resident may still answer by the app.
    pub fn not_to_call(&self, now: DateTime<Utc>) -> Option<Text> {
        if !matches!(self.state, RevisitState::Due | RevisitState::Attempted) {
            return Some(say::revisit_over());
        }
        self.app_until.filter(|until| now < *until).map(|_| say::app_first())
    }

    /// Nobody was reached; after the third time nobody is tried any more.
    ///
    /// # Errors
    /// When the next try is missing or not to come.
    pub fn tried(
        &mut self,
        now: DateTime<Utc>,
        next: Option<DateTime<Utc>>,
    ) -> Result<(), Invalid> {
        let attempts = self.attempts + 1;
        if attempts < MOST_ATTEMPTS {
            match next {
                None => return Err(Invalid::new("nextTryAt", expected::filled())),
                Some(next) if next <= now => {
                    return Err(Invalid::new("nextTryAt", say::later_than_now()));
                }
                Some(_) => {}
            }
        }
        let last = attempts >= MOST_ATTEMPTS;
        self.attempts = attempts;
        self.next_try_at = next.filter(|_| !last);
        self.unreachable_at = last.then_some(now);
        self.state = if last { RevisitState::Unreachable } else { RevisitState::Attempted };
        Ok(())
    }

    /// Whether the resident may answer by the app: until somebody has an answer or reviewed it.
    pub fn takes_reply(&self) -> bool {
        !matches!(self.state, RevisitState::Done | RevisitState::Reviewed)
    }

    /// What was said is written down.
    pub fn answered(&mut self, now: DateTime<Utc>, channel: Channel, said: (Rating, Record)) {
        self.state = RevisitState::Done;
        self.channel = Some(channel);
        self.done_at = Some(now);
        self.next_try_at = None;
        self.rating = Some(said.0);
        self.record = Some(said.1);
    }

    /// Whether there is something to review: an answer, or that there will be none.
    pub fn can_be_reviewed(&self) -> bool {
        matches!(self.state, RevisitState::Done | RevisitState::Unreachable)
    }

    /// Whether it was made by its date.
    pub fn in_time(&self) -> bool {
        self.done_at.is_some_and(|at| at <= self.due_at)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn fact(person: Option<PersonId>) -> Candidate {
        Candidate {
            id: Uuid::from_u128(1),
            estate: EstateId::from_uuid(Uuid::nil()),
            source: Source::Complaint,
            reference: Uuid::from_u128(2),
            unit: None,
            building: None,
            person,
            workers: vec![UserId::from_uuid(Uuid::from_u128(3))],
            nameless: false,
            summary: "装修噪音".to_owned(),
            finished_at: at("2026-08-01T07:30:00Z"),
            month: "2026-08".parse().unwrap(),
        }
    }

    pub(in crate::revisits) fn revisit(person: Option<PersonId>) -> Revisit {
        let fact = fact(person);
        let policy = Policy::product(Source::Complaint);
        Revisit::of(&fact, &policy, (Uuid::from_u128(9), None), fact.finished_at)
    }

    #[test]
    fn a_complaint_resolved_on_saturday_afternoon_is_due_on_tuesday_afternoon() {
        assert_eq!(revisit(None).due_at, at("2026-08-04T07:30:00Z"));
    }

    #[test]
    fn who_came_to_an_event_is_asked_within_a_month_of_it_and_a_week_of_the_draw() {
        let of = |held: &str| {
            let held =
                Candidate { source: Source::CommunityEvent, finished_at: at(held), ..fact(None) };
            let policy = Policy::product(Source::CommunityEvent);
            let drawn = at("2026-09-30T16:00:00Z");
            Revisit::of(&held, &policy, (Uuid::nil(), None), drawn).due_at
        };
        assert_eq!(of("2026-09-25T13:00:00Z"), at("2026-10-25T13:00:00Z"));
        assert_eq!(of("2026-09-01T13:00:00Z"), at("2026-10-07T16:00:00Z"));
    }

    #[test]
    fn a_resident_is_left_to_answer_first_where_one_is_known() {
        let known = revisit(Some(PersonId::from_uuid(Uuid::nil())));
        assert!(known.not_to_call(at("2026-08-02T07:29:59Z")).is_some());
        assert!(known.not_to_call(at("2026-08-02T07:30:00Z")).is_none());
        assert!(revisit(None).not_to_call(at("2026-08-01T07:31:00Z")).is_none());
    }

    #[test]
    fn who_is_not_reached_three_times_is_unreachable() {
        let mut revisit = revisit(None);
        let now = at("2026-08-02T01:00:00Z");
        let next = Some(at("2026-08-02T09:00:00Z"));
        assert_eq!(revisit.tried(now, None).unwrap_err().field, "nextTryAt");
        assert_eq!(revisit.tried(now, Some(now)).unwrap_err().field, "nextTryAt");
        assert_eq!(revisit.attempts, 0);
        revisit.tried(now, next).unwrap();
        revisit.tried(now, next).unwrap();
        assert_eq!((revisit.state, revisit.next_try_at), (RevisitState::Attempted, next));
        revisit.tried(now, None).unwrap();
        assert_eq!((revisit.state, revisit.attempts), (RevisitState::Unreachable, 3));
        assert!(revisit.not_to_call(now).is_some() && revisit.takes_reply());
        assert!(revisit.can_be_reviewed());
    }
}
