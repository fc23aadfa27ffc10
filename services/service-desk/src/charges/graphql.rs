//! Charges in the graph: shown by the features that asked for them.

use super::ChargeState;
use ::graphql::Money;
use async_graphql::{Enum, ID, Result, SimpleObject};
use money::Fen;
use rust_decimal::Decimal;

/// What became of a charge that the service desk asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(crate) enum DeskChargeState {
    /// Asked; billing has not answered yet.
    Requested,
    /// On a bill, nothing paid.
    Accepted,
    /// Billing cannot charge it.
    Rejected,
    /// Part of it is paid.
    PartPaid,
    /// Nothing is open any more.
    Paid,
}

/// A charge that the service desk asked billing for.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "DeskCharge")]
pub(crate) struct ChargeNode {
    /// What became of it.
    state: DeskChargeState,
    /// The bill, `bil_…`, once it is on one.
    bill_id: Option<ID>,
    /// What is paid of it, refunds deducted.
    paid: Money,
    /// The field that billing blames when it cannot be charged.
    rejected_field: Option<String>,
    /// Why it cannot be charged.
    rejected_reason: Option<String>,
}

impl ChargeNode {
    /// A charge as it stands.
    pub(crate) fn new(state: ChargeState) -> Self {
        let bare = |state| Self {
            state,
            bill_id: None,
            paid: Money::cny(Fen::ZERO),
            rejected_field: None,
            rejected_reason: None,
        };
        let on_bill = |state, bill: String, paid| Self {
            bill_id: Some(bill.into()),
            paid: Money::cny(paid),
            ..bare(state)
        };
        match state {
            ChargeState::Requested => bare(DeskChargeState::Requested),
            ChargeState::Accepted { bill } => on_bill(DeskChargeState::Accepted, bill, Fen::ZERO),
            ChargeState::PartPaid { bill, paid } => on_bill(DeskChargeState::PartPaid, bill, paid),
            ChargeState::Paid { bill, paid } => on_bill(DeskChargeState::Paid, bill, paid),
            ChargeState::Rejected { field, reason } => Self {
                rejected_field: field,
                rejected_reason: Some(reason),
                ..bare(DeskChargeState::Rejected)
            },
        }
    }
}

/// An amount that a client gave in yuan.
///
/// # Errors
/// When it has more than two places or is too large.
pub(crate) fn fen(amount: Decimal, field: &str) -> Result<Fen> {
    ::graphql::parse(&amount.to_string(), field)
}
