//! Bank accounts, the lines of their statements, and what a line can be.

use crate::{
    cashier::moved_entry,
    ids::{
        BankAccountId, BankLineId, BankPartId, BankRuleId, BankStatementId, BillingAccountId,
        CashDepositId, EntryId,
    },
    ledger::{Account, Entry, EntryKind, LedgerError},
};
use chrono::NaiveDate;
use ids::EstateId;
use money::{Currency, Fen};
use serde::{Deserialize, Serialize};

/// An account of the company at a bank, for the money of one estate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankAccount {
    pub id: BankAccountId,
    pub estate: EstateId,
    pub name: String,
    pub number: String,
    pub currency: Currency,
    /// What was on it before the first day that statements are imported for.
    pub opening: Fen,
}

/// A number of which only the end is shown.
pub(crate) fn masked(number: &str) -> String {
    let letters: Vec<char> = number.chars().collect();
    let shown = if letters.len() > 8 { 4 } else { letters.len().min(2) };
    format!("****{}", letters[letters.len() - shown..].iter().collect::<String>())
}

/// A statement that was imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankStatement {
    pub id: BankStatementId,
    pub account: BankAccountId,
    pub estate: EstateId,
    pub format: Format,
    pub file_name: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub opening: Fen,
    pub closing: Fen,
    /// How many lines it brought.
    pub lines: i32,
}

/// In which form a statement comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Format {
    /// CSV or XLSX with a header.
    Table,
    /// ISO 20022 XML.
    Camt053,
    /// SWIFT.
    Mt940,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BankLine {
    pub id: BankLineId,
    pub account: BankAccountId,
    pub estate: EstateId,
    pub day: NaiveDate,
    /// Above zero money came in.
    pub amount: Fen,
    pub payer: String,
    pub payer_number: String,
    pub text: String,
    pub reference: String,
    pub matched: bool,
}

impl BankLine {
    /// Everything in which a number may stand.
    pub fn words(&self) -> String {
        format!("{} {}", self.text, self.reference)
    }
}

/// What a line, or a part of it, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum PartKind {
    /// Something that is in the books of the bank already: a payment taken by card or transfer, a
    /// refund, a payout of the online provider.
    Booked,
    /// Cash that was carried to the bank.
    CashDeposit,
    /// A new payment for a billing account.
    Account,
    /// A charge of the bank.
    BankFee,
    /// Nobody knows yet.
    Unallocated,
    /// An entry and the one that undid it, which never reached the bank.
    Cleared,
}

/// What somebody says that a part of a line is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) enum Target {
    /// What was posted under this source.
    Booked(String),
    /// This cash.
    CashDeposit(CashDepositId),
    /// Money for this account.
    Account(BillingAccountId),
    /// A charge of the bank.
    BankFee,
    /// Unknown.
    Unallocated,
}

/// A part of a line with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub id: BankPartId,
    /// `None` for what was cleared without the bank.
    pub line: Option<BankLineId>,
    pub estate: EstateId,
    pub kind: PartKind,
    /// Under which source it stands in the books.
    pub source: String,
    pub amount: Fen,
    pub day: NaiveDate,
    /// The entry that was posted for it, if one was.
    pub entry: Option<EntryId>,
    /// The rule by which it was matched; `None` when somebody did it by hand.
    pub rule: Option<BankRuleId>,
}

/// What the bank charged (below zero on the statement), or gave back.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn fee_entry(amount: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    moved_entry(EntryKind::BankFee, (Account::Bank, Account::BankFees), amount, currency)
}

/// Money at the bank whose payer is not known.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn unallocated_entry(amount: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    moved_entry(EntryKind::Transfer, (Account::Bank, Account::Unallocated), amount, currency)
}

/// The payer was found: the money leaves the unallocated, and the payment brings it in again.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn found_entry(amount: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    moved_entry(EntryKind::Transfer, (Account::Unallocated, Account::Bank), amount, currency)
}

/// Carried cash arrived.
///
/// # Errors
/// [`LedgerError::Empty`] for nothing.
pub(crate) fn arrived_entry(amount: Fen, currency: Currency) -> Result<Entry, LedgerError> {
    let accounts = (Account::Bank, Account::CashInTransit);
    moved_entry(EntryKind::CashDeposit, accounts, amount, currency)
}

/// How the books of a bank and its statements differ on a day, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Agreement {
    /// What the books say.
    pub books: Fen,
    /// What the statements say.
    pub statements: Fen,
    /// What stands in the books and on no statement.
    pub open_items: Fen,
    /// What stands on a statement and not in the books.
    pub unmatched: Fen,
}

impl Agreement {
    /// Books less statements.
    pub fn difference(&self) -> Fen {
        self.books - self.statements
    }

    /// What of the difference has no reason; not zero is a defect.
    pub fn unexplained(&self) -> Fen {
        self.difference() - (self.open_items - self.unmatched)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_shows_its_end_only() {
        assert_eq!(masked("6222021001116245702"), "****5702");
        assert_eq!(masked("12345"), "****45");
        assert_eq!(masked(""), "****");
    }

    #[test]
    fn entries_change_the_bank_as_the_statement_does() {
        let cny = Currency::CNY;
        let fee = fee_entry(Fen(-500), cny).unwrap();
        assert_eq!(fee.change_of(Account::Bank), Fen(-500));
        assert_eq!(fee.change_of(Account::BankFees), Fen(500));
        let unknown = unallocated_entry(Fen(700), cny).unwrap();
        assert_eq!(unknown.change_of(Account::Bank), Fen(700));
        assert_eq!(unknown.change_of(Account::Unallocated), Fen(-700));
        let found = found_entry(Fen(700), cny).unwrap();
        assert_eq!(found.change_of(Account::Unallocated), Fen(700));
        let arrived = arrived_entry(Fen(900), cny).unwrap();
        assert_eq!(arrived.change_of(Account::CashInTransit), Fen(-900));
        assert!(fee_entry(Fen::ZERO, cny).is_err());
    }

    #[test]
    fn what_is_open_on_either_side_explains_the_difference() {
        let day = Agreement {
            books: Fen(1_000),
            statements: Fen(900),
            open_items: Fen(300),
            unmatched: Fen(200),
        };
        assert_eq!(day.difference(), Fen(100));
        assert_eq!(day.unexplained(), Fen::ZERO);
    }
}
