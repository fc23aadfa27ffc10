//! Charges: the lines of a bill, computed by rules R1 to R3 of the handbook.

pub mod arithmetic;
pub mod discount;
#[cfg(test)]
mod discount_tests;
pub mod domain;
pub mod explanation;
pub mod metered;
pub mod month;
pub mod quantity;
pub mod standard;
#[cfg(test)]
mod tests;
pub mod tiers;

pub use arithmetic::{Arithmetic, SharedBy, SharedExplanation};
pub use discount::{DiscountSpan, Discounted, Reduction};

pub use domain::{
    Charge, ChargeError, ChargeSource, Payer, PayerKind, PayerSpan, cycle_lines, month_lines,
};
pub use explanation::{Adjustment, Exact, Explanation};
pub use metered::{Counted, MeteredExplanation};
pub use month::{BillingMonth, Cycle, DueRule};
pub use quantity::Quantity;
pub use standard::{Formula, Proration, StandardVersion};
pub use tiers::{Slice, Step, Tiers, USE_PARTS_PER_FEN};
