//! Adding minutes along a calendar, against a model that counts them one by one.

use super::{Calendar, Counting, Pause, Span, due, measured};
use chrono::{DateTime, Datelike as _, Duration, NaiveDate, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use std::collections::BTreeSet;

const ZONES: [Tz; 4] =
    [Tz::Europe__Berlin, Tz::America__New_York, Tz::Asia__Shanghai, Tz::Australia__Lord_Howe];

/// Near the changes of the clocks of 2026, in both halves of the world.
const AROUND: [&str; 5] = [
    "2026-03-28T00:00:00Z",
    "2026-03-07T12:00:00Z",
    "2026-10-24T12:00:00Z",
    "2026-10-31T18:00:00Z",
    "2026-04-04T00:00:00Z",
];

pub(super) fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0..AROUND.len(), 0..4000_i64).prop_map(|(which, minutes)| {
        AROUND[which].parse::<DateTime<Utc>>().unwrap() + Duration::minutes(minutes)
    })
}

fn spans() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::btree_set(0..=1440_u16, 0..=6).prop_map(|edges| {
        let edges: Vec<u16> = edges.into_iter().collect();
        edges.chunks_exact(2).map(|edge| Span { from: edge[0], to: edge[1] }).collect()
    })
}

fn days() -> impl Strategy<Value = BTreeSet<NaiveDate>> {
    prop::collection::btree_set((0..AROUND.len(), 0..6_i64), 0..4).prop_map(|each| {
        let day = |(which, plus): (usize, i64)| {
            AROUND[which].parse::<DateTime<Utc>>().unwrap().date_naive() + Duration::days(plus)
        };
        each.into_iter().map(day).collect()
    })
}

pub(super) fn calendar() -> impl Strategy<Value = Calendar> {
    let week = prop::array::uniform7(spans());
    (0..ZONES.len(), week, days(), days()).prop_filter_map(
        "never works",
        |(zone, week, holidays, workdays)| {
            let night = Span { from: 1080, to: 480 };
            Calendar { zone: ZONES[zone], week, holidays, workdays, night }.checked().ok()
        },
    )
}

/// Pauses in minutes after the start: from, and for how long.
pub(super) fn pauses() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((0..3000_i64, 0..900_i64), 0..4)
}

pub(super) fn laid(start: DateTime<Utc>, pauses: &[(i64, i64)]) -> Vec<Pause> {
    let minute = |minutes| start + Duration::minutes(minutes);
    let pause = |&(from, long): &(i64, i64)| Pause {
        reason: "WAITING_PARTS".to_owned(),
        from: minute(from),
        to: Some(minute(from + long)),
    };
    pauses.iter().map(pause).collect()
}

/// Whether the minute that begins here counts, asked of the wall clock alone.
fn counts(at: DateTime<Utc>, counting: Counting, calendar: &Calendar, pauses: &[Pause]) -> bool {
    let paused = pauses.iter().any(|pause| pause.from <= at && pause.to.is_none_or(|to| at < to));
    let local = calendar.zone.from_utc_datetime(&at.naive_utc());
    let (day, minute) = (local.date_naive(), local.hour() * 60 + local.minute());
    let hours = if calendar.workdays.contains(&day) {
        &calendar.week[0]
    } else if calendar.holidays.contains(&day) {
        &Vec::new()
    } else {
        &calendar.week[day.weekday().num_days_from_monday() as usize]
    };
    let open =
        || hours.iter().any(|span| (u32::from(span.from)..u32::from(span.to)).contains(&minute));
    !paused && (counting == Counting::Calendar || open())
}

fn naive_due(
    start: DateTime<Utc>,
    minutes: i64,
    which: (Counting, &Calendar),
    pauses: &[Pause],
) -> DateTime<Utc> {
    let (mut at, mut left) = (start, minutes);
    while left > 0 {
        if counts(at, which.0, which.1, pauses) {
            left -= 1;
        }
        at += Duration::minutes(1);
    }
    at
}

/// A week with little work makes a promise last long, so that it is cut to two weeks.
fn fitting(minutes: i64, counting: Counting, calendar: &Calendar) -> i64 {
    let open: i64 = calendar.week.iter().flatten().map(|s| i64::from(s.to - s.from)).sum();
    if counting == Counting::Office { minutes.min(open * 2) } else { minutes }
}

fn counting() -> impl Strategy<Value = Counting> {
    prop_oneof![3 => Just(Counting::Office), 1 => Just(Counting::Calendar)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_is_what_counting_minute_by_minute_gives(
        calendar in calendar(), start in instant(), minutes in 1..2500_i64,
        pauses in pauses(), counting in counting(),
    ) {
        let pauses = laid(start, &pauses);
        let minutes = fitting(minutes, counting, &calendar);
        let found = due(start, Duration::minutes(minutes), counting, &calendar, &pauses);
        prop_assert_eq!(found, Some(naive_due(start, minutes, (counting, &calendar), &pauses)));
    }

    #[test]
    fn what_is_measured_between_is_what_was_promised(
        calendar in calendar(), start in instant(), minutes in 1..2500_i64,
        pauses in pauses(), counting in counting(),
    ) {
        let time = Duration::minutes(fitting(minutes, counting, &calendar));
        let pauses = laid(start, &pauses);
        let end = due(start, time, counting, &calendar, &pauses).unwrap();
        prop_assert_eq!(measured(start, end, counting, &calendar, &pauses), time);
    }

    #[test]
    fn more_time_is_never_due_earlier_and_a_later_start_neither(
        calendar in calendar(), start in instant(), minutes in 0..2500_i64, more in 0..900_i64,
        pauses in pauses(), counting in counting(),
    ) {
        let pauses = laid(start, &pauses);
        let at = |start, minutes| {
            let time = Duration::minutes(fitting(minutes, counting, &calendar));
            due(start, time, counting, &calendar, &pauses)
        };
        prop_assert!(at(start, minutes) <= at(start, minutes + more));
        prop_assert!(at(start, minutes) <= at(start + Duration::minutes(more), minutes));
    }

    #[test]
    fn pauses_only_delay(
        calendar in calendar(), start in instant(), minutes in 0..2500_i64,
        pauses in pauses(), another in (0..3000_i64, 0..900_i64), counting in counting(),
    ) {
        let mut all = laid(start, &pauses);
        let time = Duration::minutes(fitting(minutes, counting, &calendar));
        let before = due(start, time, counting, &calendar, &all).unwrap();
        all.extend(laid(start, &[another]));
        let with = due(start, time, counting, &calendar, &all).unwrap();
        prop_assert!(before <= with);
        // A pause that begins when all is due changes nothing.
        let late = Pause { reason: "LATE".to_owned(), from: with, to: None };
        prop_assert_eq!(due(start, time, counting, &calendar, &[&all[..], &[late]].concat()), Some(with));
    }
}
