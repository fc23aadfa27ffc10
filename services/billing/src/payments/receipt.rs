//! Receipt numbers: without gaps per estate, type and month.

use crate::{charges::BillingMonth, say};
use errors::{Invalid, expected};
use std::{fmt, str::FromStr};

/// The type of a receipt; each has its own sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReceiptKind {
    /// 收据: money received.
    Payment,
    /// 押金收据: a deposit received.
    Deposit,
    /// 退款凭证: money paid back.
    Refund,
}

impl ReceiptKind {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::Payment, Self::Deposit, Self::Refund];

    /// The two letters in the number, from the Chinese name.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::Payment => "SJ",
            Self::Deposit => "YJ",
            Self::Refund => "TK",
        }
    }
}

/// The number of one receipt; its text form is `FCH-SJ-202607-000123`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReceiptNumber {
    estate_code: String,
    kind: ReceiptKind,
    month: BillingMonth,
    counter: u32,
}

impl ReceiptNumber {
    /// The number after `last`, the highest counter used in this estate, type and month.
    pub fn following(
        last: Option<u32>,
        estate_code: &str,
        kind: ReceiptKind,
        month: BillingMonth,
    ) -> Result<Self, Invalid> {
        let counter = last.unwrap_or(0).checked_add(1);
        let counter = counter.ok_or_else(|| Invalid::new("counter", say::sequence_used_up()))?;
        Self::new(estate_code, kind, month, counter)
    }

    fn new(
        estate_code: &str,
        kind: ReceiptKind,
        month: BillingMonth,
        counter: u32,
    ) -> Result<Self, Invalid> {
        let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if !(1..=12).contains(&estate_code.len()) || !estate_code.bytes().all(letter) {
            return Err(Invalid::new("estateCode", expected::upper_code(1, 12)));
        }
        if counter == 0 {
            return Err(Invalid::new("counter", expected::above_zero()));
        }
        Ok(Self { estate_code: estate_code.to_owned(), kind, month, counter })
    }

    /// The estate's code.
    pub fn estate_code(&self) -> &str {
        &self.estate_code
    }
    /// The type.
    pub const fn kind(&self) -> ReceiptKind {
        self.kind
    }
    /// The month of issue.
    pub const fn month(&self) -> BillingMonth {
        self.month
    }
    /// The place in the sequence, from 1.
    pub const fn counter(&self) -> u32 {
        self.counter
    }
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.month.year(), self.month.month());
        let letters = self.kind.letters();
        write!(f, "{}-{letters}-{year:04}{month:02}-{:06}", self.estate_code, self.counter)
    }
}

impl FromStr for ReceiptNumber {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = || Invalid::new("receiptNumber", expected::readable(text));
        let parts: Vec<&str> = text.split('-').collect();
        let [estate, letters, month, counter] = parts[..] else { return Err(wrong()) };
        let kind = ReceiptKind::ALL.into_iter().find(|kind| kind.letters() == letters);
        let (year, month) = month.split_at_checked(4).ok_or_else(wrong)?;
        let month = format!("{year}-{month}").parse()?;
        let counter = counter.parse().map_err(|_| wrong())?;
        let number = Self::new(estate, kind.ok_or_else(wrong)?, month, counter)?;
        if number.to_string() == text { Ok(number) } else { Err(wrong()) }
    }
}
