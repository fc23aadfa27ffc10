//! The calendar of an estate, and adding minutes along it.

use chrono::{
    DateTime, Datelike as _, Days, Duration, NaiveDate, Offset as _, TimeZone as _, Timelike as _,
    Utc, Weekday,
};
use chrono_tz::Tz;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// The most holidays, or extra working days, of one calendar: ten years of them.
pub const MOST_DAYS: usize = 400;

/// The most stretches of one day.
pub const MOST_SPANS: usize = 6;

/// Nothing is promised further away than this; a calendar without end of holidays cannot make a
/// look last for ever.
const HORIZON: Duration = Duration::days(3650);

/// A stretch of a day in minutes after midnight on the wall clock: from `from`, before `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First minute, 0 to 1439.
    pub from: u16,
    /// The minute after the last, 1 to 1440.
    pub to: u16,
}

impl Span {
    fn has(self, minute: u16) -> bool {
        self.from <= minute && minute < self.to
    }
}

/// When an estate's centre works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The estate's time zone; the estate has it, not the kept hours.
    #[serde(skip, default = "utc")]
    pub zone: Tz,
    /// Office hours, Monday first; a day without any is closed.
    pub week: [Vec<Span>; 7],
    /// Closed days.
    pub holidays: BTreeSet<NaiveDate>,
    /// Days worked in exchange (调休), with Monday's hours.
    pub workdays: BTreeSet<NaiveDate>,
    /// Night duty: from `from` to `to`, over midnight when `to` is not later.
    pub night: Span,
}

const fn utc() -> Tz {
    Tz::UTC
}

/// What time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Counting {
    /// Office hours of the estate's calendar.
    Office,
    /// All time.
    Calendar,
}

/// Time that does not count, for a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Why, e.g. `WAITING_PARTS`.
    pub reason: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
}

impl Calendar {
    /// What an estate has that never said otherwise: 8:30 to 11:30 and 14:00 to 17:30 every day,
    /// night duty from 18:00 to 8:00 (handbook ch. 15, 22).
    pub fn standard(zone: Tz) -> Self {
        let hours = vec![Span { from: 510, to: 690 }, Span { from: 840, to: 1050 }];
        Self {
            zone,
            week: std::array::from_fn(|_| hours.clone()),
            holidays: BTreeSet::new(),
            workdays: BTreeSet::new(),
            night: Span { from: 18 * 60, to: 8 * 60 },
        }
    }

    /// The calendar, if it can be worked with.
    ///
    /// # Errors
    /// When a stretch is none, two of a day meet, or the centre never works.
    pub fn checked(self) -> Result<Self, Invalid> {
        for spans in &self.week {
            if spans.len() > MOST_SPANS {
                return Err(Invalid::new("officeHours", expected::items(0, MOST_SPANS)));
            }
            let whole = spans.iter().all(|span| span.from < span.to && span.to <= DAY);
            if !whole || spans.windows(2).any(|pair| pair[0].to >= pair[1].from) {
                return Err(Invalid::new("officeHours", super::super::say::hours_in_order()));
            }
        }
        if self.week.iter().all(Vec::is_empty) {
            return Err(Invalid::new("officeHours", expected::filled()));
        }
        for (field, days) in [("holidays", &self.holidays), ("workdays", &self.workdays)] {
            if days.len() > MOST_DAYS {
                return Err(Invalid::new(field, expected::items(0, MOST_DAYS)));
            }
        }
        for (field, minute, last) in
            [("nightFrom", self.night.from, DAY - 1), ("nightTo", self.night.to, DAY)]
        {
            if minute > last {
                return Err(Invalid::new(field, expected::between(0, i64::from(last))));
            }
        }
        Ok(self)
    }

    /// Office hours of a day.
    pub fn hours(&self, day: NaiveDate) -> &[Span] {
        if self.workdays.contains(&day) {
            &self.week[0]
        } else if self.holidays.contains(&day) {
            &[]
        } else {
            let weekday = day.weekday().num_days_from_monday();
            self.week.get(weekday as usize).map_or(&[], Vec::as_slice)
        }
    }

    /// Whether a day is a holiday: kept as one, and not worked in exchange.
    pub fn is_holiday(&self, day: NaiveDate) -> bool {
        self.holidays.contains(&day) && !self.workdays.contains(&day)
    }

    /// Whether a day is a working day (工作日): Monday to Friday or worked in exchange, and no
    /// holiday. A centre that opens at weekends does not make them working days.
    pub fn is_working_day(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.workdays.contains(&day) || !(weekend || self.holidays.contains(&day))
    }

    /// The day so many working days later.
    pub fn working_days_after(&self, day: NaiveDate, days: u32) -> NaiveDate {
        let later = (1_u64..).map_while(|n| day.checked_add_days(Days::new(n)));
        let worked = later.filter(|day| self.is_working_day(*day));
        let nth = usize::try_from(days.saturating_sub(1)).unwrap_or(usize::MAX);
        worked.into_iter().nth(nth).unwrap_or(NaiveDate::MAX)
    }

    /// Whether an instant lies in office hours.
    pub fn open(&self, at: DateTime<Utc>) -> bool {
        let (day, minute) = self.wall(at);
        self.hours(day).iter().any(|span| span.has(minute))
    }

    /// Whether an instant lies in the night duty.
    pub fn at_night(&self, at: DateTime<Utc>) -> bool {
        let (_, minute) = self.wall(at);
        let Span { from, to } = self.night;
        if from < to { self.night.has(minute) } else { minute >= from || minute < to }
    }

    fn wall(&self, at: DateTime<Utc>) -> (NaiveDate, u16) {
        let local = at.with_timezone(&self.zone);
        let minute = local.hour() * 60 + local.minute();
        (local.date_naive(), u16::try_from(minute).unwrap_or_default())
    }

    /// The open stretches of the local day of `at`, from `at` on, and where the day, or the offset
    /// from UTC, ends: after a change of the clocks the rest of the day is another stretch.
    fn rest_of_day(&self, at: DateTime<Utc>) -> (Vec<Stretch>, DateTime<Utc>) {
        let offset = offset(self.zone, at);
        let day = (at + offset).date_naive();
        let midnight = Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN)) - offset;
        let end = same_offset(self.zone, at, midnight + Duration::days(1));
        let stretch = |span: &Span| {
            let minute = |m: u16| midnight + Duration::minutes(i64::from(m));
            let (from, to) = (minute(span.from).max(at), minute(span.to).min(end));
            (from < to).then_some((from, to))
        };
        (self.hours(day).iter().filter_map(stretch).collect(), end)
    }
}

type Stretch = (DateTime<Utc>, DateTime<Utc>);

fn offset(zone: Tz, at: DateTime<Utc>) -> Duration {
    let seconds = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    Duration::seconds(i64::from(seconds))
}

/// Until when, at most `end`, the zone keeps the offset it has at `at`; to the second.
fn same_offset(zone: Tz, at: DateTime<Utc>, end: DateTime<Utc>) -> DateTime<Utc> {
    let kept = offset(zone, at);
    if offset(zone, end - Duration::nanoseconds(1)) == kept {
        return end;
    }
    let (mut same, mut other) = (at.timestamp(), end.timestamp());
    while same + 1 < other {
        let middle = i64::midpoint(same, other);
        match Utc.timestamp_opt(middle, 0).single() {
            Some(instant) if offset(zone, instant) == kept => same = middle,
            _ => other = middle,
        }
    }
    Utc.timestamp_opt(other, 0).single().unwrap_or(end)
}

/// Counted time of one look: stretches in order, without what is paused.
struct Along<'a> {
    counting: Counting,
    calendar: &'a Calendar,
    /// In order, none touching another.
    pauses: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl<'a> Along<'a> {
    fn new(counting: Counting, calendar: &'a Calendar, pauses: &[Pause]) -> Self {
        let mut each: Vec<_> = pauses.iter().map(|pause| (pause.from, pause.to)).collect();
        each.retain(|(from, to)| to.is_none_or(|to| *from < to));
        each.sort_by_key(|(from, _)| *from);
        let mut merged: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = Vec::new();
        for (from, to) in each {
            match merged.last_mut() {
                Some((_, None)) => {}
                Some((_, last)) if last.is_some_and(|end| from <= end) => {
                    *last = last.zip(to).map(|(end, to)| end.max(to));
                }
                _ => merged.push((from, to)),
            }
        }
        Self { counting, calendar, pauses: merged }
    }

    /// Gives every counted stretch from `at` on, in order, to `take` until it answers something.
    /// `None` when a pause without end, or the horizon, comes first.
    fn walk<T>(&self, at: DateTime<Utc>, mut take: impl FnMut(Stretch) -> Option<T>) -> Option<T> {
        let horizon = at + HORIZON;
        let mut now = at;
        while now < horizon {
            let (open, end) = match self.counting {
                Counting::Calendar => (vec![(now, horizon)], horizon),
                Counting::Office => self.calendar.rest_of_day(now),
            };
            for stretch in open {
                for part in self.unpaused(stretch) {
                    if let Some(found) = take(part) {
                        return Some(found);
                    }
                }
            }
            now = end;
        }
        None
    }

    fn unpaused(&self, (from, to): Stretch) -> Vec<Stretch> {
        let mut parts = Vec::new();
        let mut start = from;
        for (pause, end) in &self.pauses {
            if *pause >= to {
                break;
            }
            if start < *pause {
                parts.push((start, *pause));
            }
            match end {
                Some(end) => start = start.max(*end),
                None => return parts,
            }
        }
        if start < to {
            parts.push((start, to));
        }
        parts
    }
}

/// The instant at which so much counted time has passed since `start`: the earliest one. `None`
/// while a pause without end comes first.
pub fn due(
    start: DateTime<Utc>,
    time: Duration,
    counting: Counting,
    calendar: &Calendar,
    pauses: &[Pause],
) -> Option<DateTime<Utc>> {
    if time <= Duration::zero() {
        return Some(start);
    }
    let mut left = time;
    Along::new(counting, calendar, pauses).walk(start, |(from, to)| {
        if to - from >= left {
            return Some(from + left);
        }
        left -= to - from;
        None
    })
}

/// How much counted time lies between two instants.
pub fn measured(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    counting: Counting,
    calendar: &Calendar,
    pauses: &[Pause],
) -> Duration {
    let mut sum = Duration::zero();
    let until = |(start, end): Stretch| {
        if start >= to {
            return Some(());
        }
        sum += end.min(to) - start;
        (end >= to).then_some(())
    };
    if from < to {
        Along::new(counting, calendar, pauses).walk(from, until);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn shanghai() -> Calendar {
        Calendar::standard(Tz::Asia__Shanghai)
    }

    #[test]
    fn office_time_stops_at_noon_and_over_night() {
        // Friday 11:00 in Shanghai; half an hour is left in the morning.
        let (start, calendar) = (at("2026-07-31T03:00:00Z"), shanghai());
        let after = |minutes| {
            due(start, Duration::minutes(minutes), Counting::Office, &calendar, &[]).unwrap()
        };
        assert_eq!(after(30), at("2026-07-31T03:30:00Z"));
        assert_eq!(after(31), at("2026-07-31T06:01:00Z"));
        assert_eq!(after(30 + 210 + 1), at("2026-08-01T00:31:00Z"));
    }

    #[test]
    fn holidays_are_closed_and_days_in_exchange_open() {
        let mut calendar = shanghai();
        calendar.week[5] = Vec::new();
        calendar.week[6] = Vec::new();
        let saturday = at("2026-10-10T02:00:00Z");
        assert!(!calendar.open(saturday));
        calendar.workdays.insert("2026-10-10".parse().unwrap());
        assert!(calendar.open(saturday));
        let friday = at("2026-10-09T02:00:00Z");
        assert!(calendar.open(friday));
        calendar.holidays.insert("2026-10-09".parse().unwrap());
        assert!(!calendar.open(friday));
    }

    #[test]
    fn ten_working_days_are_two_weeks_but_for_holidays() {
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        let mut calendar = shanghai();
        assert_eq!(calendar.working_days_after(day("2026-07-31"), 10), day("2026-08-14"));
        assert_eq!(
            calendar.working_days_after(day("2026-08-01"), 1),
            day("2026-08-03"),
            "Saturday"
        );
        // The week of the National Day, with the Saturday after it worked in exchange.
        calendar.holidays = (1..=7).map(|n| day(&format!("2026-10-0{n}"))).collect();
        calendar.workdays = [day("2026-10-10")].into();
        assert_eq!(calendar.working_days_after(day("2026-09-30"), 3), day("2026-10-10"));
        assert!(calendar.is_holiday(day("2026-10-01")) && !calendar.is_holiday(day("2026-10-10")));
    }

    #[test]
    fn the_night_goes_over_midnight() {
        let calendar = shanghai();
        assert!(calendar.at_night(at("2026-07-31T13:40:00Z")), "21:40");
        assert!(calendar.at_night(at("2026-07-30T23:59:00Z")), "7:59");
        assert!(!calendar.at_night(at("2026-07-31T00:00:00Z")), "8:00");
    }

    #[test]
    fn a_calendar_that_never_works_or_overlaps_is_refused() {
        assert!(shanghai().checked().is_ok());
        let mut closed = shanghai();
        closed.week = std::array::from_fn(|_| Vec::new());
        assert_eq!(closed.checked().unwrap_err().field, "officeHours");
        let mut twice = shanghai();
        twice.week[2] = vec![Span { from: 0, to: 60 }, Span { from: 50, to: 70 }];
        assert_eq!(twice.checked().unwrap_err().field, "officeHours");
        let mut late = shanghai();
        late.night.from = 1440;
        assert_eq!(late.checked().unwrap_err().field, "nightFrom");
    }

    #[test]
    fn while_a_pause_lasts_nothing_falls_due() {
        let (start, calendar) = (at("2026-07-31T03:00:00Z"), shanghai());
        let hour = Duration::hours(1);
        let mut pause = Pause { reason: "P".to_owned(), from: start + hour / 2, to: None };
        let due = |pause: &Pause| {
            due(start, hour, Counting::Calendar, &calendar, std::slice::from_ref(pause))
        };
        assert_eq!(due(&pause), None);
        pause.to = Some(start + hour * 3);
        assert_eq!(due(&pause), Some(start + hour * 3 + hour / 2));
    }
}
