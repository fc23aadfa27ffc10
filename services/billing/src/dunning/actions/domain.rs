//! What makes a contact a proper one. Pure.

use crate::{
    dunning::{
        domain::{Channel, Evidence, Step},
        ladder::Ladder,
    },
    say,
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use errors::{Invalid, expected};
use money::Fen;
use serde::{Deserialize, Serialize};

/// That a demand arrived, and what shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Delivered {
    /// When.
    pub at: DateTime<Utc>,
    /// What shows it,
    pub evidence: Evidence,
    /// and where it is found: a courier's number, a file, a call's recording.
    pub reference: String,
}

/// The facts of a contact that rules look at.
#[derive(Clone, Debug)]
pub(super) struct Contact<'c> {
    pub step: Option<Step>,
    pub channel: Channel,
    pub staff: UserId,
    pub second: Option<UserId>,
    pub at: DateTime<Utc>,
    pub delivered: Option<&'c Delivered>,
}

/// Whether a contact is one that may have been made.
pub(super) fn proper(
    contact: &Contact<'_>,
    (ladder, zone): (&Ladder, Tz),
    (opened_on, now): (NaiveDate, DateTime<Utc>),
) -> Result<(), Invalid> {
    match contact.step {
        Some(step) if ladder.rung(step).is_none() => {
            return Err(Invalid::new("step", expected::existing()));
        }
        Some(step) if !step.goes_by(contact.channel) => {
            return Err(Invalid::new("channel", say::dunning_channel_of_step()));
        }
        // What is written is the text of a step.
        None if !matches!(contact.channel, Channel::Call | Channel::Visit) => {
            return Err(Invalid::new("step", expected::filled()));
        }
        _ => {}
    }
    let alone = contact.channel == Channel::Visit && contact.second.is_none();
    if alone || contact.second == Some(contact.staff) {
        return Err(Invalid::new("staffId", say::dunning_two_people()));
    }
    let day = contact.at.with_timezone(&zone).date_naive();
    if contact.at > now || day < opened_on {
        return Err(Invalid::new("happenedAt", say::dunning_time_of_contact()));
    }
    if contact.channel.keeps_hours() && !ladder.may_contact(zone, contact.at) {
        let (from, until) = (ladder.from.to_string(), ladder.until.to_string());
        return Err(Invalid::new("happenedAt", say::dunning_hours(from, until)));
    }
    contact.delivered.map_or(Ok(()), |delivered| arrived(delivered, contact.at, now))
}

/// Whether a delivery can be true: not before the contact, not in the future, with a reference.
pub(super) fn arrived(
    delivered: &Delivered,
    sent: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), Invalid> {
    if delivered.at < sent || delivered.at > now {
        return Err(Invalid::new("deliveredAt", say::dunning_time_of_delivery()));
    }
    if !(1..=200).contains(&delivered.reference.trim().chars().count()) {
        return Err(Invalid::new("evidenceReference", expected::length(1, 200)));
    }
    Ok(())
}

/// What became of a promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fate {
    /// Its day has not passed.
    Open,
    /// As much was paid in time.
    Kept,
    /// It was not.
    Broken,
}

/// What became of a promise of `amount` until `due` when `paid` was paid until then.
pub(crate) fn kept(amount: Fen, due: NaiveDate, paid: Fen, today: NaiveDate) -> Fate {
    if paid >= amount {
        Fate::Kept
    } else if today > due {
        Fate::Broken
    } else {
        Fate::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    fn field(change: impl FnOnce(&mut Contact<'_>)) -> Option<String> {
        let at = "2026-07-30T02:00:00Z".parse().unwrap();
        let mut contact = Contact {
            step: Some(Step::Call),
            channel: Channel::Call,
            staff: user(1),
            second: None,
            at,
            delivered: None,
        };
        change(&mut contact);
        let opened = "2026-07-16".parse().unwrap();
        let rules = (&Ladder::product(), Tz::Asia__Shanghai);
        proper(&contact, rules, (opened, at)).err().map(|error| error.field)
    }

    #[test]
    fn a_contact_fits_its_step_its_people_and_the_hours() {
        assert_eq!(field(|_| {}), None);
        assert_eq!(field(|it| it.channel = Channel::Sms).as_deref(), Some("channel"));
        assert_eq!(
            field(|it| (it.step, it.channel) = (None, Channel::Notice)).as_deref(),
            Some("step")
        );
        let visit = |second: Option<u128>| {
            field(|it| {
                (it.step, it.channel) = (Some(Step::Visit), Channel::Visit);
                it.second = second.map(user);
            })
        };
        assert_eq!(visit(None).as_deref(), Some("staffId"));
        assert_eq!(visit(Some(1)).as_deref(), Some("staffId"));
        assert_eq!(visit(Some(2)), None);
        assert_eq!(field(|it| it.second = Some(user(2))), None);
        let at = |text: &str| field(|it| it.at = text.parse().unwrap());
        assert_eq!(at("2026-07-29T23:00:00Z").as_deref(), Some("happenedAt"), "7:00");
        assert_eq!(at("2026-07-31T02:00:00Z").as_deref(), Some("happenedAt"), "tomorrow");
        assert_eq!(at("2026-07-10T02:00:00Z").as_deref(), Some("happenedAt"), "before the case");
    }

    #[test]
    fn a_delivery_is_after_the_contact_and_has_a_reference() {
        let of = |at: &str, reference: &str| Delivered {
            at: at.parse().unwrap(),
            evidence: Evidence::CourierNumber,
            reference: reference.to_owned(),
        };
        let (sent, now) =
            ("2026-07-30T02:00:00Z".parse().unwrap(), "2026-08-01T02:00:00Z".parse().unwrap());
        let field = |it: Delivered| arrived(&it, sent, now).err().map(|error| error.field);
        assert_eq!(field(of("2026-07-31T02:00:00Z", "SF-1")), None);
        assert_eq!(field(of("2026-07-29T02:00:00Z", "SF-1")).as_deref(), Some("deliveredAt"));
        assert_eq!(field(of("2026-08-02T02:00:00Z", "SF-1")).as_deref(), Some("deliveredAt"));
        assert_eq!(field(of("2026-07-31T02:00:00Z", " ")).as_deref(), Some("evidenceReference"));
    }

    proptest! {
        #[test]
        fn a_promise_is_kept_by_money_and_broken_by_time(amount in 1_i64..1000, paid in 0_i64..1000, days in 0_u64..60) {
            let due: NaiveDate = "2026-07-31".parse().unwrap();
            let today = due - chrono::Days::new(30) + chrono::Days::new(days);
            let became = kept(Fen(amount), due, Fen(paid), today);
            prop_assert_eq!(became == Fate::Kept, paid >= amount);
            prop_assert_eq!(became == Fate::Broken, paid < amount && today > due);
        }
    }
}
