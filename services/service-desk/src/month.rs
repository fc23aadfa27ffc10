//! A calendar month.

use chrono::{DateTime, Datelike as _, Duration, Months, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use errors::{Invalid, expected};
use std::{fmt, str::FromStr};

/// A month such as `2026-07`, kept as its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Its first day.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }

    /// The instant at which it begins where this zone holds.
    pub fn begins(self, zone: Tz) -> DateTime<Utc> {
        day_begins(self.0, zone)
    }

    /// The instant at which it is over.
    pub fn ends(self, zone: Tz) -> DateTime<Utc> {
        self.next().begins(zone)
    }

    /// The instant at which a day of the month after it begins where this zone holds; days count
    /// from 1.
    pub fn day_after(self, day: u32, zone: Tz) -> DateTime<Utc> {
        let first = self.next().0;
        day_begins(first.with_day(day).unwrap_or(first), zone)
    }

    /// The month of an input.
    ///
    /// # Errors
    /// [`Invalid`] with the field.
    pub fn read(field: &str, text: &str) -> Result<Self, Invalid> {
        text.parse().map_err(|()| Invalid::new(field, expected::month(text.to_owned())))
    }
}

/// The first instant of a day; that is no midnight where the clocks are put forward over it.
pub fn day_begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let mut times = (0..48).map(|half_hours| midnight + Duration::minutes(30 * half_hours));
    let there = times.find_map(|time| zone.from_local_datetime(&time).earliest());
    there.map_or_else(|| midnight.and_utc(), |there| there.with_timezone(&Utc))
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() != 7 {
            return Err(());
        }
        let day = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map_err(drop)?;
        ((2000..=2200).contains(&day.year())).then_some(Self(day)).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_without_midnight_begins_when_the_clocks_are_put_forward() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let spring = month("2027-08").day_after(5, Tz::America__Santiago);
        assert_eq!(spring.to_rfc3339(), "2027-09-05T04:00:00+00:00");
        let autumn = month("2026-10").day_after(5, Tz::America__New_York);
        assert_eq!(autumn.to_rfc3339(), "2026-11-05T05:00:00+00:00");
        let asuncion = month("2017-10").begins(Tz::America__Asuncion);
        assert_eq!(asuncion.to_rfc3339(), "2017-10-01T04:00:00+00:00");
    }

    #[test]
    fn a_month_begins_where_the_estate_is() {
        let month: Month = "2026-12".parse().unwrap();
        assert_eq!(month.begins(Tz::Asia__Shanghai).to_rfc3339(), "2026-11-30T16:00:00+00:00");
        assert_eq!(month.ends(Tz::Asia__Shanghai).to_rfc3339(), "2026-12-31T16:00:00+00:00");
        assert_eq!(month.last().to_string(), "2026-12-31");
        assert_eq!(month.next().to_string(), "2027-01");
        assert!("2026-13".parse::<Month>().is_err() && "26-1".parse::<Month>().is_err());
        assert!("2026-007".parse::<Month>().is_err());
        let february = Month::read("month", "2026-02").unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(february.first(), day("2026-02-01"));
        assert_eq!(february.last(), day("2026-02-28"));
        for wrong in ["2026-13", "2026-7", "2026-07-01", "", "x", "August!", "2026/08"] {
            assert_eq!(Month::read("month", wrong).unwrap_err().field, "month", "{wrong}");
        }
    }
}
