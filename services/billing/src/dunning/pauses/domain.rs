//! What a pause holds. Pure.

use crate::ids::BillId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Why nothing is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PauseKind {
    /// A complaint is not answered yet.
    Complaint,
    /// Staff said so.
    Staff,
    /// The debtor says that bills are wrong.
    Dispute,
}

/// What the pauses of an account hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hold {
    /// Everything.
    pub all: bool,
    /// These bills.
    pub bills: HashSet<BillId>,
    /// When the last pause ended.
    pub until: Option<NaiveDate>,
}

impl Hold {
    /// Adds a pause: when it ended, if it did, and the bills it names, none for all.
    pub fn add(&mut self, ended: Option<NaiveDate>, bills: &[BillId]) {
        match ended {
            Some(day) => self.until = self.until.max(Some(day)),
            None if bills.is_empty() => self.all = true,
            None => self.bills.extend(bills),
        }
    }

    /// Whether a bill may be demanded.
    pub fn lets(&self, bill: BillId) -> bool {
        !self.all && !self.bills.contains(&bill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_disputed_bill_is_held_alone_and_a_complaint_holds_all() {
        let (mut hold, one, two) = (
            Hold::default(),
            BillId::from_uuid(Uuid::from_u128(1)),
            BillId::from_uuid(Uuid::from_u128(2)),
        );
        hold.add(None, &[one]);
        assert!(!hold.lets(one) && hold.lets(two));
        hold.add(Some("2026-07-12".parse().unwrap()), &[]);
        hold.add(Some("2026-05-01".parse().unwrap()), &[two]);
        assert!(hold.lets(two));
        assert_eq!(hold.until, Some("2026-07-12".parse().unwrap()));
        hold.add(None, &[]);
        assert!(!hold.lets(two));
    }
}
