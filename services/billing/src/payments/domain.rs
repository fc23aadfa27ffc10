//! The payment state machine.
//!
//! A state is what is known so far, and knowledge only grows: facts may come late, twice and in
//! any order (webhooks do), and the same set of facts always ends in the same state. Money that
//! was received wins over any sign of failure.

use crate::say;
use errors::{Code, Coded};
use money::Fen;
use texts::Text;

/// Something that became known about a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// The payer was sent to the provider, or staff began to take the money.
    Submitted,
    /// The payer finished the hosted page; `paid` is false while a slow method is still clearing.
    CheckoutCompleted {
        /// Whether the provider already has the money.
        paid: bool,
    },
    /// The provider, or the cashier, has the money.
    Received {
        /// How much.
        amount: Fen,
    },
    /// The provider did not answer in time: nobody knows.
    NoAnswer,
    /// The provider answered after all: it has the payment and has not decided. Of `NoAnswer` and
    /// this one the later holds; both are our own observations, noted in their order.
    StillOpen,
    /// The provider says for good that no money will come (expired, cancelled).
    Failed,
    /// The provider has paid back `total` so far.
    Refunded {
        /// The sum of all refunds of the payment up to this fact.
        total: Fen,
    },
}

/// What is known about one payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PaymentState {
    /// What the payer was asked for, above zero.
    pub amount: Fen,
    /// It was handed to the provider.
    pub submitted: bool,
    /// The provider once did not answer.
    pub unanswered: bool,
    /// The provider said that it failed.
    pub failed: bool,
    /// The money was received.
    pub received: bool,
    /// The money paid back so far.
    pub refunded: Fen,
}

/// The name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentStatus {
    /// Recorded here only.
    Created,
    /// With the provider.
    Pending,
    /// The provider has to be asked.
    Unknown,
    /// No money came.
    Failed,
    /// The money is here.
    Succeeded,
    /// A part went back.
    PartlyRefunded,
    /// All of it went back.
    Refunded,
}

/// What a fact makes necessary; each is named once, by the fact that first proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Post the payment, allocate it and issue its receipt.
    PostPayment,
    /// Post this further refund.
    PostRefund(Fen),
    /// Let the janitor ask the provider.
    AskProvider,
    /// Tell the payer that no money was taken.
    TellFailure,
}

/// Why a fact cannot be about this payment.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum PaymentError {
    /// Another amount was received than asked for.
    #[error("{received} was received for a payment of {expected}")]
    AmountDiffers {
        /// What the payer was asked for.
        expected: Fen,
        /// What the fact says.
        received: Fen,
    },
    /// More was paid back than paid, or less than nothing.
    #[error("{total} cannot be refunded of a payment of {paid}")]
    RefundOutOfRange {
        /// What was paid.
        paid: Fen,
        /// What the fact says was paid back.
        total: Fen,
    },
}

impl Coded for PaymentError {
    fn code(&self) -> Code {
        Code::Conflict
    }
    fn text(&self) -> Text {
        match *self {
            Self::AmountDiffers { expected, received } => say::amount_differs(expected, received),
            Self::RefundOutOfRange { paid, total } => say::refund_out_of_range(paid, total),
        }
    }
}

impl PaymentState {
    /// A payment of `amount` that nobody has been asked for yet.
    pub const fn created(amount: Fen) -> Self {
        Self {
            amount,
            submitted: false,
            unanswered: false,
            failed: false,
            received: false,
            refunded: Fen::ZERO,
        }
    }

    /// The name of what is known.
    pub fn status(&self) -> PaymentStatus {
        if self.received {
            return match self.refunded {
                Fen::ZERO => PaymentStatus::Succeeded,
                part if part < self.amount => PaymentStatus::PartlyRefunded,
                _ => PaymentStatus::Refunded,
            };
        }
        match (self.failed, self.unanswered, self.submitted) {
            (true, ..) => PaymentStatus::Failed,
            (_, true, _) => PaymentStatus::Unknown,
            (_, _, true) => PaymentStatus::Pending,
            _ => PaymentStatus::Created,
        }
    }

    fn learn(mut self, fact: Fact) -> Result<Self, PaymentError> {
        self.submitted = true;
        match fact {
            Fact::Submitted | Fact::CheckoutCompleted { paid: false } => {}
            Fact::CheckoutCompleted { paid: true } => self.received = true,
            Fact::Received { amount } if amount == self.amount => self.received = true,
            Fact::Received { amount } => {
                let expected = self.amount;
                return Err(PaymentError::AmountDiffers { expected, received: amount });
            }
            Fact::NoAnswer => self.unanswered = true,
            Fact::StillOpen => self.unanswered = false,
            Fact::Failed => self.failed = true,
            Fact::Refunded { total } if total.is_positive() && total <= self.amount => {
                self.received = true;
                self.refunded = self.refunded.max(total);
            }
            Fact::Refunded { total } => {
                return Err(PaymentError::RefundOutOfRange { paid: self.amount, total });
            }
        }
        Ok(self)
    }
}

/// The state after `fact`, and what has to be done now; a fact already known does nothing.
pub fn apply(state: PaymentState, fact: Fact) -> Result<(PaymentState, Vec<Effect>), PaymentError> {
    let next = state.learn(fact)?;
    let mut effects = Vec::new();
    if next.received && !state.received {
        effects.push(Effect::PostPayment);
    }
    if next.refunded > state.refunded {
        effects.push(Effect::PostRefund(next.refunded - state.refunded));
    }
    if next.status() != state.status() {
        match next.status() {
            PaymentStatus::Unknown => effects.push(Effect::AskProvider),
            PaymentStatus::Failed => effects.push(Effect::TellFailure),
            _ => {}
        }
    }
    Ok((next, effects))
}
