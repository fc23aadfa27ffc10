//! Refunds need a second person (handbook Part 2 (b), separation of duties 1).

use crate::ids::{PaymentId, UserId};
use crate::say;
use errors::{Code, Coded, Invalid, expected};
use money::Fen;
use texts::Text;

/// A refund somebody asks for; it goes back through the payment's own channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// The payment to pay back.
    pub payment: PaymentId,
    /// How much of it.
    pub amount: Fen,
    /// Why.
    pub reason: String,
    /// Who asks.
    pub requested_by: UserId,
    /// Who took the money; `None` when it was paid online.
    pub taken_by: Option<UserId>,
}

/// Why a refund is refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum RefundError {
    /// Separation of duties: neither the requester nor the taker may approve.
    #[error("who took the money or asks for its refund cannot approve the refund")]
    SecondPersonNeeded,
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Coded for RefundError {
    fn code(&self) -> Code {
        match self {
            Self::SecondPersonNeeded => Code::Forbidden,
            Self::Invalid(wrong) => wrong.code(),
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::SecondPersonNeeded => say::second_person_needed(),
            Self::Invalid(wrong) => wrong.text(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(wrong) => wrong.field(),
            Self::SecondPersonNeeded => None,
        }
    }
}

impl RefundRequest {
    /// Checks the request against what is left of the payment, earlier requests deducted.
    pub fn checked(self, refundable: Fen) -> Result<Self, RefundError> {
        if !self.amount.is_positive() || self.amount > refundable {
            return Err(Invalid::new("amount", say::at_most(refundable)).into());
        }
        if self.reason.trim().is_empty() {
            return Err(Invalid::new("reason", expected::filled()).into());
        }
        Ok(self)
    }

    /// Whether `by` may approve it.
    pub fn may_be_approved_by(&self, by: UserId) -> Result<(), RefundError> {
        if by == self.requested_by || Some(by) == self.taken_by {
            return Err(RefundError::SecondPersonNeeded);
        }
        Ok(())
    }
}
