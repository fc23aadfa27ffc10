//! One item of common income or its cost.

use crate::{
    error::Refused,
    ids::{CommonItemId, EntryId, UserId},
    ledger::{Account, Entry, EntryKind, LedgerError, Line},
    say,
};
use authz::Denied;
use chrono::{DateTime, Utc};
use ids::EstateId;
use money::{Currency, Fen};

/// Whether money came in or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// Money for the use of common parts.
    Income,
    /// The reasonable cost of it.
    Cost,
}

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemState {
    /// Waits for a second person.
    Recorded,
    /// In the books.
    Approved,
    /// Refused.
    Rejected,
}

/// One item; it is in the books once a second person approved it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommonItem {
    /// Its id.
    pub id: CommonItemId,
    /// Whose owners.
    pub estate: EstateId,
    /// In or out.
    pub direction: Direction,
    /// Where it comes from or what it was spent on, e.g. advertising in lifts.
    pub source: String,
    /// How much, above zero.
    pub amount: Fen,
    /// The contract, invoice or receipt that proves it.
    pub document: String,
    /// How far it is.
    pub state: ItemState,
    /// Who recorded it, and when.
    pub recorded: (UserId, DateTime<Utc>),
    /// Who decided it, and when.
    pub decided: Option<(UserId, DateTime<Utc>)>,
    /// Why it was rejected.
    pub decision: Option<String>,
    /// Its entry in the books.
    pub entry: Option<EntryId>,
}

impl CommonItem {
    /// Whether `by` may decide it now.
    ///
    /// # Errors
    /// When it is decided, or `by` recorded it.
    pub fn may_be_decided(&self, by: UserId) -> Result<(), Refused> {
        if self.recorded.0 == by {
            return Err(Denied::SamePerson(say::recorder_cannot_approve()).into());
        }
        if self.state != ItemState::Recorded {
            return Err(Refused::Conflict(say::common_item_decided()));
        }
        Ok(())
    }

    /// Its entry: through the bank, to or from what belongs to the owners.
    ///
    /// # Errors
    /// When the amount is not above zero.
    pub fn posting(&self, currency: Currency) -> Result<Entry, LedgerError> {
        if !self.amount.is_positive() {
            return Err(LedgerError::NotPositive);
        }
        let amount = match self.direction {
            Direction::Income => self.amount,
            Direction::Cost => -self.amount,
        };
        let bank = Line { account: Account::Bank, amount, currency };
        let owners = Line { account: Account::CommonIncome, amount: -amount, currency };
        Entry::new(EntryKind::Transfer, vec![bank, owners])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use errors::{Code, Coded as _};
    use uuid::Uuid;

    fn item(direction: Direction) -> CommonItem {
        let user = UserId::from_uuid(Uuid::from_u128(1));
        CommonItem {
            id: CommonItemId::from_uuid(Uuid::from_u128(3)),
            estate: EstateId::from_uuid(Uuid::from_u128(4)),
            direction,
            source: "电梯广告".to_owned(),
            amount: Fen(500_000),
            document: "HT-2026-7".to_owned(),
            state: ItemState::Recorded,
            recorded: (user, "2026-07-31T04:00:00Z".parse().unwrap()),
            decided: None,
            decision: None,
            entry: None,
        }
    }

    #[test]
    fn income_adds_to_what_is_the_owners_and_cost_takes_away() {
        let change = |direction| {
            let entry = item(direction).posting(Currency::CNY).unwrap();
            entry.change_of(Account::CommonIncome)
        };
        assert_eq!(change(Direction::Income), Fen(-500_000));
        assert_eq!(change(Direction::Cost), Fen(500_000));
        let nothing = CommonItem { amount: Fen::ZERO, ..item(Direction::Cost) };
        assert_eq!(nothing.posting(Currency::CNY), Err(LedgerError::NotPositive));
    }

    #[test]
    fn a_second_person_decides_once() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let made = item(Direction::Income);
        let refused = made.may_be_decided(UserId::from_uuid(one)).unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        made.may_be_decided(UserId::from_uuid(two)).unwrap();
        let done = CommonItem { state: ItemState::Approved, ..made };
        let refused = done.may_be_decided(UserId::from_uuid(two)).unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
    }
}
