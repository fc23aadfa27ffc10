//! How a cost is shared: exactly, and nobody more than a fen away from the exact part.
//!
//! Every part is rounded down; the fen that are left go, one each, to the largest remainders, of
//! equal ones to the first in order of the units' labels.

use crate::{
    charges::SharedBy,
    ids::{BuildingId, FeeItemId, SharedCostId, UserId},
    meters::domain::MeterKind,
};
use chrono::{DateTime, NaiveDate, Utc};
use ids::EstateId;
use money::Fen;

/// How far a shared cost has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SharedCostState {
    /// Waits for another person's approval.
    Proposed,
    /// Refused.
    Rejected,
    /// Approved; its bills are issued.
    Charged,
    /// Its bills are voided.
    Reversed,
}

/// A cost of a period that several units share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedCost {
    /// Its id.
    pub id: SharedCostId,
    /// The estate.
    pub estate: EstateId,
    /// The fee item.
    pub item: FeeItemId,
    /// The first day of its period.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// How much is shared.
    pub total: Fen,
    /// By what.
    pub by: SharedBy,
    /// Whose use counts, when it is shared by use.
    pub kind: Option<MeterKind>,
    /// Only the units of this building share it.
    pub building: Option<BuildingId>,
    /// The supplier's document.
    pub supplier_ref: String,
    /// What it is for, as the bills say it.
    pub description: String,
    /// How far it has come.
    pub state: SharedCostState,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who approved or rejected it, never who proposed it.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was rejected or reversed.
    pub reason: Option<String>,
}

/// Shares an amount out by weights, none below zero; nothing can be shared by nothing.
pub fn allocate(total: Fen, weights: &[i64]) -> Vec<Fen> {
    let all: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if all <= 0 {
        return vec![Fen::ZERO; weights.len()];
    }
    let exact = |weight: &i64| i128::from(total.0) * i128::from(*weight);
    let down = |weight: &i64| i64::try_from(exact(weight) / all).unwrap_or_default();
    let mut parts: Vec<Fen> = weights.iter().map(|weight| Fen(down(weight))).collect();
    let mut left = total.0 - parts.iter().map(|part| part.0).sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|place| (std::cmp::Reverse(exact(&weights[*place]) % all), *place));
    for place in order {
        if left <= 0 {
            break;
        }
        parts[place] += Fen(1);
        left -= 1;
    }
    parts
}

#[cfg(test)]
mod rule_tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn three_thirds_are_the_whole() {
        assert_eq!(allocate(Fen(100), &[1, 1, 1]), [Fen(34), Fen(33), Fen(33)]);
        assert_eq!(allocate(Fen(1_000), &[1, 2, 0]), [Fen(333), Fen(667), Fen(0)]);
        assert_eq!(allocate(Fen(5), &[0, 0]), [Fen(0), Fen(0)]);
        assert!(allocate(Fen(5), &[]).is_empty());
    }

    proptest! {
        #[test]
        fn parts_add_up_and_are_at_most_a_fen_off(
            total in 0_i64..1_000_000_000, weights in prop::collection::vec(0_i64..10_000_000, 1..200),
        ) {
            let all: i128 = weights.iter().map(|it| i128::from(*it)).sum();
            prop_assume!(all > 0);
            let parts = allocate(Fen(total), &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Fen>(), Fen(total));
            for (part, weight) in parts.iter().zip(&weights) {
                let off = i128::from(part.0) * all - i128::from(total) * i128::from(*weight);
                prop_assert!(off.abs() < all);
                prop_assert!(*weight > 0 || part.is_zero());
            }
            // A larger weight never pays less.
            for (a, x) in parts.iter().zip(&weights) {
                for (b, y) in parts.iter().zip(&weights) {
                    prop_assert!(x <= y || a >= b);
                }
            }
        }
    }
}
