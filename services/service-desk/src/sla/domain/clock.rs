//! What the facts of one ticket mean: when it is due, which rungs are reached, what comes next.

use super::{Calendar, Counting, Measure, Pause, Promise, Step, due};
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeSet;

/// What happened to a ticket, as far as its promises go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The promise of the policy that held when it began.
    pub promise: Promise,
    /// First receipt.
    pub started_at: DateTime<Utc>,
    /// How often it began anew: reopened, or given another time.
    pub round: i32,
    /// When this round began.
    pub round_from: DateTime<Utc>,
    /// The end that was agreed with the resident for this round, in all time.
    pub agreed_until: Option<DateTime<Utc>>,
    /// The first answer.
    pub responded_at: Option<DateTime<Utc>>,
    /// The end, by being resolved or cancelled.
    pub ended_at: Option<DateTime<Utc>>,
    /// Time that does not count.
    pub pauses: Vec<Pause>,
}

impl Facts {
    /// A ticket of which nothing is known but that it came.
    pub const fn begun(promise: Promise, at: DateTime<Utc>) -> Self {
        Self {
            promise,
            started_at: at,
            round: 0,
            round_from: at,
            agreed_until: None,
            responded_at: None,
            ended_at: None,
            pauses: Vec::new(),
        }
    }
}

/// A rung and the instant at which it is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// When.
    pub at: DateTime<Utc>,
    /// Which.
    pub step: Step,
}

/// The rung that comes next.
pub type Next = Option<Due>;

/// Whether a promise was kept; `None` while it is open.
pub type Met = Option<bool>;

/// The facts under the estate's calendar of today.
pub struct Clock<'a> {
    facts: &'a Facts,
    calendar: &'a Calendar,
}

impl<'a> Clock<'a> {
    /// The clock of a ticket.
    pub const fn new(facts: &'a Facts, calendar: &'a Calendar) -> Self {
        Self { facts, calendar }
    }

    /// The last instant of a timely first answer; `None` while the clock stands.
    pub fn respond_by(&self) -> Option<DateTime<Utc>> {
        self.reached(Measure::Response, 100)
    }

    /// The last instant of a timely end; `None` while the clock stands.
    pub fn resolve_by(&self) -> Option<DateTime<Utc>> {
        self.reached(Measure::Resolution, 100)
    }

    /// When so many per cent of a promise are used up.
    pub fn reached(&self, measure: Measure, percent: u16) -> Option<DateTime<Utc>> {
        let facts = self.facts;
        let (from, (time, counting)) = match measure {
            Measure::Assignment => return Some(facts.started_at),
            Measure::Response => {
                let night = self.calendar.at_night(facts.started_at);
                (facts.started_at, facts.promise.response(night))
            }
            Measure::Resolution => {
                let agreed = |until| (until - facts.round_from, Counting::Calendar);
                let promised = || facts.promise.resolution();
                (facts.round_from, facts.agreed_until.map_or_else(promised, agreed))
            }
        };
        due(from, share(time, percent), counting, self.calendar, &facts.pauses)
    }

    /// Every rung that is reached by `now`, in order, unless the promise was kept before it.
    pub fn reached_by(&self, now: DateTime<Utc>) -> Vec<Due> {
        let mut all: Vec<Due> = self.rungs().filter(|due| due.at <= now).collect();
        all.sort_unstable();
        all
    }

    /// The next rung that nobody was told of; none when the matter has ended or the clock stands.
    pub fn next(&self, told: &BTreeSet<(Measure, u16)>) -> Next {
        self.rungs().filter(|due| !told.contains(&(due.step.measure, due.step.percent))).min()
    }

    /// Whether the first answer was in time, seen from `now`.
    pub fn response_met(&self, now: DateTime<Utc>) -> Met {
        met(self.facts.responded_at, self.respond_by(), now)
    }

    /// Whether the end was in time, seen from `now`.
    pub fn resolution_met(&self, now: DateTime<Utc>) -> Met {
        met(self.facts.ended_at, self.resolve_by(), now)
    }

    /// The rungs that are reached before the promise they are of is kept.
    fn rungs(&self) -> impl Iterator<Item = Due> {
        self.facts.promise.ladder.iter().filter_map(|step| {
            let at = self.reached(step.measure, step.percent)?;
            self.kept(step.measure).is_none_or(|kept| at < kept).then_some(Due { at, step: *step })
        })
    }

    fn kept(&self, measure: Measure) -> Option<DateTime<Utc>> {
        match measure {
            Measure::Response => self.facts.responded_at.or(self.facts.ended_at),
            Measure::Resolution | Measure::Assignment => self.facts.ended_at,
        }
    }
}

/// Whether something was done by a time: `None` when it is neither done nor late.
pub fn met(done: Option<DateTime<Utc>>, by: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Met {
    match (done, by) {
        (Some(done), Some(by)) => Some(done <= by),
        (Some(_), None) => Some(true),
        (None, Some(by)) if now > by => Some(false),
        (None, _) => None,
    }
}

fn share(time: Duration, percent: u16) -> Duration {
    let micros =
        i128::from(time.num_microseconds().unwrap_or(i64::MAX)) * i128::from(percent) / 100;
    Duration::microseconds(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::{SubjectKind, Target, product_default};
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// S3: Friday 21:40, answered 21:52, resolved Saturday 15:30.
    fn s3() -> Facts {
        let promise = product_default(SubjectKind::Complaint, "ORDINARY");
        Facts::begun(promise, at("2026-07-31T13:40:00Z"))
    }

    fn calendar() -> Calendar {
        Calendar::standard(chrono_tz::Asia::Shanghai)
    }

    #[test]
    fn s3_is_answered_after_12_minutes_of_30_and_resolved_in_17_h_50() {
        let (mut facts, calendar) = (s3(), calendar());
        let clock = Clock::new(&facts, &calendar);
        assert_eq!(clock.respond_by(), Some(at("2026-07-31T14:10:00Z")));
        assert_eq!(clock.resolve_by(), Some(at("2026-08-01T13:40:00Z")));
        facts.responded_at = Some(at("2026-07-31T13:52:00Z"));
        facts.ended_at = Some(at("2026-08-01T07:30:00Z"));
        let clock = Clock::new(&facts, &calendar);
        let later = at("2026-08-09T00:00:00Z");
        assert_eq!(
            (clock.response_met(later), clock.resolution_met(later)),
            (Some(true), Some(true))
        );
        // Half of 24 h was over before the end; half of the 30 minutes was not before the answer.
        let told: Vec<_> = clock.reached_by(later).into_iter().map(|due| due.step).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].measure, told[0].percent, told[0].target),
            (Measure::Resolution, 50, Target::Assignee)
        );
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung() {
        let (facts, calendar) = (s3(), calendar());
        let clock = Clock::new(&facts, &calendar);
        let mut told = BTreeSet::new();
        let mut seen = Vec::new();
        while let Some(due) = clock.next(&told) {
            told.insert((due.step.measure, due.step.percent));
            seen.push((due.at - facts.started_at).num_minutes());
        }
        assert_eq!(seen, [15, 30, 60, 720, 1440, 2880]);
        assert_eq!(clock.reached_by(facts.started_at + Duration::days(9)).len(), 6);
    }

    #[test]
    fn another_time_agreed_is_climbed_anew() {
        let (mut facts, calendar) = (s3(), calendar());
        facts.round = 1;
        facts.round_from = facts.started_at + Duration::hours(20);
        facts.agreed_until = Some(facts.round_from + Duration::hours(10));
        let clock = Clock::new(&facts, &calendar);
        assert_eq!(clock.resolve_by(), facts.agreed_until);
        assert_eq!(
            clock.reached(Measure::Resolution, 50),
            Some(facts.round_from + Duration::hours(5))
        );
        let now = facts.started_at + Duration::hours(31);
        assert_eq!(clock.resolution_met(now), Some(false));
    }

    #[test]
    fn a_clock_that_stands_has_no_next_rung() {
        let (mut facts, calendar) = (s3(), calendar());
        facts.responded_at = Some(facts.started_at);
        facts.pauses = vec![Pause { reason: "P".into(), from: facts.started_at, to: None }];
        let clock = Clock::new(&facts, &calendar);
        assert_eq!(clock.next(&BTreeSet::new()), None);
        assert_eq!(clock.resolution_met(facts.started_at + Duration::days(99)), None);
    }
}
