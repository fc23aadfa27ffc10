//! Charges: the lines of a bill, computed by rules R1 to R3 of the handbook.

pub mod domain;
pub mod explanation;
pub mod month;
pub mod standard;
#[cfg(test)]
mod tests;

pub use domain::{
    Charge, ChargeError, ChargeSource, Payer, PayerKind, PayerSpan, cycle_lines, month_lines,
};
pub(crate) use explanation::Exact;
pub use explanation::{Adjustment, Explanation};
pub use month::{BillingMonth, Cycle, DueRule};
pub use standard::{Formula, Proration, StandardVersion};
