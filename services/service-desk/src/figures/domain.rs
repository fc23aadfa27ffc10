//! What is counted, and how: one definition of each measure, for the number and for the tickets
//! behind it.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What a ticket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A call or visit (来电来访).
    Contact,
    /// A revisit (回访).
    Revisit,
    /// A work order (派工单).
    WorkOrder,
    /// A complaint (投诉).
    Complaint,
    /// An order of a special service (特约服务).
    SpecialOrder,
    /// A missed call to call back.
    CallBack,
    /// An internal memo.
    Memo,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Contact,
        Self::Revisit,
        Self::WorkOrder,
        Self::Complaint,
        Self::SpecialOrder,
        Self::CallBack,
        Self::Memo,
    ];
}

/// By what tickets are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum By {
    /// Their class, e.g. `REPAIR`.
    Class,
    /// Who handles them.
    Officer,
    /// The building they are about.
    Building,
    /// The month in which they came in.
    Month,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Came in.
    Opened,
    /// Of them, handled.
    Handled,
    /// Of them, those with a promise of a first answer whose time has come.
    ResponsePromised,
    /// Of them, answered on time.
    RespondedOnTime,
    /// Those with a promise of an end whose time has come.
    ResolutionPromised,
    /// Of them, ended on time.
    ResolvedOnTime,
    /// Settled in the same breath as they came in; contacts only.
    FirstContact,
    /// Open at the end.
    Open,
    /// Of them, for at most one day.
    OpenDay,
    /// For more than one and at most three days.
    OpenThreeDays,
    /// For more than three and at most seven days.
    OpenSevenDays,
    /// For more than seven and at most thirty days.
    OpenThirtyDays,
    /// For longer.
    OpenLonger,
}

/// One ticket, as far as it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// What it is.
    pub kind: Kind,
    /// Its row.
    pub id: Uuid,
    /// How people name it.
    pub reference: String,
    /// Its class.
    pub class: String,
    /// Who handles it.
    pub officer: Option<Uuid>,
    /// The building it is about.
    pub building: Option<Uuid>,
    /// When it came in.
    pub opened_at: DateTime<Utc>,
    /// When it was first answered.
    pub responded_at: Option<DateTime<Utc>>,
    /// When it was settled.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Until when it should be answered.
    pub respond_by: Option<DateTime<Utc>>,
    /// Until when it should be settled.
    pub resolve_by: Option<DateTime<Utc>>,
    /// Whether it was settled in the same breath as it came in.
    pub first_contact: bool,
}

/// The time that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// From when on tickets that came in count.
    pub from: DateTime<Utc>,
    /// Until when.
    pub to: DateTime<Utc>,
    /// What is open, and how long, is as it was at this instant.
    pub at: DateTime<Utc>,
}

impl Ticket {
    /// In which group it is; `-` where it has none.
    pub fn key(&self, by: By, zone: Tz) -> String {
        let none = || "-".to_owned();
        match by {
            By::Class => self.class.clone(),
            By::Officer => self.officer.map_or_else(none, |id| id.simple().to_string()),
            By::Building => self.building.map_or_else(none, |id| id.simple().to_string()),
            By::Month => self.opened_at.with_timezone(&zone).format("%Y-%m").to_string(),
        }
    }

    fn open_for(&self, at: DateTime<Utc>) -> Option<Duration> {
        let open = self.opened_at <= at && self.resolved_at.is_none_or(|end| end > at);
        open.then(|| at - self.opened_at)
    }

    /// Whether a measure counts it.
    pub fn counts(&self, measure: Measure, window: Window) -> bool {
        let opened = window.from <= self.opened_at && self.opened_at < window.to;
        let age = self.open_for(window.at);
        let aged = |above: i64, most: i64| {
            age.is_some_and(|age| age > Duration::days(above) && age <= Duration::days(most))
        };
        // A promise counts once it is kept or its time is over.
        let due = |by: Option<DateTime<Utc>>, done: Option<DateTime<Utc>>| {
            opened && by.is_some_and(|by| done.is_some() || by < window.at)
        };
        let kept = |by: Option<DateTime<Utc>>, done: Option<DateTime<Utc>>| {
            opened && by.zip(done).is_some_and(|(by, done)| done <= by)
        };
        match measure {
            Measure::Opened => opened,
            Measure::Handled => opened && self.resolved_at.is_some(),
            Measure::ResponsePromised => due(self.respond_by, self.responded_at),
            Measure::RespondedOnTime => kept(self.respond_by, self.responded_at),
            Measure::ResolutionPromised => due(self.resolve_by, self.resolved_at),
            Measure::ResolvedOnTime => kept(self.resolve_by, self.resolved_at),
            Measure::FirstContact => opened && self.first_contact,
            Measure::Open => age.is_some(),
            Measure::OpenDay => age.is_some() && !aged(1, i64::from(i32::MAX)),
            Measure::OpenThreeDays => aged(1, 3),
            Measure::OpenSevenDays => aged(3, 7),
            Measure::OpenThirtyDays => aged(7, 30),
            Measure::OpenLonger => aged(30, i64::from(i32::MAX)),
        }
    }
}

/// The groups of some tickets of one kind, in order.
pub fn groups(tickets: &[Ticket], kind: Kind, by: By, zone: Tz) -> BTreeSet<String> {
    let of_kind = tickets.iter().filter(|ticket| ticket.kind == kind);
    of_kind.map(|ticket| ticket.key(by, zone)).collect()
}

/// The tickets behind a number.
pub fn behind<'t>(
    tickets: &'t [Ticket],
    (kind, by, key): (Kind, By, Option<&str>),
    (measure, window): (Measure, Window),
    zone: Tz,
) -> Vec<&'t Ticket> {
    let wanted = |ticket: &&Ticket| {
        ticket.kind == kind
            && key.is_none_or(|key| ticket.key(by, zone) == key)
            && ticket.counts(measure, window)
    };
    tickets.iter().filter(wanted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::rate;
    use proptest::prelude::*;

    fn at(day: i64, hour: i64) -> DateTime<Utc> {
        let start: DateTime<Utc> = "2026-06-30T16:00:00Z".parse().unwrap();
        start + Duration::days(day) + Duration::hours(hour)
    }

    fn july() -> Window {
        Window { from: at(0, 0), to: at(31, 0), at: at(31, 0) }
    }

    fn ticket(n: u128, opened: DateTime<Utc>, resolved: Option<DateTime<Utc>>) -> Ticket {
        Ticket {
            kind: Kind::Complaint,
            id: Uuid::from_u128(n),
            reference: n.to_string(),
            class: if n.is_multiple_of(2) { "A" } else { "B" }.to_owned(),
            officer: n.is_multiple_of(3).then(|| Uuid::from_u128(7)),
            building: Some(Uuid::from_u128(n % 4)),
            opened_at: opened,
            responded_at: resolved,
            resolved_at: resolved,
            respond_by: Some(opened + Duration::minutes(30)),
            resolve_by: Some(opened + Duration::hours(24)),
            first_contact: false,
        }
    }

    fn count(all: &[Ticket], measure: Measure) -> usize {
        let which = (Kind::Complaint, By::Class, None);
        behind(all, which, (measure, july()), Tz::Asia__Shanghai).len()
    }

    #[test]
    fn scenario_3_forty_two_complaints_all_handled_forty_on_time() {
        let one = |n: u128| {
            let opened = at(i64::try_from(n % 28).unwrap(), 1);
            ticket(n, opened, Some(opened + Duration::hours(if n < 40 { 17 } else { 25 })))
        };
        let all: Vec<Ticket> = (0..42).map(one).collect();
        let (opened, handled) = (count(&all, Measure::Opened), count(&all, Measure::Handled));
        assert_eq!((opened, rate(handled, opened)), (42, Some(10_000)));
        let promised = count(&all, Measure::ResolutionPromised);
        assert_eq!(rate(count(&all, Measure::ResolvedOnTime), promised), Some(9_524));
        assert_eq!(count(&all, Measure::RespondedOnTime), 0);
        assert_eq!(count(&all, Measure::Open), 0);
    }

    #[test]
    fn what_is_open_is_told_by_age_and_a_promise_counts_when_its_time_has_come() {
        let all: Vec<Ticket> = [(31, -1), (30, 0), (28, 0), (25, 0), (1, 0), (-9, 0), (31, 0)]
            .into_iter()
            .zip(0..)
            .map(|((day, hour), n)| ticket(n, at(day, hour), None))
            .collect();
        let open = [Measure::OpenDay, Measure::OpenThreeDays, Measure::OpenSevenDays];
        // The last came in with the end of the month, which is not in it, and is open for no time.
        assert_eq!(open.map(|measure| count(&all, measure)), [3, 1, 1]);
        assert_eq!(count(&all, Measure::OpenThirtyDays), 1);
        assert_eq!(count(&all, Measure::OpenLonger), 1);
        assert_eq!(count(&all, Measure::Open), 7);
        assert_eq!(count(&all, Measure::Opened), 5);
        // Of the five, two may still be settled in time.
        assert_eq!(count(&all, Measure::ResolutionPromised), 3);
    }

    proptest! {
        #[test]
        fn groups_add_up_to_the_whole_and_ages_to_the_open(
            rows in prop::collection::vec((-60_i64..40, 0_i64..24, prop::option::of(1_i64..1000)), 0..40),
        ) {
            let tickets: Vec<Ticket> = (0_u128..).zip(rows).map(|(n, (day, hour, after))| {
                let opened = at(day, hour);
                ticket(n, opened, after.map(|hours| opened + Duration::hours(hours)))
            }).collect();
            let zone = Tz::Asia__Shanghai;
            for measure in [Measure::Opened, Measure::Handled, Measure::ResolvedOnTime, Measure::Open] {
                for by in [By::Class, By::Officer, By::Building, By::Month] {
                    let parts: usize = groups(&tickets, Kind::Complaint, by, zone).iter().map(|key| {
                        let which = (Kind::Complaint, by, Some(&**key));
                        behind(&tickets, which, (measure, july()), zone).len()
                    }).sum();
                    prop_assert_eq!(parts, count(&tickets, measure));
                }
            }
            let ages = [Measure::OpenDay, Measure::OpenThreeDays, Measure::OpenSevenDays,
                Measure::OpenThirtyDays, Measure::OpenLonger];
            let ages: usize = ages.map(|age| count(&tickets, age)).iter().sum();
            prop_assert_eq!(ages, count(&tickets, Measure::Open));
            prop_assert!(count(&tickets, Measure::Handled) <= count(&tickets, Measure::Opened));
            prop_assert!(count(&tickets, Measure::ResolvedOnTime)
                <= count(&tickets, Measure::ResolutionPromised));
        }
    }
}
