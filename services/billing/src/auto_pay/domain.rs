//! When a saved card is charged for a bill.

use crate::{payments::PaymentStatus, say};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use money::Fen;
use texts::Text;

/// The words that a payer consents to; new words have a new number.
pub const CONSENT_VERSION: i32 = 1;

/// The words of the present version.
pub fn consent() -> Text {
    say::auto_pay_consent()
}

/// How often a bill is tried: once, and twice more on later days.
pub const MOST_TRIES: usize = 3;

/// How far a saved card has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CardState {
    /// The payer has the page on which it is saved.
    Opened,
    /// It is charged when a bill falls due.
    Active,
    /// The payer took the consent back, or saved another card.
    Revoked,
    /// No card was saved.
    Failed,
}

/// A try to charge a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Try {
    /// When.
    pub day: NaiveDate,
    /// What is known of its payment.
    pub status: PaymentStatus,
}

/// What to do about a bill today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Charge this much.
    Charge(Fen),
    /// Nothing is open, or it is not due yet.
    Nothing,
    /// It is more than the payer allows for one bill; a part of it is never charged.
    OverLimit,
    /// A try is not decided, or was declined today.
    Wait,
    /// It was tried often enough, or it was paid once already and is owed again.
    GivenUp,
}

/// Decides about a bill of which `open` is open.
pub fn verdict(open: Fen, due: NaiveDate, today: NaiveDate, most: Fen, tries: &[Try]) -> Verdict {
    if !open.is_positive() || due > today {
        return Verdict::Nothing;
    }
    if tries.iter().any(|it| !is_decided(it.status)) {
        return Verdict::Wait;
    }
    let paid = tries.iter().any(|it| it.status != PaymentStatus::Failed);
    if paid || tries.len() >= MOST_TRIES {
        return Verdict::GivenUp;
    }
    if tries.iter().any(|it| it.day >= today) {
        return Verdict::Wait;
    }
    if open > most { Verdict::OverLimit } else { Verdict::Charge(open) }
}

/// On which day a bill is tried again whose try of this number was declined on `day`; `None` after the
/// last.
pub fn next_try(number: i32, day: NaiveDate) -> Option<NaiveDate> {
    let more = usize::try_from(number).is_ok_and(|number| number < MOST_TRIES);
    day.succ_opt().filter(|_| more)
}

/// Whether the provider has had its last word on a payment.
pub const fn is_decided(status: PaymentStatus) -> bool {
    !matches!(status, PaymentStatus::Created | PaymentStatus::Pending | PaymentStatus::Unknown)
}

/// When bills are looked at next: nine o'clock of the next day in the estate. Where the clock skips
/// that hour, an hour later.
pub fn next_look<Z: TimeZone>(now: DateTime<Utc>, zone: &Z) -> DateTime<Utc> {
    let tomorrow = now.with_timezone(zone).date_naive() + Days::new(1);
    let at = |hour| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0)?;
        zone.from_local_datetime(&tomorrow.and_time(time)).earliest()
    };
    let next = at(9).or_else(|| at(10)).map(|time| time.with_timezone(&Utc));
    next.unwrap_or(now + chrono::Duration::days(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Timelike as _;
    use chrono_tz::{Asia::Shanghai, Europe::Berlin};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn tried(on: &str, status: PaymentStatus) -> Try {
        Try { day: day(on), status }
    }

    fn about(open: i64, due: &str, tries: &[Try]) -> Verdict {
        verdict(Fen(open), day(due), day("2026-08-15"), Fen(50_000), tries)
    }

    #[test]
    fn a_bill_is_charged_whole_from_its_due_day_on_and_within_the_limit() {
        assert_eq!(about(27_862, "2026-08-15", &[]), Verdict::Charge(Fen(27_862)));
        assert_eq!(about(27_862, "2026-08-01", &[]), Verdict::Charge(Fen(27_862)));
        assert_eq!(about(27_862, "2026-08-16", &[]), Verdict::Nothing);
        assert_eq!(about(0, "2026-08-15", &[]), Verdict::Nothing);
        assert_eq!(about(50_001, "2026-08-15", &[]), Verdict::OverLimit);
    }

    #[test]
    fn a_declined_bill_is_tried_on_two_later_days_and_no_more() {
        use PaymentStatus::{Failed, Pending, Refunded, Succeeded, Unknown};
        let all =
            [tried("2026-08-12", Failed), tried("2026-08-13", Failed), tried("2026-08-14", Failed)];
        assert_eq!(about(1, "2026-08-12", &all[..1]), Verdict::Charge(Fen(1)));
        assert_eq!(about(1, "2026-08-12", &all[..2]), Verdict::Charge(Fen(1)));
        assert_eq!(about(1, "2026-08-12", &all), Verdict::GivenUp);
        assert_eq!(about(1, "2026-08-12", &[tried("2026-08-15", Failed)]), Verdict::Wait);
        for open in [Pending, Unknown, PaymentStatus::Created] {
            assert_eq!(about(1, "2026-08-12", &[tried("2026-08-12", open)]), Verdict::Wait);
        }
        for paid in [Succeeded, Refunded] {
            assert_eq!(about(1, "2026-08-12", &[tried("2026-08-12", paid)]), Verdict::GivenUp);
        }
    }

    #[test]
    fn the_day_that_a_payer_is_told_is_the_day_of_the_next_charge() {
        let mut tries = Vec::new();
        for number in 1..=3 {
            let on = day("2026-08-12") + Days::new(tries.len() as u64);
            tries.push(Try { day: on, status: PaymentStatus::Failed });
            let next = next_try(number, on);
            assert_eq!(next.is_some(), number < 3);
            let on = next.unwrap_or(on + Days::new(1));
            let verdict = verdict(Fen(1), day("2026-08-12"), on, Fen(50_000), &tries);
            assert_eq!(verdict == Verdict::Charge(Fen(1)), next.is_some());
        }
    }

    #[test]
    fn bills_are_looked_at_at_nine_in_the_estate() {
        let next = |now: &str, zone| {
            let now: DateTime<Utc> = now.parse().unwrap();
            next_look(now, &zone).to_rfc3339()
        };
        assert_eq!(next("2026-07-31T00:00:00Z", Shanghai), "2026-08-01T01:00:00+00:00");
        assert_eq!(next("2026-07-31T17:00:00Z", Shanghai), "2026-08-02T01:00:00+00:00");
        assert_eq!(next("2026-03-28T12:00:00Z", Berlin), "2026-03-29T07:00:00+00:00");
        assert_eq!(next("2026-10-24T12:00:00Z", Berlin), "2026-10-25T08:00:00+00:00");
    }

    proptest! {
        #[test]
        fn never_above_the_limit_never_twice_a_day_and_never_four_times(
            open in -10_i64..1000, most in 1_i64..1000, days in 0_u64..40,
        ) {
            // Every charge is declined at once.
            let mut tries: Vec<Try> = Vec::new();
            let due = day("2026-08-10");
            for n in 0..days {
                let today = day("2026-08-01") + Days::new(n);
                for _ in 0..2 {
                    if let Verdict::Charge(amount) = verdict(Fen(open), due, today, Fen(most), &tries) {
                        prop_assert!(amount == Fen(open) && amount <= Fen(most) && today >= due);
                        prop_assert!(tries.iter().all(|it| it.day < today));
                        tries.push(Try { day: today, status: PaymentStatus::Failed });
                    }
                }
            }
            prop_assert!(tries.len() <= MOST_TRIES);
        }

        /// Every day has one look, in the morning, whatever summer time does to the day.
        #[test]
        fn looks_miss_no_day_and_come_once_a_day(zone in zones(), start in 0_i64..20 * 365 * 24 * 60) {
            let mut now: DateTime<Utc> = "2015-01-01T00:00:00Z".parse().unwrap();
            now += chrono::Duration::minutes(start);
            for _ in 0..400 {
                let next = next_look(now, &zone);
                let (before, after) = (now.with_timezone(&zone), next.with_timezone(&zone));
                prop_assert_eq!(after.date_naive(), before.date_naive() + Days::new(1));
                prop_assert!([9, 10].contains(&after.hour()), "{}", after);
                now = next;
            }
        }
    }

    /// Zones with summer time of an hour and of half an hour, with the switch at midnight, and none.
    fn zones() -> impl Strategy<Value = chrono_tz::Tz> {
        use chrono_tz::{America::Sao_Paulo, Australia::Lord_Howe, Pacific::Apia};
        prop::sample::select(vec![Shanghai, Berlin, Sao_Paulo, Lord_Howe, Apia])
    }
}
