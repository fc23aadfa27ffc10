//! Clocks of tickets over any calendar, pauses and changes of the hour: every rung once, none missed.

use super::{
    Calendar, Clock, Counting, Facts, Measure, Promise,
    model_tests::{calendar, instant, laid, pauses},
};
use chrono::{DateTime, Duration, Utc};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn promise() -> impl Strategy<Value = Promise> {
    let minutes = (1..240_u32, prop::option::of(1..240_u32), 1..1500_u32);
    let counting = prop_oneof![Just(Counting::Office), Just(Counting::Calendar)];
    (minutes, counting).prop_map(|((response, night, resolution), counting)| {
        Promise::new(response, night, resolution, counting)
    })
}

/// A ticket and the calendar it is seen under; what happened to it is in minutes after it came.
fn ticket() -> impl Strategy<Value = (Facts, Calendar)> {
    let happened = (prop::option::of(0..4000_i64), prop::option::of(0..4000_i64));
    (promise(), instant(), pauses(), happened, calendar()).prop_map(
        |(promise, start, pauses, (answered, ended), calendar)| {
            let after = |minutes: Option<i64>| minutes.map(|it| start + Duration::minutes(it));
            let mut facts = Facts::begun(promise, start);
            facts.pauses = laid(start, &pauses);
            (facts.responded_at, facts.ended_at) = (after(answered), after(ended));
            (facts, calendar)
        },
    )
}

fn names(clock: &Clock<'_>, now: DateTime<Utc>) -> BTreeSet<(Measure, u16)> {
    clock.reached_by(now).iter().map(|due| (due.step.measure, due.step.percent)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_rung_is_told_once_however_seldom_or_late_one_looks(
        (facts, calendar) in ticket(), looks in prop::collection::vec(0..3000_i64, 1..8),
    ) {
        let clock = Clock::new(&facts, &calendar);
        let (mut told, mut now) = (BTreeSet::new(), facts.started_at);
        for pause in looks {
            now += Duration::minutes(pause);
            let reached = names(&clock, now);
            prop_assert!(told.is_subset(&reached), "what was told is not taken back");
            told.extend(reached);
            // The timer is set to what comes, never to what is told.
            prop_assert!(clock.next(&told).is_none_or(|due| due.at > now));
        }
        prop_assert_eq!(told, names(&clock, now), "nothing was missed");
    }

    #[test]
    fn the_timer_finds_every_rung_by_itself((facts, calendar) in ticket()) {
        let clock = Clock::new(&facts, &calendar);
        let (mut told, mut last) = (BTreeSet::new(), None);
        while let Some(due) = clock.next(&told) {
            prop_assert!(last.is_none_or(|before| before <= due.at));
            last = Some(due.at);
            prop_assert!(told.insert((due.step.measure, due.step.percent)), "none twice");
        }
        prop_assert_eq!(told, names(&clock, DateTime::<Utc>::MAX_UTC));
    }

    #[test]
    fn nobody_is_told_of_a_promise_that_was_kept_before((facts, calendar) in ticket()) {
        let clock = Clock::new(&facts, &calendar);
        for due in clock.reached_by(DateTime::<Utc>::MAX_UTC) {
            let kept = match due.step.measure {
                Measure::Response => facts.responded_at.or(facts.ended_at),
                Measure::Resolution | Measure::Assignment => facts.ended_at,
            };
            prop_assert!(kept.is_none_or(|kept| due.at < kept));
        }
    }
}
