//! Calendar months, payment cycles and due dates.

use chrono::{Datelike, Days, NaiveDate};
use errors::{Invalid, expected};
use std::{fmt, str::FromStr};

/// A calendar month that is charged; its text form is `2026-07`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct BillingMonth {
    year: i32,
    month: u32,
}

impl BillingMonth {
    /// A month of the years 1900 to 9998; `month` is 1 to 12.
    pub fn new(year: i32, month: u32) -> Result<Self, Invalid> {
        if (1900..=9998).contains(&year) && (1..=12).contains(&month) {
            Ok(Self { year, month })
        } else {
            Err(Invalid::new("month", expected::month(format!("{year}-{month}"))))
        }
    }
    /// The month `date` lies in, as far as it is one of the years of [`BillingMonth::new`].
    pub fn of(date: NaiveDate) -> Result<Self, Invalid> {
        Self::new(date.year(), date.month())
    }
    /// The calendar year.
    pub const fn year(self) -> i32 {
        self.year
    }
    /// The month of the year, 1 to 12.
    pub const fn month(self) -> u32 {
        self.month
    }
    /// The first day.
    pub fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).expect("checked when it was made")
    }
    /// The last day.
    pub fn last(self) -> NaiveDate {
        self.next().first().pred_opt().expect("a day before the first of a month")
    }
    /// How many days it has, 28 to 31.
    pub fn days(self) -> u32 {
        self.last().day()
    }
    /// The date of day `day`; a day past the end is the last day, day 0 the first.
    pub fn day(self, day: u32) -> NaiveDate {
        let day = day.clamp(1, self.days());
        self.first().with_day(day).expect("clamped into the month")
    }
    /// The month after.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }
    /// Every month from this one to `last`, both included; nothing when `last` is earlier.
    pub fn through(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |month| Some(month.next()))
            .take_while(move |month| *month <= last)
    }
}

impl fmt::Display for BillingMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for BillingMonth {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("month", expected::month(text.to_owned()));
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let digits = |s: &str, n| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return Err(wrong());
        }
        Self::new(year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?)
    }
}

impl TryFrom<String> for BillingMonth {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl From<BillingMonth> for String {
    fn from(month: BillingMonth) -> Self {
        month.to_string()
    }
}

/// How many months one bill of an account covers, aligned to the calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Cycle {
    /// Every month.
    Month,
    /// From January, April, July, October.
    Quarter,
    /// From January and July.
    HalfYear,
    /// From January.
    Year,
}

impl Cycle {
    /// The number of months of a whole cycle.
    pub const fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::HalfYear => 6,
            Self::Year => 12,
        }
    }
    /// Whether a calendar cycle begins with `month`.
    pub const fn begins_with(self, month: BillingMonth) -> bool {
        (month.month - 1).is_multiple_of(self.months())
    }
    /// The months of the bill that a run for `start` issues: from `start` to the end of the
    /// calendar cycle it lies in. A start in the middle (cut-over, takeover) covers the rest.
    pub fn months_of_bill_starting(self, start: BillingMonth) -> Vec<BillingMonth> {
        let length = self.months();
        let last = (start.month - 1) / length * length + length;
        start.through(BillingMonth { year: start.year, month: last }).collect()
    }
}

/// When a bill falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DueRule {
    /// On this day of the bill's first month; a day the month lacks is its last day.
    DayOfFirstMonth(u32),
    /// This many days after the day of issue.
    DaysAfterIssue(u32),
}

impl DueRule {
    /// The due date; never before the day of issue, so that a late bill is not overdue at birth.
    pub fn due_date(self, first_month: BillingMonth, issued_on: NaiveDate) -> NaiveDate {
        match self {
            Self::DayOfFirstMonth(day) => first_month.day(day).max(issued_on),
            Self::DaysAfterIssue(days) => issued_on
                .checked_add_days(Days::new(days.into()))
                .expect("a due date inside the calendar"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> BillingMonth {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_reads_back_and_knows_its_days() {
        assert_eq!(month("2026-07").to_string(), "2026-07");
        assert_eq!(month("2028-02").days(), 29);
        assert_eq!(month("2026-12").next(), month("2027-01"));
        assert_eq!(month("2026-02").day(31), month("2026-02").last());
        assert_eq!(month("2026-11").through(month("2027-02")).count(), 4);
        for wrong in ["2026-13", "2026-7", "2026", "+026-07", "26-07", "2026-07-01"] {
            assert!(wrong.parse::<BillingMonth>().is_err(), "{wrong}");
        }
        assert_eq!(serde_json::to_string(&month("2026-07")).unwrap(), "\"2026-07\"");
        assert!(serde_json::from_str::<BillingMonth>("\"2026-00\"").is_err());
    }

    #[test]
    fn a_cycle_is_calendar_aligned_and_a_late_start_takes_the_rest() {
        let texts = |cycle: Cycle, start| -> Vec<String> {
            cycle.months_of_bill_starting(month(start)).iter().map(ToString::to_string).collect()
        };
        assert_eq!(texts(Cycle::Month, "2026-06"), ["2026-06"]);
        assert_eq!(texts(Cycle::Quarter, "2026-07"), ["2026-07", "2026-08", "2026-09"]);
        assert_eq!(texts(Cycle::Quarter, "2026-06"), ["2026-06"]);
        assert_eq!(texts(Cycle::HalfYear, "2026-11"), ["2026-11", "2026-12"]);
        assert_eq!(texts(Cycle::Year, "2026-01").len(), 12);
        assert!(Cycle::Quarter.begins_with(month("2026-10")));
        assert!(!Cycle::HalfYear.begins_with(month("2026-10")));
    }

    #[test]
    fn a_due_date_follows_its_rule_but_never_precedes_the_issue() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rule = DueRule::DayOfFirstMonth(15);
        assert_eq!(rule.due_date(month("2026-07"), day("2026-07-01")), day("2026-07-15"));
        assert_eq!(rule.due_date(month("2026-07"), day("2026-07-20")), day("2026-07-20"));
        let last = DueRule::DayOfFirstMonth(31);
        assert_eq!(last.due_date(month("2026-06"), day("2026-06-01")), day("2026-06-30"));
        let after = DueRule::DaysAfterIssue(30);
        assert_eq!(after.due_date(month("2026-07"), day("2026-07-05")), day("2026-08-04"));
    }
}
