//! When a step falls due, and when nobody may be contacted. Pure.

use crate::dunning::domain::Step;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};

/// One step with its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rung {
    /// The step.
    pub step: Step,
    /// How many days after the due date it is done.
    pub day: u32,
    /// How many days must pass before it may be repeated.
    pub cool_down: u32,
    /// How many days it gives to pay.
    pub grace: u32,
}

/// The ladder of an estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ladder {
    /// The steps, their days growing.
    pub rungs: Vec<Rung>,
    /// From when on somebody may be contacted, in the estate's time.
    pub from: NaiveTime,
    /// Until when.
    pub until: NaiveTime,
    /// How many messages an account gets in a day at most.
    pub messages_a_day: u32,
}

/// A step that was done, skipped or is waiting, with the day on which it fell due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fired {
    /// The step.
    pub step: Step,
    /// The day.
    pub due: NaiveDate,
}

/// Nobody is contacted before this hour or after the other, whatever a ladder says.
const EARLIEST: (u32, u32) = (8, 30);
const LATEST: (u32, u32) = (20, 30);

impl Ladder {
    /// The ladder of the handbook, for estates that have set none.
    pub fn product() -> Self {
        let days = [1, 7, 15, 30, 45, 90, 120, 180];
        let cool_downs = [7, 7, 15, 15, 15, 30, 30, 30];
        let graces = [0, 0, 7, 0, 3, 0, 7, 15];
        let rung = |n: usize| Rung {
            step: Step::ALL[n],
            day: days[n],
            cool_down: cool_downs[n],
            grace: graces[n],
        };
        let rungs = (0..Step::ALL.len()).map(rung).collect();
        Self { rungs, from: hour(EARLIEST), until: hour(LATEST), messages_a_day: 1 }
    }

    /// The ladder if it is lawful and makes sense.
    pub fn checked(self) -> Result<Self, Invalid> {
        if self.rungs.is_empty() {
            return Err(Invalid::new("steps", expected::items(1, Step::ALL.len())));
        }
        for pair in self.rungs.windows(2) {
            if pair[1].day <= pair[0].day || pair[1].step <= pair[0].step {
                return Err(Invalid::new("steps", crate::say::dunning_steps_in_order()));
            }
        }
        let bad = |rung: &&Rung| {
            rung.day > 720 || !(1..=365).contains(&rung.cool_down) || rung.grace > 90
        };
        if self.rungs.iter().any(|rung| bad(&rung)) {
            return Err(Invalid::new("steps", expected::between(0, 720)));
        }
        if self.from < hour(EARLIEST) || self.from >= self.until {
            return Err(Invalid::new("contactFrom", crate::say::dunning_hours_lawful()));
        }
        if self.until > hour(LATEST) {
            return Err(Invalid::new("contactUntil", crate::say::dunning_hours_lawful()));
        }
        if self.messages_a_day != 1 {
            return Err(Invalid::new("messagesADay", expected::between(1, 1)));
        }
        Ok(self)
    }

    /// The step's place in this ladder, if it has it.
    pub fn rung(&self, step: Step) -> Option<&Rung> {
        self.rungs.iter().find(|rung| rung.step == step)
    }

    /// The next step that was not fired, with its day: as far from the anchor as the ladder says, at
    /// least as far from the step before as the ladder says, and not before `held_until`, the day on
    /// which the last pause ended. Whether it ran every day or not changes nothing.
    pub fn next(
        &self,
        anchor: NaiveDate,
        fired: &[Fired],
        held_until: Option<NaiveDate>,
    ) -> Option<(Step, NaiveDate)> {
        let last = self.rungs.iter().rposition(|rung| fired.iter().any(|it| it.step == rung.step));
        let next = self.rungs.get(last.map_or(0, |last| last + 1))?;
        let mut due = after(anchor, next.day);
        if let Some(before) = last.map(|last| &self.rungs[last]) {
            let when = fired.iter().find(|it| it.step == before.step).map(|it| it.due);
            due = due.max(after(when.unwrap_or(anchor), next.day - before.day));
        }
        Some((next.step, held_until.map_or(due, |day| day.max(due))))
    }

    /// From which day on a step that was done on `last` may be repeated.
    pub fn again_from(&self, step: Step, last: NaiveDate) -> NaiveDate {
        after(last, self.rung(step).map_or(1, |rung| rung.cool_down))
    }

    /// Whether somebody may be contacted at an instant.
    pub fn may_contact(&self, zone: Tz, at: DateTime<Utc>) -> bool {
        let there = at.with_timezone(&zone).time();
        self.from <= there && there <= self.until
    }
}

/// A day later by some days.
pub(crate) fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

fn hour((hour, minute): (u32, u32)) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Fires everything due up to `today`, as the daily work does.
    fn fire(
        ladder: &Ladder,
        anchor: NaiveDate,
        fired: &mut Vec<Fired>,
        held: Option<NaiveDate>,
        today: NaiveDate,
    ) {
        while let Some((step, due)) =
            ladder.next(anchor, fired, held).filter(|(_, due)| *due <= today)
        {
            fired.push(Fired { step, due });
        }
    }

    #[test]
    fn the_product_ladder_has_the_days_of_scenario_1() {
        let (ladder, mut fired) = (Ladder::product().checked().unwrap(), Vec::new());
        fire(&ladder, day("2026-07-15"), &mut fired, None, day("2026-08-24"));
        let days: Vec<String> = fired.iter().map(|it| it.due.to_string()).collect();
        assert_eq!(days, ["2026-07-16", "2026-07-22", "2026-07-30", "2026-08-14"]);
    }

    #[test]
    fn a_held_step_comes_when_the_pause_ends_and_the_next_keeps_its_distance() {
        let (ladder, mut fired) = (Ladder::product(), Vec::new());
        let anchor = day("2026-01-15");
        fire(&ladder, anchor, &mut fired, None, day("2026-04-10"));
        assert_eq!(fired.last().unwrap().step, Step::SecondNotice);
        let held = Some(day("2026-07-12"));
        assert_eq!(
            ladder.next(anchor, &fired, held),
            Some((Step::DirectorVisit, day("2026-07-12")))
        );
        fire(&ladder, anchor, &mut fired, held, day("2026-07-12"));
        assert_eq!(
            ladder.next(anchor, &fired, held),
            Some((Step::LawyerLetter, day("2026-08-11")))
        );
    }

    #[test]
    fn nobody_is_contacted_at_night_in_the_estates_time() {
        let ladder = Ladder::product();
        let may = |at: &str| ladder.may_contact(Tz::Asia__Shanghai, at.parse().unwrap());
        assert!(!may("2026-07-16T00:29:59Z"), "8:29:59");
        assert!(may("2026-07-16T00:30:00Z"));
        assert!(may("2026-07-16T12:30:00Z"));
        assert!(!may("2026-07-16T12:30:01Z"), "20:30:01");
    }

    #[test]
    fn a_ladder_cannot_be_set_beyond_what_is_decent() {
        let field = |change: fn(&mut Ladder)| {
            let mut ladder = Ladder::product();
            change(&mut ladder);
            ladder.checked().unwrap_err().field
        };
        assert_eq!(field(|it| it.rungs.clear()), "steps");
        assert_eq!(field(|it| it.rungs.swap(0, 1)), "steps");
        assert_eq!(field(|it| it.rungs[0].cool_down = 0), "steps");
        assert_eq!(field(|it| it.from = hour((7, 0))), "contactFrom");
        assert_eq!(field(|it| it.until = hour((22, 0))), "contactUntil");
        assert_eq!(field(|it| it.messages_a_day = 3), "messagesADay");
    }

    proptest! {
        #[test]
        fn days_without_the_work_change_nothing(
            visits in prop::collection::btree_set(0_u32..250, 0..12),
            held in prop::option::of(0_u32..200),
        ) {
            let (ladder, anchor) = (Ladder::product(), day("2026-01-31"));
            let held = held.map(|days| after(anchor, days));
            let (mut daily, mut seldom) = (Vec::new(), Vec::new());
            for days in 0..=250 {
                fire(&ladder, anchor, &mut daily, held, after(anchor, days));
                if visits.contains(&days) || days == 250 {
                    fire(&ladder, anchor, &mut seldom, held, after(anchor, days));
                }
            }
            prop_assert_eq!(daily, seldom);
        }

        #[test]
        fn each_step_comes_once_in_order_and_never_early(held in prop::option::of(0_u32..400)) {
            let (ladder, anchor, mut fired) = (Ladder::product(), day("2026-01-31"), Vec::new());
            fire(&ladder, anchor, &mut fired, held.map(|days| after(anchor, days)), after(anchor, 2000));
            let steps: Vec<Step> = fired.iter().map(|it| it.step).collect();
            prop_assert_eq!(steps, Step::ALL.to_vec());
            for (it, rung) in fired.iter().zip(&ladder.rungs) {
                prop_assert!(it.due >= after(anchor, rung.day));
            }
            prop_assert!(fired.windows(2).all(|pair| pair[0].due <= pair[1].due));
        }

        #[test]
        fn nothing_is_repeated_within_its_cool_down(n in 0_usize..8, last in 0_u32..400) {
            let (ladder, start) = (Ladder::product(), day("2026-01-31"));
            let last = after(start, last);
            let again = ladder.again_from(Step::ALL[n], last);
            prop_assert_eq!((again - last).num_days(), i64::from(ladder.rungs[n].cool_down));
        }
    }
}
