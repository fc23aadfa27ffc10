//! Shifts of a till, their counts, and what a count changes in the books.

use crate::{
    ids::{CashierShiftId, EntryId},
    ledger::{Account, Entry, EntryKind, LedgerError, Line},
};
use authz::UserId;
use chrono::{DateTime, Utc};
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Currency, Fen};
use serde::{Deserialize, Serialize};

/// The most cash that should lie in a till (handbook chapter 28).
pub(crate) const TILL_LIMIT: Fen = Fen(200_000);

/// The most kinds of notes and coins in one count.
const MOST_KINDS: usize = 40;

/// The most pieces of one kind.
const MOST_PIECES: i64 = 1_000_000;

/// So many notes or coins of one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pieces {
    /// What one is worth.
    pub value: Fen,
    /// How many.
    pub pieces: i64,
}

/// What counted money is worth.
///
/// # Errors
/// [`Invalid`] naming `field` when a value stands there twice, or a figure is impossible.
pub(crate) fn total(counted: &[Pieces], field: &'static str) -> Result<Fen, Invalid> {
    if counted.len() > MOST_KINDS {
        return Err(Invalid::new(field, expected::items(0, MOST_KINDS)));
    }
    let mut values: Vec<Fen> = counted.iter().map(|kind| kind.value).collect();
    values.sort_unstable();
    values.dedup();
    if values.len() < counted.len() {
        return Err(Invalid::new(field, expected::unused()));
    }
    let mut sum = 0_i128;
    for kind in counted {
        if !kind.value.is_positive() {
            return Err(Invalid::new(field, expected::above_zero()));
        }
        if !(0..=MOST_PIECES).contains(&kind.pieces) {
            return Err(Invalid::new(field, expected::between(0, MOST_PIECES)));
        }
        sum += i128::from(kind.value.0) * i128::from(kind.pieces);
    }
    let sum = i64::try_from(sum).map_err(|_| Invalid::new(field, expected::between(0, i64::MAX)));
    sum.map(Fen)
}

/// How far a shift has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ShiftState {
    /// Money is taken.
    Open,
    /// The cashier has counted; a second person has to sign.
    Counted,
    /// Both signed that nothing is missing or too much.
    Balanced,
    /// Both signed a difference.
    Variance,
    /// Finance has accepted it; nothing changes any more.
    Locked,
}

impl ShiftState {
    /// Whether two people have signed the count.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::Balanced | Self::Variance | Self::Locked)
    }
}

/// A count of the till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    /// What was there.
    pub amount: Fen,
    /// What should have been there.
    pub expected: Fen,
    /// Note by note.
    pub pieces: Vec<Pieces>,
    /// Why it differs.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

impl Count {
    /// What is too much; below zero something is missing.
    pub fn variance(&self) -> Fen {
        self.amount - self.expected
    }

    /// The state of a shift whose count two people have signed.
    pub fn signed_state(&self) -> ShiftState {
        if self.variance().is_zero() { ShiftState::Balanced } else { ShiftState::Variance }
    }
}

/// Somebody's time at a till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub id: CashierShiftId,
    pub estate: EstateId,
    pub desk: String,
    pub cashier: UserId,
    pub currency: Currency,
    pub state: ShiftState,
    pub float: Fen,
    pub float_pieces: Vec<Pieces>,
    pub opened_at: DateTime<Utc>,
    /// The shift whose cash it took over.
    pub takes_over: Option<CashierShiftId>,
    pub count: Option<Count>,
    /// The second person and when.
    pub signed: Option<(UserId, DateTime<Utc>)>,
    /// Who locked it and when.
    pub locked: Option<(UserId, DateTime<Utc>)>,
    /// The entry of the difference.
    pub entry: Option<EntryId>,
}

/// An entry that moves `amount` from one account to another; below zero back.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn moved_entry(
    kind: EntryKind,
    (debit, credit): (Account, Account),
    amount: Fen,
    currency: Currency,
) -> Result<Entry, LedgerError> {
    let line = |account, amount| Line { account, amount, currency };
    Entry::new(kind, vec![line(debit, amount), line(credit, -amount)])
}

/// What a count found too much or too little.
///
/// # Errors
/// [`LedgerError::Empty`] when there is no difference.
pub(crate) fn variance_entry(variance: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    let accounts = (Account::Cash, Account::CashVariance);
    moved_entry(EntryKind::CashVariance, accounts, variance, currency)
}

/// Cash leaves for the bank.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn carried_entry(amount: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    let accounts = (Account::CashInTransit, Account::Cash);
    moved_entry(EntryKind::CashDeposit, accounts, amount, currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use proptest::prelude::*;

    fn pieces(value: i64, pieces: i64) -> Pieces {
        Pieces { value: Fen(value), pieces }
    }

    fn count(amount: i64, expected: i64) -> Count {
        Count {
            amount: Fen(amount),
            expected: Fen(expected),
            pieces: Vec::new(),
            reason: None,
            at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn scenario_3_misses_ten_yuan() {
        let counted = [pieces(10_000, 12), pieces(5_000, 1), pieces(2_000, 1), pieces(100, 6)];
        let counted = total(&counted, "counted").unwrap();
        assert_eq!(counted, Fen(127_600));
        let count = count(127_600, 128_600);
        assert_eq!(count.variance(), Fen(-1_000));
        assert_eq!(count.signed_state(), ShiftState::Variance);
        let entry = variance_entry(count.variance(), Currency::CNY).unwrap();
        assert_eq!(entry.change_of(Account::Cash), Fen(-1_000));
        assert_eq!(entry.change_of(Account::CashVariance), Fen(1_000));
        assert_eq!(entry.kind(), EntryKind::CashVariance);
    }

    #[test]
    fn a_till_that_is_right_is_balanced_and_posts_nothing() {
        assert_eq!(count(5, 5).signed_state(), ShiftState::Balanced);
        assert!(variance_entry(Fen::ZERO, Currency::CNY).is_err());
    }

    #[test]
    fn impossible_counts_are_refused_by_name() {
        for wrong in [
            vec![pieces(100, 1), pieces(100, 2)],
            vec![pieces(0, 1)],
            vec![pieces(100, -1)],
            vec![pieces(i64::MAX, 1_000_000)],
            (1..=41).map(|value| pieces(value, 1)).collect(),
        ] {
            assert_eq!(total(&wrong, "counted").unwrap_err().field, "counted");
        }
        assert_eq!(total(&[], "counted").unwrap(), Fen::ZERO);
    }

    proptest! {
        #[test]
        fn a_count_is_worth_the_sum_of_its_pieces(
            kinds in proptest::collection::btree_map(1_i64..100_000, 0_i64..10_000, 0..20),
        ) {
            let counted: Vec<Pieces> = kinds.iter().map(|(v, n)| pieces(*v, *n)).collect();
            let sum: i64 = kinds.iter().map(|(value, number)| value * number).sum();
            prop_assert_eq!(total(&counted, "counted").unwrap(), Fen(sum));
        }

        #[test]
        fn whatever_a_count_finds_balances(variance in -10_000_000_i64..10_000_000) {
            prop_assume!(variance != 0);
            let entry = variance_entry(Fen(variance), Currency::CNY).unwrap();
            prop_assert_eq!(entry.change_of(Account::Cash), Fen(variance));
        }
    }
}
