//! What a notice is, whom it concerns and how it comes about.

use super::{NoticeId, say};
use crate::messages::{MessageKind, Words, templates::Used};
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::{BuildingId, UnitId, residents::MemberKind};
use errors::{Invalid, expected, input};
use ids::EstateId;
use places::homes::Unit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use texts::Text;

/// The most buildings, entrances, units or tags that an audience names.
pub(super) const MOST: usize = 500;

/// How far a notice has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoticeState {
    /// It is being written.
    Draft,
    /// It waits for somebody else's approval.
    Proposed,
    /// It is approved and waits for its time.
    Scheduled,
    /// It is out.
    Published,
    /// It was taken back.
    Withdrawn,
}

/// One entrance of a building: the middle part of labels such as `3-1-1201`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entrance {
    pub building: BuildingId,
    pub entrance: String,
}

/// Whom a notice concerns: the homes of any of these places, or all of the estate when none is
/// named, and of their people those of these kinds, or everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Audience {
    pub buildings: Vec<BuildingId>,
    pub entrances: Vec<Entrance>,
    pub units: Vec<UnitId>,
    pub tags: Vec<String>,
    pub members: Vec<MemberKind>,
    /// Of the homes only those that are not in arrears.
    #[serde(default)]
    pub arrears_free: bool,
}

impl Audience {
    /// Whether a unit with these tags is meant.
    pub(super) fn has(&self, unit: &Unit, tags: &BTreeSet<String>) -> bool {
        let everywhere = self.buildings.is_empty()
            && self.entrances.is_empty()
            && self.units.is_empty()
            && self.tags.is_empty();
        let entrance = |it: &Entrance| {
            it.building == unit.building && entrance_of(&unit.label) == Some(it.entrance.as_str())
        };
        everywhere
            || self.buildings.contains(&unit.building)
            || self.units.contains(&unit.id)
            || self.entrances.iter().any(entrance)
            || self.tags.iter().any(|tag| tags.contains(tag))
    }

    /// Whether a unit that is or is not in arrears is meant.
    pub(super) fn admits(&self, in_arrears: bool) -> bool {
        !(self.arrears_free && in_arrears)
    }

    /// Whether somebody of this kind is meant.
    pub(super) fn means(&self, kind: MemberKind) -> bool {
        self.members.is_empty() || self.members.contains(&kind)
    }
}

/// The entrance in a label: `1` of `3-1-1201`; none where a label has no three parts.
pub(super) fn entrance_of(label: &str) -> Option<&str> {
    let mut parts = label.split('-');
    let entrance = parts.nth(1)?;
    parts.next().map(|_| entrance)
}

/// A tag: 1 to 32 characters on one line.
///
/// # Errors
/// When it is none.
pub(super) fn checked_tags(tags: Vec<String>) -> Result<Vec<String>, Invalid> {
    if tags.len() > MOST {
        return Err(Invalid::new("tags", expected::items(0, MOST)));
    }
    let checked = tags.iter().map(|tag| input::text("tags", tag, 32));
    Ok(checked.collect::<Result<BTreeSet<_>, _>>()?.into_iter().collect())
}

/// What people write of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Content {
    pub kind: MessageKind,
    pub title: Words,
    pub body: Words,
    /// The template that gave the words, if one did.
    pub template: Option<Used>,
    pub audience: Audience,
    /// When it is to be published; at its approval when left out.
    pub publish_at: Option<DateTime<Utc>>,
    /// Until when it counts.
    pub expires_at: Option<DateTime<Utc>>,
}

impl Content {
    /// Checks it at an instant: a notice cannot be planned for the past, nor end before it begins.
    ///
    /// # Errors
    /// The field to blame.
    pub(super) fn check_times(&self, now: DateTime<Utc>) -> Result<(), Invalid> {
        if self.publish_at.is_some_and(|at| at < now) {
            return Err(Invalid::new("publishAt", say::in_the_past()));
        }
        let begins = self.publish_at.unwrap_or(now);
        if self.expires_at.is_some_and(|at| at <= begins) {
            return Err(Invalid::new("expiresAt", say::ends_before_it_begins()));
        }
        Ok(())
    }
}

/// Whether a notice may be about this; bills and the like have messages of their own.
pub(super) const fn is_of_notices(kind: MessageKind) -> bool {
    matches!(
        kind,
        MessageKind::Notice | MessageKind::Safety | MessageKind::Outage | MessageKind::Event
    )
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub id: NoticeId,
    pub estate: EstateId,
    pub content: Content,
    pub state: NoticeState,
    pub written_by: UserId,
    pub written_at: DateTime<Utc>,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was given back or taken back.
    pub reason: Option<String>,
    pub published_at: Option<DateTime<Utc>>,
    /// How many people it concerned when it was published.
    pub audience: Option<i32>,
    pub version: i32,
}

/// What is done to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Change,
    Propose,
    Approve,
    GiveBack,
    Withdraw,
}

impl Notice {
    /// The state after a step, if the notice is in a state for it.
    pub(super) fn after(&self, step: Step) -> Result<NoticeState, Text> {
        use NoticeState::{Draft, Proposed, Published, Scheduled, Withdrawn};
        match (step, self.state) {
            (Step::Change, Draft) | (Step::GiveBack, Proposed) => Ok(Draft),
            (Step::Propose, Draft) => Ok(Proposed),
            (Step::Approve, Proposed) => Ok(Scheduled),
            (Step::Withdraw, Draft | Proposed | Scheduled | Published) => Ok(Withdrawn),
            _ => Err(say::not_in_this_state()),
        }
    }

    /// Whether residents see it at this instant.
    pub(super) fn is_out(&self, now: DateTime<Utc>) -> bool {
        self.state == NoticeState::Published && self.content.expires_at.is_none_or(|at| now < at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn unit(label: &str, building: u128) -> Unit {
        Unit {
            id: UnitId::from_uuid(Uuid::from_u128(7)),
            estate: EstateId::from_uuid(Uuid::nil()),
            building: BuildingId::from_uuid(Uuid::from_u128(building)),
            building_code: "3".to_owned(),
            label: label.to_owned(),
        }
    }

    #[test]
    fn an_audience_is_any_of_its_places_or_the_whole_estate() {
        let none = BTreeSet::new();
        let building = BuildingId::from_uuid(Uuid::from_u128(1));
        let home = unit("3-1-1201", 1);
        assert!(Audience::default().has(&home, &none));
        let of = |entrance: &str| Audience {
            entrances: vec![Entrance { building, entrance: entrance.to_owned() }],
            ..Audience::default()
        };
        assert!(of("1").has(&home, &none));
        assert!(!of("2").has(&home, &none) && !of("1").has(&unit("3-1-1201", 2), &none));
        let tagged = Audience { tags: vec!["ELDERLY".to_owned()], ..Audience::default() };
        assert!(!tagged.has(&home, &none));
        assert!(tagged.has(&home, &BTreeSet::from(["ELDERLY".to_owned()])));
        let both = Audience { buildings: vec![building], ..of("9") };
        assert!(both.has(&home, &none));
    }

    #[test]
    fn the_entrance_is_the_middle_of_three_parts() {
        assert_eq!(entrance_of("3-1-1201"), Some("1"));
        assert_eq!(entrance_of("3-1201"), None);
        assert_eq!(entrance_of("S12"), None);
    }

    #[test]
    fn only_who_asks_for_homes_without_arrears_leaves_others_out() {
        let free = Audience { arrears_free: true, ..Audience::default() };
        assert!(free.admits(false) && !free.admits(true));
        assert!(Audience::default().admits(false) && Audience::default().admits(true));
        // What was written before there was such a choice leaves nobody out.
        let before = r#"{"buildings":[],"entrances":[],"units":[],"tags":[],"members":[]}"#;
        assert_eq!(serde_json::from_str::<Audience>(before).unwrap(), Audience::default());
    }

    #[test]
    fn kinds_of_members_narrow_an_audience() {
        let owners = Audience { members: vec![MemberKind::Owner], ..Audience::default() };
        assert!(owners.means(MemberKind::Owner) && !owners.means(MemberKind::Lessee));
        assert!(Audience::default().means(MemberKind::Family));
    }
}
