//! Accounts and entries.

use crate::ids::{BillingAccountId, FeeItemId, PartnerId};
use errors::{Code, Coded, expected};
use money::{Currency, Fen};
use texts::Text;
use uuid::Uuid;

/// An account of the chart. Debits are positive, credits negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Cash in the till (asset).
    Cash,
    /// Money at the bank, by card or transfer (asset).
    Bank,
    /// Money the online provider holds until its payout (asset).
    StripeClearing,
    /// Money that an objection took back, until it is decided (asset).
    Disputed,
    /// Money that left the till and is not yet on a bank statement (asset).
    CashInTransit,
    /// What a debtor owes (asset).
    Receivable(BillingAccountId),
    /// Money collected for a partner, e.g. water (liability).
    PartnerPayable(PartnerId),
    /// Money on a bank statement whose payer is not found yet (liability).
    Unallocated,
    /// Money paid ahead of any bill (liability).
    PrepaymentLiability(BillingAccountId),
    /// Deposits held; never income (liability).
    DepositLiability(BillingAccountId),
    /// Income from common parts, which belongs to the owners (liability).
    CommonIncome,
    /// Balances brought in at the cut-over (equity).
    OpeningBalance,
    /// Income of one fee item.
    Revenue(FeeItemId),
    /// What was waived (reduces income).
    Waivers,
    /// Cost recovered and agreed damages, e.g. deducted from a deposit (income).
    OtherIncome,
    /// What counting a till found too little, or as income too much (expense).
    CashVariance,
    /// What the bank charges (expense).
    BankFees,
    /// What the online provider keeps (expense).
    StripeFees,
}

impl Account {
    /// The stable code of the chart; with [`Account::subject`] it names the account for ever.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cash => "1001",
            Self::Bank => "1002",
            Self::StripeClearing => "1012",
            Self::CashInTransit => "1013",
            Self::Receivable(_) => "1122",
            Self::Disputed => "1221",
            Self::PartnerPayable(_) => "2202",
            Self::PrepaymentLiability(_) => "2203",
            Self::Unallocated => "2204",
            Self::DepositLiability(_) => "2241",
            Self::CommonIncome => "2242",
            Self::OpeningBalance => "4101",
            Self::Revenue(_) => "6001",
            Self::Waivers => "6002",
            Self::OtherIncome => "6301",
            Self::StripeFees => "6603",
            Self::CashVariance => "6604",
            Self::BankFees => "6605",
        }
    }
    /// Whose account it is, for the codes that have one per debtor, partner or fee item.
    pub const fn subject(self) -> Option<Uuid> {
        match self {
            Self::Receivable(a) | Self::PrepaymentLiability(a) | Self::DepositLiability(a) => {
                Some(a.as_uuid())
            }
            Self::PartnerPayable(partner) => Some(partner.as_uuid()),
            Self::Revenue(item) => Some(item.as_uuid()),
            _ => None,
        }
    }
    /// The account of a stored code and subject; `None` when they do not belong together.
    pub fn from_code(code: &str, subject: Option<Uuid>) -> Option<Self> {
        let debtor = subject.map(BillingAccountId::from_uuid);
        let account = match code {
            "1001" => Self::Cash,
            "1002" => Self::Bank,
            "1012" => Self::StripeClearing,
            "1013" => Self::CashInTransit,
            "1122" => Self::Receivable(debtor?),
            "1221" => Self::Disputed,
            "2202" => Self::PartnerPayable(PartnerId::from_uuid(subject?)),
            "2203" => Self::PrepaymentLiability(debtor?),
            "2204" => Self::Unallocated,
            "2241" => Self::DepositLiability(debtor?),
            "2242" => Self::CommonIncome,
            "4101" => Self::OpeningBalance,
            "6001" => Self::Revenue(FeeItemId::from_uuid(subject?)),
            "6002" => Self::Waivers,
            "6301" => Self::OtherIncome,
            "6603" => Self::StripeFees,
            "6604" => Self::CashVariance,
            "6605" => Self::BankFees,
            _ => return None,
        };
        (account.subject() == subject).then_some(account)
    }
}

/// What happened, for statements and searches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EntryKind {
    /// A charge was posted.
    Charge,
    /// Money came in.
    Payment,
    /// A prepayment met a bill.
    PrepaymentApplied,
    /// Money went back.
    Refund,
    /// The online provider kept its fee.
    ProviderFee,
    /// A payer's objection took money back, or returned it.
    Dispute,
    /// The online provider sent money to the bank.
    Payout,
    /// A debt was waived.
    Waiver,
    /// A late fee was charged.
    LateFee,
    /// A deposit came in.
    Deposit,
    /// Part of a deposit was kept for a documented cost or as agreed.
    DepositDeduction,
    /// A deposit went back.
    DepositRefund,
    /// What a count of the till found too much or too little.
    CashVariance,
    /// Cash was carried to the bank, or arrived there.
    CashDeposit,
    /// Money moved inside the books, e.g. a found payer's out of the unallocated.
    Transfer,
    /// The bank charged for something.
    BankFee,
    /// A balance was brought in.
    Opening,
    /// An earlier entry was undone.
    Reversal,
}

/// One line of an entry: a debit above zero or a credit below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account that changes.
    pub account: Account,
    /// By how much; debit positive.
    pub amount: Fen,
    /// In which currency.
    pub currency: Currency,
}

/// Why lines are not an entry.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum LedgerError {
    /// There are fewer than two lines, or one of nothing.
    #[error("an entry needs at least two lines, none of them zero")]
    Empty,
    /// Debits and credits differ.
    #[error("debits and credits differ by {0} minor units")]
    Unbalanced(i128),
    /// The lines are in several currencies.
    #[error("an entry has one currency")]
    MixedCurrency,
    /// An amount that must be above zero is not.
    #[error("the amount must be above zero")]
    NotPositive,
}

impl Coded for LedgerError {
    fn code(&self) -> Code {
        match self {
            Self::NotPositive => Code::Invalid,
            _ => Code::Internal,
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::NotPositive => expected::above_zero(),
            Self::Empty | Self::Unbalanced(_) | Self::MixedCurrency => self.code().text(),
        }
    }
    fn field(&self) -> Option<&str> {
        matches!(self, Self::NotPositive).then_some("amount")
    }
}

/// Lines of one currency that sum to zero; there is no other way to have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    kind: EntryKind,
    lines: Vec<Line>,
}

impl Entry {
    /// Seals `lines`.
    pub fn new(kind: EntryKind, lines: Vec<Line>) -> Result<Self, LedgerError> {
        if lines.len() < 2 || lines.iter().any(|line| line.amount.is_zero()) {
            return Err(LedgerError::Empty);
        }
        if lines.iter().any(|line| line.currency != lines[0].currency) {
            return Err(LedgerError::MixedCurrency);
        }
        match lines.iter().map(|line| i128::from(line.amount.0)).sum() {
            0 => Ok(Self { kind, lines }),
            off => Err(LedgerError::Unbalanced(off)),
        }
    }
    /// What happened.
    pub const fn kind(&self) -> EntryKind {
        self.kind
    }
    /// The lines, at least two.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
    /// The one currency.
    pub fn currency(&self) -> Currency {
        self.lines[0].currency
    }
    /// How the entry changes `account`.
    pub fn change_of(&self, account: Account) -> Fen {
        self.lines.iter().filter(|line| line.account == account).map(|line| line.amount).sum()
    }
    /// The entry that undoes this one; both together change nothing.
    #[must_use]
    pub fn reversal(&self) -> Self {
        let lines = self.lines.iter().map(|line| Line { amount: -line.amount, ..*line }).collect();
        Self { kind: EntryKind::Reversal, lines }
    }
}
