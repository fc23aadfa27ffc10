//! What is promised for a kind of work, and who hears when it is in danger.

use super::Counting;
use chrono::Duration;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};

/// The longest promise, in minutes: a year.
pub const LONGEST: u32 = 366 * 24 * 60;

/// The most steps of a ladder.
pub const MOST_STEPS: usize = 20;

/// What runs against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectKind {
    /// A work order (派工单).
    WorkOrder,
    /// A complaint (投诉).
    Complaint,
    /// A missed call to call back.
    CallBack,
    /// An internal memo (内部信息传递单).
    Memo,
}

/// Which of the two promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Measure {
    /// The first answer.
    Response,
    /// The end of the matter.
    Resolution,
    /// Somebody to do it: nobody suitable was found.
    Assignment,
}

/// Whom a step tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Target {
    /// Whoever has it.
    Assignee,
    /// The supervisors of the estate.
    Supervisor,
    /// The directors of the estate.
    Director,
}

/// One rung: at this share of the promised time somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Step {
    /// Of which promise.
    pub measure: Measure,
    /// Per cent of the promised time, 1 to 1000; below 100 it is a warning.
    pub percent: u16,
    /// Whom it tells.
    pub target: Target,
}

impl Step {
    /// Whether it comes before the promise is broken.
    pub const fn is_warning(self) -> bool {
        self.percent < 100
    }
}

/// The rungs of an escalation.
pub type Ladder = Vec<Step>;

/// What is promised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Minutes to the first answer.
    pub response: u32,
    /// Minutes to the first answer of what comes in at night, counted in all time.
    pub night_response: Option<u32>,
    /// Minutes to the end.
    pub resolution: u32,
    /// What time counts.
    pub counting: Counting,
    /// Who is told when.
    pub ladder: Ladder,
}

impl Promise {
    /// The promise with the product's ladder (handbook ch. 22): officer at 50 %, supervisor at
    /// 100 %, director at 200 %.
    pub fn new(response: u32, night: Option<u32>, resolution: u32, counting: Counting) -> Self {
        Self { response, night_response: night, resolution, counting, ladder: standard_ladder() }
    }

    /// The promised time to a first answer.
    pub fn response(&self, at_night: bool) -> (Duration, Counting) {
        match self.night_response {
            Some(night) if at_night => (minutes(night), Counting::Calendar),
            _ => (minutes(self.response), self.counting),
        }
    }

    /// The promised time to the end.
    pub fn resolution(&self) -> (Duration, Counting) {
        (minutes(self.resolution), self.counting)
    }

    /// The promise, its ladder sorted, if it can be kept at all.
    ///
    /// # Errors
    /// When a time or a rung is out of range, or two rungs are the same.
    pub fn checked(mut self) -> Result<Self, Invalid> {
        let times = [
            ("responseMinutes", Some(self.response)),
            ("nightResponseMinutes", self.night_response),
            ("resolutionMinutes", Some(self.resolution)),
        ];
        for (field, time) in times {
            if time.is_some_and(|time| !(1..=LONGEST).contains(&time)) {
                return Err(Invalid::new(field, expected::between(1, LONGEST.into())));
            }
        }
        if self.ladder.len() > MOST_STEPS {
            return Err(Invalid::new("steps", expected::items(0, MOST_STEPS)));
        }
        self.ladder.sort_unstable();
        if self.ladder.iter().any(|step| !(1..=1000).contains(&step.percent)) {
            return Err(Invalid::new("steps", expected::between(1, 1000)));
        }
        let same = |pair: &[Step]| {
            (pair[0].measure, pair[0].percent) == (pair[1].measure, pair[1].percent)
        };
        if self.ladder.windows(2).any(same) {
            return Err(Invalid::new("steps", super::super::say::steps_differ()));
        }
        Ok(self)
    }
}

fn minutes(of: u32) -> Duration {
    Duration::minutes(i64::from(of))
}

fn standard_ladder() -> Ladder {
    let rungs = [(50, Target::Assignee), (100, Target::Supervisor), (200, Target::Director)];
    let of = |measure| rungs.map(|(percent, target)| Step { measure, percent, target });
    [of(Measure::Response), of(Measure::Resolution)].concat()
}

/// What is promised where nobody decided otherwise.
///
/// - Complaints: answer in 15 minutes, 30 at night, end in 24 h of all time (handbook ch. 22).
/// - Work orders (ch. 21): `URGENT` on site in 30 minutes and ended in 12 h (not over night), class B
///   (`MAJOR`) in 7 days, all others answered within a day and ended in 3 days.
/// - Missed calls are called back in 15 minutes (ch. 21), memos acknowledged in 2 h and answered in
///   24 h (ch. 25).
pub fn product_default(kind: SubjectKind, code: &str) -> Promise {
    use Counting::Calendar;
    match (kind, code) {
        (SubjectKind::Complaint, _) => Promise::new(15, Some(30), 24 * 60, Calendar),
        (SubjectKind::WorkOrder, "URGENT") => Promise::new(30, None, 12 * 60, Calendar),
        (SubjectKind::WorkOrder, "MAJOR") => Promise::new(24 * 60, None, 7 * 24 * 60, Calendar),
        (SubjectKind::WorkOrder, _) => Promise::new(24 * 60, None, 3 * 24 * 60, Calendar),
        (SubjectKind::CallBack, _) => Promise::new(15, Some(30), 30, Calendar),
        (SubjectKind::Memo, _) => Promise::new(2 * 60, None, 24 * 60, Calendar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_answered_in_15_minutes_and_at_night_in_30() {
        let promise = product_default(SubjectKind::Complaint, "ORDINARY");
        assert_eq!(promise.response(false).0, Duration::minutes(15));
        assert_eq!(promise.response(true).0, Duration::minutes(30));
        assert_eq!(promise.resolution(), (Duration::hours(24), Counting::Calendar));
        assert!(promise.ladder[0].is_warning() && !promise.ladder[1].is_warning());
    }

    #[test]
    fn promises_out_of_range_and_rungs_alike_are_refused() {
        let good = || product_default(SubjectKind::Memo, "");
        assert_eq!(good().checked().unwrap(), good());
        let none = Promise { response: 0, ..good() };
        assert_eq!(none.checked().unwrap_err().field, "responseMinutes");
        let long = Promise { resolution: LONGEST + 1, ..good() };
        assert_eq!(long.checked().unwrap_err().field, "resolutionMinutes");
        let rung =
            |percent| Step { measure: Measure::Resolution, percent, target: Target::Director };
        for ladder in [vec![rung(0)], vec![rung(1001)], vec![rung(50), rung(50)]] {
            let odd = Promise { ladder, ..good() };
            assert_eq!(odd.checked().unwrap_err().field, "steps");
        }
    }
}
