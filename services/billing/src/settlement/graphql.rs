//! The comparison with the provider in the graph.

use super::{
    compare::{Item, ItemKind, Standing},
    reconcile::{Reconciliation, reconcile},
};
use ::graphql::{GraphqlResultExt as _, Money, caller, parse_id};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use chrono::NaiveDate;
use money::Fen;

/// The most differences that are shown.
const MOST_SHOWN: usize = 200;

/// What moved money that the online provider holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "ItemKind", name = "ProviderItemKind")]
pub(crate) enum ProviderItemKind {
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
    /// One side has it, and no movement or entry can be its reason.
    Other,
}

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Standing", name = "ProviderItemStanding")]
pub(crate) enum ProviderItemStanding {
    /// Both say the same.
    Matched,
    /// The provider has it, the books do not.
    MissingHere,
    /// The books have it, the provider does not.
    MissingThere,
    /// Both have it with different amounts.
    Differs,
}

/// Everything of one kind on both sides.
#[derive(Clone, SimpleObject)]
pub(crate) struct ProviderTotal {
    /// The kind.
    kind: ProviderItemKind,
    /// How many items there are.
    items: i32,
    /// By how much the provider says that its money changed.
    provider: Money,
    /// By how much the books say so.
    books: Money,
    /// Books less provider.
    difference: Money,
}

/// An item on which both sides differ.
#[derive(Clone, SimpleObject)]
pub(crate) struct ProviderItem {
    /// The kind.
    kind: ProviderItemKind,
    /// The payment, or the provider's id of the payout.
    source_id: String,
    /// How it stands.
    standing: ProviderItemStanding,
    /// By how much the provider says that its money changed.
    provider: Money,
    /// By how much the books say so.
    books: Money,
    /// Books less provider.
    difference: Money,
}

/// How the books stand to the online provider (在线收款对账).
#[derive(Clone, SimpleObject)]
pub(crate) struct ProviderReconciliation {
    /// Every kind, also without items.
    totals: Vec<ProviderTotal>,
    /// Items on which both sides differ, at most 200.
    differences: Vec<ProviderItem>,
    /// All differences together.
    difference: Money,
    /// Whether nothing differs.
    reconciled: bool,
    /// What the provider holds now by its own movements.
    held: Money,
    /// What it holds now by the books.
    held_in_books: Money,
}

impl From<Reconciliation> for ProviderReconciliation {
    fn from(found: Reconciliation) -> Self {
        let money = |amount| Money::new(amount, found.currency);
        let total = |kind: ItemKind| {
            let mine = || found.items.iter().filter(move |item| item.kind == kind);
            let (provider, books): (Fen, Fen) =
                (mine().map(|item| item.provider).sum(), mine().map(|item| item.books).sum());
            ProviderTotal {
                kind: kind.into(),
                items: i32::try_from(mine().count()).unwrap_or(i32::MAX),
                provider: money(provider),
                books: money(books),
                difference: money(books - provider),
            }
        };
        let differing = || found.items.iter().filter(|item| !item.difference().is_zero());
        let node = |item: &Item| ProviderItem {
            kind: item.kind.into(),
            source_id: item.source.clone(),
            standing: item.standing().into(),
            provider: money(item.provider),
            books: money(item.books),
            difference: money(item.difference()),
        };
        Self {
            totals: ItemKind::ALL.into_iter().map(total).collect(),
            differences: differing().take(MOST_SHOWN).map(node).collect(),
            difference: money(found.items.iter().map(Item::difference).sum()),
            reconciled: differing().next().is_none(),
            held: money(found.held),
            held_in_books: money(found.held_in_books),
        }
    }
}

/// Queries on what the provider holds.
#[derive(Default)]
pub(crate) struct SettlementQuery;

#[Object]
impl SettlementQuery {
    /// Every online payment and payout that moved from one day to another, as the provider and as
    /// the books have it, with all that ever happened to it; at most 92 days.
    async fn provider_reconciliation(
        &self,
        ctx: &Context<'_>,
        estate_id: ID,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<Option<ProviderReconciliation>> {
        let estate = parse_id(&estate_id, "estateId")?;
        let found = reconcile(ctx.data()?, caller(ctx)?, estate, (from, to)).await.graphql()?;
        Ok(Some(found.into()))
    }
}
