//! What the provider says it moved against what the books say, item by item.

use money::Fen;
use std::collections::{BTreeMap, BTreeSet};

/// What moved money that the provider holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ItemKind {
    /// A payer paid.
    Payment,
    /// Money went back.
    Refund,
    /// The provider kept its fee.
    Fee,
    /// An objection took or returned money.
    Dispute,
    /// Money went to the bank.
    Payout,
    /// The books have it, and no movement can be its reason.
    Other,
}

impl ItemKind {
    /// Every kind, in the order of a report.
    pub const ALL: [Self; 6] =
        [Self::Payment, Self::Refund, Self::Fee, Self::Dispute, Self::Payout, Self::Other];
}

/// What moved, and under what: the payment, or the provider's id of the payout.
pub(super) type Key = (ItemKind, String);

/// What changed the money that the provider holds.
pub(super) type Side = BTreeMap<Key, Fen>;

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Both say the same.
    Matched,
    /// The provider has it, the books do not.
    MissingHere,
    /// The books have it, the provider does not.
    MissingThere,
    /// Both have it with different amounts.
    Differs,
}

/// One item on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub kind: ItemKind,
    pub source: String,
    pub provider: Fen,
    pub books: Fen,
}

impl Item {
    /// Books less provider.
    pub fn difference(&self) -> Fen {
        self.books - self.provider
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        match (self.provider.is_zero(), self.books.is_zero()) {
            _ if self.difference().is_zero() => Standing::Matched,
            (true, _) => Standing::MissingThere,
            (_, true) => Standing::MissingHere,
            _ => Standing::Differs,
        }
    }
}

/// Every item that either side has.
pub(super) fn compare(provider: &Side, books: &Side) -> Vec<Item> {
    let keys: BTreeSet<&Key> = provider.keys().chain(books.keys()).collect();
    let of = |side: &Side, key: &Key| side.get(key).copied().unwrap_or(Fen::ZERO);
    keys.into_iter()
        .map(|key| Item {
            kind: key.0,
            source: key.1.clone(),
            provider: of(provider, key),
            books: of(books, key),
        })
        .filter(|item| !(item.provider.is_zero() && item.books.is_zero()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_standing_is_told_apart() {
        use ItemKind::{Dispute, Fee, Payment, Refund};
        let side = |items: &[(ItemKind, i64)]| -> Side {
            items.iter().map(|(kind, amount)| ((*kind, "x".to_owned()), Fen(*amount))).collect()
        };
        let provider = side(&[(Payment, 100), (Fee, -3), (Refund, -50)]);
        let books = side(&[(Payment, 100), (Fee, -4), (Dispute, -9)]);
        let standings: Vec<_> =
            compare(&provider, &books).iter().map(|item| (item.kind, item.standing())).collect();
        assert_eq!(
            standings,
            [
                (Payment, Standing::Matched),
                (Refund, Standing::MissingHere),
                (Fee, Standing::Differs),
                (Dispute, Standing::MissingThere),
            ]
        );
    }

    proptest! {
        #[test]
        fn differences_add_up_to_the_difference_of_both_sides(
            provider in proptest::collection::btree_map(0_u8..20, -1_000_i64..1_000, 0..20),
            books in proptest::collection::btree_map(0_u8..20, -1_000_i64..1_000, 0..20),
        ) {
            let side = |all: &BTreeMap<u8, i64>| -> Side {
                all.iter().map(|(n, amount)| ((ItemKind::Payment, n.to_string()), Fen(*amount))).collect()
            };
            let sum: Fen =
                compare(&side(&provider), &side(&books)).iter().map(Item::difference).sum();
            let wanted: i64 = books.values().sum::<i64>() - provider.values().sum::<i64>();
            prop_assert_eq!(sum, Fen(wanted));
        }
    }
}
