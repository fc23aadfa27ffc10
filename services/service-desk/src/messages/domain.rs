//! What a message is, who can refuse it and when it may ring.

use chrono::{DateTime, Duration, LocalResult, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use texts::{Language, Text};

/// What a message is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageKind {
    /// Danger to people or their home.
    Safety,
    /// Water, power, gas or lifts that fail or are switched off.
    Outage,
    /// A bill.
    Bill,
    /// A reminder of what is owed.
    Dunning,
    /// News of a repair or a call.
    Service,
    /// News of a complaint.
    Complaint,
    /// A question whether all is well now.
    Revisit,
    /// News of an order that is paid for.
    Order,
    /// A notice of the estate.
    Notice,
    /// A visit of the property officer.
    Visit,
    /// A community event.
    Event,
    /// A survey.
    Survey,
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Safety,
        Self::Outage,
        Self::Bill,
        Self::Dunning,
        Self::Service,
        Self::Complaint,
        Self::Revisit,
        Self::Order,
        Self::Notice,
        Self::Visit,
        Self::Event,
        Self::Survey,
    ];

    /// Whether nobody can refuse it.
    pub const fn is_essential(self) -> bool {
        matches!(self, Self::Safety | Self::Outage | Self::Bill | Self::Dunning)
    }

    /// Whether it may ring at night.
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Safety | Self::Outage)
    }
}

/// The ways to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// The inbox in the app.
    App,
    /// E-mail.
    Email,
    /// A short message to the telephone.
    Sms,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 3] = [Self::App, Self::Email, Self::Sms];
}

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The words in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

impl From<&Text> for Words {
    fn from(text: &Text) -> Self {
        Self { zh: text.say(Language::Zh), en: text.say(Language::En) }
    }
}

/// The language in which somebody is written to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MessageLanguage {
    /// Chinese, also for who chose nothing.
    #[default]
    Zh,
    /// English.
    En,
}

impl From<MessageLanguage> for Language {
    fn from(language: MessageLanguage) -> Self {
        match language {
            MessageLanguage::Zh => Self::Zh,
            MessageLanguage::En => Self::En,
        }
    }
}

/// How somebody wants to be written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The language.
    pub language: MessageLanguage,
    /// The channels of each kind that is not as usual.
    pub channels: BTreeMap<MessageKind, BTreeSet<Channel>>,
}

impl Wishes {
    /// The channels for a kind: all for what is essential; else what was chosen, or the app and
    /// e-mail.
    pub fn of(&self, kind: MessageKind) -> BTreeSet<Channel> {
        if kind.is_essential() {
            return Channel::ALL.into();
        }
        let usual = || [Channel::App, Channel::Email].into();
        self.channels.get(&kind).cloned().unwrap_or_else(usual)
    }
}

/// When nobody is disturbed, in the estate's time; over midnight when it ends before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: NaiveTime,
    /// The first minute that is not quiet any more.
    pub until: NaiveTime,
}

impl Default for QuietHours {
    /// 22:00 to 08:00.
    fn default() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        Self { from: at(22), until: at(8) }
    }
}

impl QuietHours {
    fn covers(&self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            self.from <= time || time < self.until
        }
    }

    /// Until when something that comes `now` has to wait; `None` when it may go.
    pub fn wait(&self, now: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let here = now.with_timezone(&zone).naive_local();
        if !self.covers(here.time()) {
            return None;
        }
        let today = here.date();
        let day = if here.time() < self.until { today } else { today.succ_opt().unwrap_or(today) };
        let end = day.and_time(self.until);
        // An hour that the clocks leave out ends when they have jumped.
        let end = match zone.from_local_datetime(&end) {
            LocalResult::Single(end) | LocalResult::Ambiguous(end, _) => end.to_utc(),
            LocalResult::None => (now + Duration::hours(1)).to_utc(),
        };
        Some(end.max(now + Duration::seconds(1)))
    }
}

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryState {
    /// It is to be sent.
    Waiting,
    /// The provider took it.
    Sent,
    /// It could not be sent.
    Failed,
    /// It is not to be sent any more: the address is gone or the code is not wanted.
    Dropped,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_night_ends_at_eight_and_noon_is_no_night() {
        let quiet = QuietHours::default();
        let zone = Tz::Asia__Shanghai;
        assert_eq!(quiet.wait(at("2026-07-31T04:00:00Z"), zone), None);
        // 22:00 is the first quiet minute, 08:00 the first that is not.
        let morning = Some(at("2026-08-01T00:00:00Z"));
        assert_eq!(quiet.wait(at("2026-07-31T14:00:00Z"), zone), morning);
        assert_eq!(quiet.wait(at("2026-07-31T13:59:59Z"), zone), None);
        assert_eq!(quiet.wait(at("2026-07-31T23:59:59Z"), zone), morning);
        assert_eq!(quiet.wait(at("2026-08-01T00:00:00Z"), zone), None);
    }

    #[test]
    fn what_is_essential_comes_whatever_was_refused() {
        let none = || (MessageKind::Safety, BTreeSet::new());
        let wishes = Wishes {
            channels: BTreeMap::from([none(), (MessageKind::Survey, BTreeSet::new())]),
            ..Wishes::default()
        };
        assert_eq!(wishes.of(MessageKind::Safety).len(), 3);
        assert!(wishes.of(MessageKind::Survey).is_empty());
        assert_eq!(wishes.of(MessageKind::Notice), [Channel::App, Channel::Email].into());
    }

    proptest! {
        #[test]
        fn a_wait_ends_outside_of_the_quiet_hours_within_a_day(
            from in 0_u32..1440, until in 0_u32..1440, minute in 0_i64..2880,
        ) {
            let time = |m: u32| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap();
            let quiet = QuietHours { from: time(from), until: time(until) };
            let now = at("2026-07-31T00:00:00Z") + Duration::minutes(minute);
            let zone = Tz::Asia__Shanghai;
            if let Some(end) = quiet.wait(now, zone) {
                prop_assert!(now < end && end - now <= Duration::hours(24));
                prop_assert_eq!(end.with_timezone(&zone).time(), quiet.until);
                prop_assert_eq!(quiet.wait(end, zone), None);
            }
        }
    }
}
