//! The entries of the business, by name.

use super::domain::{Account, Entry, EntryKind, LedgerError, Line};
use crate::ids::BillingAccountId;
use money::{Currency, Fen};

/// Where money comes in and goes back out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Till {
    /// Cash at the counter.
    Cash,
    /// A card at the counter's terminal.
    Card,
    /// A bank transfer.
    Transfer,
    /// The online provider.
    Online,
}

impl Till {
    /// The asset account behind it.
    pub const fn account(self) -> Account {
        match self {
            Self::Cash => Account::Cash,
            Self::Card | Self::Transfer => Account::Bank,
            Self::Online => Account::StripeClearing,
        }
    }
}

impl Entry {
    /// A charge is posted: `debtor` owes, `income` (revenue, partner or common income) earns.
    /// A wrong bill is voided by the [`Entry::reversal`] of each of its charges.
    pub fn charge(
        debtor: BillingAccountId,
        income: Account,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        transfer(EntryKind::Charge, Account::Receivable(debtor), income, amount, currency)
    }

    /// Money comes in at the counter or online: `to_bills` settles debt, `ahead` is prepaid.
    pub fn payment(
        till: Till,
        debtor: BillingAccountId,
        to_bills: Fen,
        ahead: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        if to_bills.is_negative() || ahead.is_negative() {
            return Err(LedgerError::NotPositive);
        }
        let lines = [
            (till.account(), to_bills + ahead),
            (Account::Receivable(debtor), -to_bills),
            (Account::PrepaymentLiability(debtor), -ahead),
        ];
        let lines = lines
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Line { account, amount, currency })
            .collect();
        Self::new(EntryKind::Payment, lines)
    }

    /// A deposit comes in; it is a liability, never income.
    pub fn deposit(
        till: Till,
        debtor: BillingAccountId,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let liability = Account::DepositLiability(debtor);
        transfer(EntryKind::Deposit, till.account(), liability, amount, currency)
    }

    /// Part of a deposit is kept for a documented cost or as agreed; `income` earns it.
    pub fn deposit_deduction(
        debtor: BillingAccountId,
        income: Account,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let liability = Account::DepositLiability(debtor);
        transfer(EntryKind::DepositDeduction, liability, income, amount, currency)
    }

    /// A deposit goes back through the channel it came in by.
    pub fn deposit_refund(
        till: Till,
        debtor: BillingAccountId,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let liability = Account::DepositLiability(debtor);
        transfer(EntryKind::DepositRefund, liability, till.account(), amount, currency)
    }

    /// A part of what was charged is given up: `income` earns less, the account has it paid ahead.
    pub fn credit_note(
        debtor: BillingAccountId,
        income: Account,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let ahead = Account::PrepaymentLiability(debtor);
        transfer(EntryKind::Reversal, income, ahead, amount, currency)
    }

    /// A prepayment meets a bill.
    pub fn prepayment_applied(
        debtor: BillingAccountId,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let prepaid = Account::PrepaymentLiability(debtor);
        let owed = Account::Receivable(debtor);
        transfer(EntryKind::PrepaymentApplied, prepaid, owed, amount, currency)
    }

    /// Money goes back through its channel. `source` is what it was paid into: the receivable
    /// (which is then owed again), the prepayment or the deposit.
    pub fn refund(
        till: Till,
        source: Account,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        transfer(EntryKind::Refund, source, till.account(), amount, currency)
    }

    /// The online provider keeps its fee from the money it holds; below zero it returns one.
    pub fn provider_fee(amount: Fen, currency: Currency) -> Result<Self, LedgerError> {
        let (fees, held) = (Account::StripeFees, Account::StripeClearing);
        either_way(EntryKind::ProviderFee, fees, held, amount, currency)
    }

    /// A payer's objection takes money from what the provider holds; below zero it is returned.
    pub fn dispute(amount: Fen, currency: Currency) -> Result<Self, LedgerError> {
        let (disputed, held) = (Account::Disputed, Account::StripeClearing);
        either_way(EntryKind::Dispute, disputed, held, amount, currency)
    }

    /// The provider sends what it holds to the bank; below zero it collects from there.
    pub fn payout(amount: Fen, currency: Currency) -> Result<Self, LedgerError> {
        let (bank, held) = (Account::Bank, Account::StripeClearing);
        either_way(EntryKind::Payout, bank, held, amount, currency)
    }

    /// A debt is waived.
    pub fn waiver(
        debtor: BillingAccountId,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let owed = Account::Receivable(debtor);
        transfer(EntryKind::Waiver, Account::Waivers, owed, amount, currency)
    }

    /// A late fee is charged when money meets it: `debtor` owes, `income` earns; below zero it is
    /// taken back, because the money went back.
    pub fn late_fee(
        debtor: BillingAccountId,
        income: Account,
        amount: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        either_way(EntryKind::LateFee, Account::Receivable(debtor), income, amount, currency)
    }

    /// A balance is brought in at the cut-over: above zero a debit of `account`, below a credit.
    pub fn opening(
        account: Account,
        balance: Fen,
        currency: Currency,
    ) -> Result<Self, LedgerError> {
        let against = Line { account: Account::OpeningBalance, amount: -balance, currency };
        Self::new(EntryKind::Opening, vec![Line { account, amount: balance, currency }, against])
    }
}

fn either_way(
    kind: EntryKind,
    debit: Account,
    credit: Account,
    amount: Fen,
    currency: Currency,
) -> Result<Entry, LedgerError> {
    if amount.is_negative() {
        return transfer(kind, credit, debit, -amount, currency);
    }
    transfer(kind, debit, credit, amount, currency)
}

fn transfer(
    kind: EntryKind,
    debit: Account,
    credit: Account,
    amount: Fen,
    currency: Currency,
) -> Result<Entry, LedgerError> {
    if !amount.is_positive() {
        return Err(LedgerError::NotPositive);
    }
    Entry::new(
        kind,
        vec![
            Line { account: debit, amount, currency },
            Line { account: credit, amount: -amount, currency },
        ],
    )
}
