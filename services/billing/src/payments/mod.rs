//! Payments: their states, refunds and receipt numbers.

pub mod domain;
pub mod receipt;
pub mod refund;
#[cfg(test)]
mod tests;

pub use domain::{Effect, Fact, PaymentError, PaymentState, PaymentStatus, apply};
pub use receipt::{ReceiptKind, ReceiptNumber};
pub use refund::{RefundError, RefundRequest};
