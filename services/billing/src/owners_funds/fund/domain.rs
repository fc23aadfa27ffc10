//! The rules of the maintenance fund (Order 165 of 2007; Civil Code 278, 281).

use crate::{
    ids::{FundApplicationId, FundRecordId, UserId},
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use errors::Invalid;
use ids::EstateId;
use money::{Area, Fen};

/// What a record says of the fund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FundKind {
    /// 首期: the first deposit of owners.
    FirstDeposit,
    /// 续筹: a later deposit.
    TopUp,
    /// Interest.
    Interest,
    /// Money spent on what the owners voted for.
    Use,
    /// What an earlier record said wrongly; below zero takes away.
    Correction,
}

/// Of how many owners and how much area a vote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Votes {
    /// All area that owners have.
    pub total_area: Area,
    /// All owners.
    pub total_heads: i64,
    /// The area of those who took part.
    pub joined_area: Area,
    /// How many took part.
    pub joined_heads: i64,
    /// The area of those who agreed.
    pub agreed_area: Area,
    /// How many agreed.
    pub agreed_heads: i64,
}

impl Votes {
    /// Whether the numbers can be: nobody agrees who did not take part.
    ///
    /// # Errors
    /// Naming the first number that cannot be.
    pub fn checked(self) -> Result<Self, Invalid> {
        let within = |field: &str, part: i64, whole: i64| {
            if (0..=whole).contains(&part) {
                Ok(())
            } else {
                Err(Invalid::new(field, say::vote_counts()))
            }
        };
        for (field, whole) in [("totalArea", self.total_area.0), ("totalHeads", self.total_heads)] {
            if whole <= 0 {
                return Err(Invalid::new(field, errors::expected::above_zero()));
            }
        }
        within("joinedArea", self.joined_area.0, self.total_area.0)?;
        within("joinedHeads", self.joined_heads, self.total_heads)?;
        within("agreedArea", self.agreed_area.0, self.joined_area.0)?;
        within("agreedHeads", self.agreed_heads, self.joined_heads)?;
        Ok(self)
    }

    /// At least two thirds by area and by heads took part, and more than half of those agreed, by
    /// area and by heads.
    pub fn pass(self) -> bool {
        let two_thirds = |part: i64, whole: i64| i128::from(part) * 3 >= i128::from(whole) * 2;
        let more_than_half = |part: i64, whole: i64| i128::from(part) * 2 > i128::from(whole);
        two_thirds(self.joined_area.0, self.total_area.0)
            && two_thirds(self.joined_heads, self.total_heads)
            && more_than_half(self.agreed_area.0, self.joined_area.0)
            && more_than_half(self.agreed_heads, self.joined_heads)
    }
}

/// A use that the owners voted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: FundApplicationId,
    /// Whose owners.
    pub estate: EstateId,
    /// What for.
    pub purpose: String,
    /// How much at most.
    pub amount: Fen,
    /// The day of the vote.
    pub voted_on: NaiveDate,
    /// The minutes that prove it.
    pub document: String,
    /// How they voted.
    pub votes: Votes,
    /// Who recorded it, and when.
    pub recorded: (UserId, DateTime<Utc>),
}

/// One record of the fund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FundRecord {
    /// Its id.
    pub id: FundRecordId,
    /// Whose owners.
    pub estate: EstateId,
    /// What it says.
    pub kind: FundKind,
    /// The day it belongs to.
    pub day: NaiveDate,
    /// How much; above zero but for corrections.
    pub amount: Fen,
    /// What proves it.
    pub document: String,
    /// What a reader should know.
    pub memo: String,
    /// What it is a use of.
    pub application: Option<FundApplicationId>,
    /// Who recorded it, and when.
    pub recorded: (UserId, DateTime<Utc>),
}

/// What the records come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FundBalance {
    /// All first deposits.
    pub first_deposit: Fen,
    /// What is left of everything.
    pub balance: Fen,
}

impl FundBalance {
    /// Whether less than 30 % of the first deposit is left, so that owners have to top it up.
    pub fn is_low(self) -> bool {
        i128::from(self.balance.0) * 100 < i128::from(self.first_deposit.0) * 30
    }
}

impl FundKind {
    /// What a record of this kind adds to the balance.
    pub fn adds(self, amount: Fen) -> Fen {
        match self {
            Self::Use => -amount,
            Self::FirstDeposit | Self::TopUp | Self::Interest | Self::Correction => amount,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn votes(joined: i64, agreed: i64) -> Votes {
        Votes {
            total_area: Area(900),
            total_heads: 90,
            joined_area: Area(joined * 10),
            joined_heads: joined,
            agreed_area: Area(agreed * 10),
            agreed_heads: agreed,
        }
    }

    #[test]
    fn two_thirds_take_part_and_more_than_half_of_them_agree() {
        assert!(votes(60, 31).pass());
        assert!(!votes(59, 59).pass());
        assert!(!votes(60, 30).pass());
        let many_small = Votes { joined_area: Area(599), ..votes(60, 31) };
        assert!(!many_small.pass());
        let few_large = Votes { agreed_heads: 30, ..votes(60, 31) };
        assert!(!few_large.pass());
    }

    #[test]
    fn numbers_that_cannot_be_are_refused() {
        let field = |votes: Votes| votes.checked().unwrap_err().field;
        assert_eq!(field(votes(91, 1)), "joinedArea");
        assert_eq!(field(Votes { joined_heads: 91, ..votes(60, 31) }), "joinedHeads");
        assert_eq!(field(votes(60, 61)), "agreedArea");
        assert_eq!(field(Votes { total_heads: 0, ..votes(60, 31) }), "totalHeads");
        assert!(votes(60, 31).checked().is_ok());
    }

    #[test]
    fn below_thirty_per_cent_of_the_first_deposit_is_low() {
        let of = |balance| FundBalance { first_deposit: Fen(1_000), balance: Fen(balance) };
        assert!(!of(300).is_low());
        assert!(of(299).is_low());
        assert!(!FundBalance::default().is_low());
    }

    proptest! {
        #[test]
        fn more_agreement_never_fails_a_vote(joined in 0_i64..=90, agreed in 0_i64..90) {
            let (agreed, more) = (agreed.min(joined), (agreed + 1).min(joined));
            prop_assert!(!votes(joined, agreed).pass() || votes(joined, more).pass());
        }
    }
}
