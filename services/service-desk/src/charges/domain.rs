//! What a requested charge is, and how billing's answers move it.

use chrono::NaiveDate;
use contracts::{PersonId, UnitId};
use ids::EstateId;
use money::Fen;

/// What a feature asks billing to charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeAsk {
    /// The feature's own reference, e.g. `special_order/sso_…`; the same is the same charge.
    pub reference: String,
    /// The estate.
    pub estate: EstateId,
    /// The unit it belongs to, if any.
    pub unit: Option<UnitId>,
    /// Who pays.
    pub payer: PersonId,
    /// The fee item's code in billing.
    pub fee_item: String,
    /// How much; above zero.
    pub amount: Fen,
    /// The day it is for.
    pub on: NaiveDate,
    /// What the payer reads on the bill.
    pub description: String,
}

/// What became of a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChargeState {
    /// Asked; billing has not answered.
    Requested,
    /// On a bill, nothing paid.
    Accepted {
        /// The bill's id as text.
        bill: String,
    },
    /// Billing cannot charge it.
    Rejected {
        /// The field to blame, if it is one.
        field: Option<String>,
        /// Why.
        reason: String,
    },
    /// Part of it is paid.
    PartPaid {
        /// The bill's id as text.
        bill: String,
        /// How much, refunds deducted.
        paid: Fen,
    },
    /// Nothing is open any more.
    Paid {
        /// The bill's id as text.
        bill: String,
        /// How much, refunds deducted.
        paid: Fen,
    },
}

/// What is kept of a charge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// The bill, once billing has told.
    pub bill: Option<String>,
    /// Why it was rejected: the field to blame and the reason.
    pub rejected: Option<(Option<String>, String)>,
    /// What was paid, refunds deducted.
    pub paid: Fen,
    /// Whether billing said that nothing is open.
    pub settled: bool,
}

impl Kept {
    /// Part of a payment reached it. `settled` as billing says: a waiver may leave less to pay.
    pub(super) fn pay(&mut self, amount: Fen, settled: bool) {
        self.paid += amount;
        self.settled = settled;
    }

    /// Money went back, so that it is owed again.
    pub(super) fn refund(&mut self, amount: Fen) {
        self.paid -= amount;
        self.settled = false;
    }

    /// What became of the charge.
    pub(super) fn state(self) -> ChargeState {
        let (bill, paid) = (self.bill.unwrap_or_default(), self.paid);
        match self.rejected {
            Some((field, reason)) => ChargeState::Rejected { field, reason },
            None if self.settled => ChargeState::Paid { bill, paid },
            None if paid.is_positive() => ChargeState::PartPaid { bill, paid },
            None if bill.is_empty() => ChargeState::Requested,
            None => ChargeState::Accepted { bill },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_charge_goes_from_asked_to_paid_and_back_by_a_refund() {
        let bill = || "bil_1".to_owned();
        let mut kept = Kept::default();
        assert_eq!(kept.clone().state(), ChargeState::Requested);
        kept.bill = Some(bill());
        assert_eq!(kept.clone().state(), ChargeState::Accepted { bill: bill() });
        kept.pay(Fen(1_300), false);
        let part = ChargeState::PartPaid { bill: bill(), paid: Fen(1_300) };
        assert_eq!(kept.clone().state(), part);
        kept.pay(Fen(10_000), true);
        assert_eq!(kept.clone().state(), ChargeState::Paid { bill: bill(), paid: Fen(11_300) });
        kept.refund(Fen(10_000));
        assert_eq!(kept.clone().state(), part);
        kept.refund(Fen(1_300));
        assert_eq!(kept.state(), ChargeState::Accepted { bill: bill() });
    }

    proptest! {
        #[test]
        fn what_is_paid_is_the_sum_of_the_parts(parts in proptest::collection::vec(1_i64..1_000_000, 1..20)) {
            let mut kept = Kept { bill: Some("bil_1".to_owned()), ..Kept::default() };
            let last = parts.len() - 1;
            for (n, part) in parts.iter().enumerate() {
                kept.pay(Fen(*part), n == last);
            }
            let paid = Fen(parts.iter().sum());
            prop_assert_eq!(kept.state(), ChargeState::Paid { bill: "bil_1".to_owned(), paid });
        }
    }
}
