//! What an issued document is, and the code by which it is verified.

use crate::{
    charges::BillingMonth,
    ids::{BillingAccountId, DocumentId},
};
use authz::UserId;
use chrono::{DateTime, Utc};
use ids::EstateId;
use money::{Currency, Fen};
use std::fmt;
use texts::Text;
use uuid::Uuid;

/// The kinds of documents that get a number here. A receipt brings its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum DocumentKind {
    /// 缴费通知单 of a bill.
    PaymentNotice,
    /// 收据, 押金收据 or 退款凭证.
    Receipt,
    /// 对账单 of an account.
    Statement,
    /// 退款申请单 of a refund.
    RefundForm,
    /// 催缴通知单 of a contact with a debtor.
    DunningNotice,
    /// 结算单 of a settlement at leaving.
    SettlementSheet,
    /// 分期还款协议 of an instalment plan.
    InstalmentAgreement,
    /// 公示 of what owners are told.
    Disclosure,
}

impl DocumentKind {
    /// The two letters in the number, from the Chinese name.
    pub const fn letters(self) -> &'static str {
        match self {
            Self::PaymentNotice => "TZ",
            Self::Receipt => "SJ",
            Self::Statement => "DZ",
            Self::RefundForm => "TS",
            Self::DunningNotice => "CJ",
            Self::SettlementSheet => "JS",
            Self::InstalmentAgreement => "FQ",
            Self::Disclosure => "GS",
        }
    }

    /// What it is called.
    pub fn name(self) -> Text {
        use crate::say;
        match self {
            Self::PaymentNotice => say::doc_payment_notice(),
            Self::Receipt => say::doc_receipt(),
            Self::Statement => say::doc_statement(),
            Self::RefundForm => say::doc_refund_form(),
            Self::DunningNotice => say::doc_dunning_notice(),
            Self::SettlementSheet => say::doc_settlement_sheet(),
            Self::InstalmentAgreement => say::doc_instalment_agreement(),
            Self::Disclosure => say::doc_disclosure(),
        }
    }

    /// The number of the document with that place in its sequence: `FCH-TZ-202607-000123`.
    pub fn number(self, estate: &str, month: BillingMonth, counter: i64) -> String {
        let (year, month) = (month.year(), month.month());
        format!("{estate}-{}-{year:04}{month:02}-{counter:06}", self.letters())
    }
}

/// A document that was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Document {
    pub id: DocumentId,
    pub estate: EstateId,
    /// Whose; `None` for what is of the whole estate.
    pub account: Option<BillingAccountId>,
    pub kind: DocumentKind,
    /// What it is of: a bill, receipt, account, refund, contact, settlement, plan or disclosure.
    pub subject: Uuid,
    /// What tells several documents of one subject apart, e.g. the days of a statement.
    pub detail: String,
    pub number: String,
    pub code: VerifyCode,
    pub amount: Fen,
    pub currency: Currency,
    pub issued_at: DateTime<Utc>,
    /// `None`: a job made it.
    pub issued_by: Option<UserId>,
}

/// Sixteen letters and digits that nobody guesses; none looks like another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct VerifyCode(String);

/// Crockford's digits: no I, L, O, U.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl VerifyCode {
    /// The code of ten random bytes.
    pub fn of(random: [u8; 10]) -> Self {
        let bits = random.iter().fold(0_u128, |bits, byte| (bits << 8) | u128::from(*byte));
        let digit = |place: u32| {
            let index = usize::try_from((bits >> (place * 5)) & 31).unwrap_or_default();
            char::from(DIGITS[index])
        };
        Self((0..16).rev().map(digit).collect())
    }

    /// Reads what somebody typed: any case, with or without dashes, `O` for `0`, `I` and `L` for
    /// `1`. `None`: no code looks so.
    pub fn read(typed: &str) -> Option<Self> {
        if typed.len() > 64 {
            return None;
        }
        let upright = |c: char| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let dense = typed.chars().filter(|c| !matches!(c, '-' | ' ')).map(upright);
        let code: String = dense.collect();
        let known = |c: char| c.is_ascii() && DIGITS.iter().any(|digit| char::from(*digit) == c);
        (code.chars().count() == 16 && code.chars().all(known)).then_some(Self(code))
    }

    /// As it is kept and stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VerifyCode {
    /// In fours, as it is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = VerifyCode::of([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert_eq!(code.as_str().len(), 16);
        assert_eq!(VerifyCode::read(&code.to_string().to_lowercase()), Some(code.clone()));
        assert_eq!(
            VerifyCode::read(&code.as_str().replace('0', "o").replace('1', "l")),
            Some(code)
        );
        for wrong in ["", "0000", "UUUU-UUUU-UUUU-UUUU", "房房房房房房房房房房房房房房房房"]
        {
            assert_eq!(VerifyCode::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_number_has_estate_type_month_and_place() {
        let month = "2026-07".parse().unwrap();
        let number = DocumentKind::PaymentNotice.number("FCH", month, 123);
        assert_eq!(number, "FCH-TZ-202607-000123");
    }

    proptest! {
        #[test]
        fn different_bytes_are_different_codes(a: [u8; 10], b: [u8; 10]) {
            prop_assert_eq!(VerifyCode::of(a) == VerifyCode::of(b), a == b);
            prop_assert_eq!(VerifyCode::read(&VerifyCode::of(a).to_string()), Some(VerifyCode::of(a)));
        }
    }
}
