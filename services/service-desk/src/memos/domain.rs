//! What a contact sheet is and how it moves.

use super::{MemoId, say};
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use errors::{Invalid, expected};
use ids::EstateId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use texts::Text;

/// Until when a sheet is received (handbook ch. 25).
pub(super) const RECEIVED_WITHIN: Duration = Duration::hours(2);
/// Until when it is answered, unless the sender says otherwise.
pub(super) const REPLIED_WITHIN: Duration = Duration::hours(24);
/// The most posts or colleagues that one sheet goes to.
pub(super) const MOST: usize = 20;

/// How far a sheet has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MemoState {
    /// Nobody has received it yet.
    Sent,
    /// Somebody has, and acts.
    Received,
    /// It was answered.
    Replied,
    /// The sender is satisfied.
    Confirmed,
    /// It was taken back before it was answered.
    Withdrawn,
}

/// To whom a sheet goes: posts, by the code of their role, and colleagues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Addressees {
    pub roles: BTreeSet<String>,
    pub people: BTreeSet<UserId>,
}

impl Addressees {
    /// Whether somebody with these roles is one of them.
    fn include(&self, user: UserId, roles: &BTreeSet<String>) -> bool {
        self.people.contains(&user) || !self.roles.is_disjoint(roles)
    }

    /// Who of those that hold roles in the estate is meant.
    ///
    /// # Errors
    /// When nobody has a post, or a colleague has none.
    pub(super) fn among(
        &self,
        holders: &BTreeMap<UserId, BTreeSet<String>>,
    ) -> Result<BTreeSet<UserId>, Invalid> {
        self.check()?;
        for role in &self.roles {
            if !holders.values().any(|roles| roles.contains(role)) {
                return Err(Invalid::new("to.roles", say::nobody_there(role.clone())));
            }
        }
        if !self.people.iter().all(|user| holders.contains_key(user)) {
            return Err(Invalid::new("to.staffIds", expected::existing()));
        }
        let meant = holders.iter().filter(|(user, roles)| self.include(**user, roles));
        Ok(meant.map(|(user, _)| *user).collect())
    }

    /// # Errors
    /// When there is nobody, or too many.
    fn check(&self) -> Result<(), Invalid> {
        if (1..=MOST).contains(&(self.roles.len() + self.people.len())) {
            Ok(())
        } else {
            Err(Invalid::new("to", expected::items(1, MOST)))
        }
    }
}

/// A contact sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Memo {
    pub id: MemoId,
    pub estate: EstateId,
    pub from: UserId,
    pub to: Addressees,
    pub matter: String,
    pub body: String,
    pub sent_at: DateTime<Utc>,
    pub receive_by: DateTime<Utc>,
    pub reply_by: DateTime<Utc>,
    pub state: MemoState,
    pub received_by: Option<UserId>,
    pub received_at: Option<DateTime<Utc>>,
    pub reply: Option<String>,
    pub replied_by: Option<UserId>,
    pub replied_at: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Why it was taken back.
    pub reason: Option<String>,
    pub version: i32,
}

/// What is done to a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Receive,
    Reply,
    Confirm,
    /// The sender is not satisfied: it is to be acted on again.
    Return,
    /// It is for others from now on.
    HandOn,
    /// It is not to be acted on any more.
    Withdraw,
}

impl Memo {
    /// The state after a step.
    ///
    /// # Errors
    /// When the sheet is in no state for it.
    pub(super) fn after(&self, step: Step) -> Result<MemoState, Text> {
        match (step, self.state) {
            (Step::Receive, MemoState::Sent) | (Step::Return, MemoState::Replied) => {
                Ok(MemoState::Received)
            }
            (Step::Reply, MemoState::Received) => Ok(MemoState::Replied),
            (Step::Confirm, MemoState::Replied) => Ok(MemoState::Confirmed),
            (Step::HandOn, MemoState::Sent | MemoState::Received) => Ok(MemoState::Sent),
            (Step::Withdraw, MemoState::Sent | MemoState::Received) => Ok(MemoState::Withdrawn),
            _ => Err(say::not_in_this_state()),
        }
    }

    /// Whether it waits for somebody longer than it should.
    pub(super) fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            MemoState::Sent => self.receive_by < now,
            MemoState::Received => self.reply_by < now,
            MemoState::Replied | MemoState::Confirmed | MemoState::Withdrawn => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_sheet_is_to_a_post_or_to_a_colleague() {
        let user = |n: u128| UserId::from_uuid(Uuid::from_u128(n));
        let to = Addressees { roles: ["ENG".to_owned()].into(), people: [user(1)].into() };
        assert!(to.include(user(1), &BTreeSet::new()));
        assert!(to.include(user(2), &["DESK".to_owned(), "ENG".to_owned()].into()));
        assert!(!to.include(user(2), &["DESK".to_owned()].into()));
        assert_eq!(Addressees::default().check().unwrap_err().field, "to");
        let role = |role: &str| BTreeSet::from([role.to_owned()]);
        let here = BTreeMap::from([(user(1), role("HK")), (user(2), role("ENG"))]);
        assert_eq!(to.among(&here).unwrap(), [user(1), user(2)].into());
        let here = BTreeMap::from([(user(2), role("ENG"))]);
        assert_eq!(to.among(&here).unwrap_err().field, "to.staffIds");
        let here = BTreeMap::from([(user(1), role("HK"))]);
        assert_eq!(to.among(&here).unwrap_err().field, "to.roles");
    }
}
