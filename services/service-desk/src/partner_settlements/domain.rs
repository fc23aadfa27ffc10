//! What a partner gets for a month: a share of each order's labour, less claims.

use super::{ClaimId, PartnerId, SettlementId, say};
use crate::special_services::OrderId;
use authz::{Denied, UserId};
use chrono::{DateTime, NaiveDate, Utc};
use ids::EstateId;
use money::{Fen, round_half_up};
use serde::{Deserialize, Serialize};
use texts::Text;

/// A partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Partner {
    pub id: PartnerId,
    pub estate: EstateId,
    pub name: String,
    pub active: bool,
    pub version: i32,
}

/// What a partner owes: for damage done with an order, or of one that was refunded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub id: ClaimId,
    pub estate: EstateId,
    pub partner: PartnerId,
    pub order: OrderId,
    pub amount: Fen,
    pub reason: String,
    pub on: NaiveDate,
    /// Who noted it; nobody of a refund.
    pub noted_by: Option<UserId>,
    pub noted_at: DateTime<Utc>,
    pub settlement: Option<SettlementId>,
    /// Whether it takes back the share of an order whose money went back after it was settled.
    pub refund: bool,
}

/// What people have decided about a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SettlementState {
    /// Waits for another person.
    Prepared,
    /// Agreed; it never changes any more.
    Approved,
    /// Refused; its orders can be settled anew.
    Rejected,
}

/// One line of a settlement: an order, or a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub order: OrderId,
    pub claim: Option<ClaimId>,
    /// Labour of the order, the discount deducted; nothing for a claim.
    pub base: Fen,
    /// The partner's share in basis points.
    pub share_bp: u32,
    /// What the partner gets; below zero for a claim.
    pub amount: Fen,
    /// Whether the claim takes back the share of a refunded order.
    pub refund: bool,
}

impl Line {
    /// The share of an order, rounded half-up once.
    pub(crate) fn of_order(order: OrderId, base: Fen, share_bp: u32) -> Self {
        let amount = Fen(round_half_up(i128::from(base.0) * i128::from(share_bp), 10_000));
        Self { order, claim: None, base, share_bp, amount, refund: false }
    }

    /// A claim is deducted.
    pub(crate) fn of_claim(claim: &Claim) -> Self {
        let amount = Fen::ZERO - claim.amount;
        Self {
            order: claim.order,
            claim: Some(claim.id),
            base: Fen::ZERO,
            share_bp: 0,
            amount,
            refund: claim.refund,
        }
    }

    /// How it was reckoned.
    pub(crate) fn explain(&self) -> Text {
        match self.claim {
            Some(_) if self.refund => return say::line_refund(self.amount),
            Some(_) => return say::line_claim(self.amount),
            None => {}
        }
        let percent = format!("{}.{:02}", self.share_bp / 100, self.share_bp % 100);
        let percent = percent.trim_end_matches('0').trim_end_matches('.').to_owned();
        say::line_order(self.base, percent, self.amount)
    }
}

/// A partner's month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settlement {
    pub id: SettlementId,
    pub estate: EstateId,
    pub partner: PartnerId,
    /// The first day of the month.
    pub month: NaiveDate,
    pub state: SettlementState,
    pub version: i32,
    pub sums: Sums,
    pub prepared_by: UserId,
    pub prepared_at: DateTime<Utc>,
    pub decided: Option<(UserId, DateTime<Utc>)>,
    pub decision: Option<String>,
}

/// What the lines of a settlement come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// How many orders.
    pub orders: i32,
    /// Their labour.
    pub base: Fen,
    /// The partner's share of it.
    pub share: Fen,
    /// What the partner owes for damage.
    pub claims: Fen,
}

impl Sums {
    /// Adds lines up.
    pub(crate) fn of(lines: &[Line]) -> Self {
        let mut sums = Self::default();
        for line in lines {
            if line.claim.is_some() {
                sums.claims -= line.amount;
            } else {
                sums.orders += 1;
                sums.base += line.base;
                sums.share += line.amount;
            }
        }
        sums
    }

    /// What the partner gets; below zero they owe it.
    pub(crate) fn net(&self) -> Fen {
        self.share - self.claims
    }
}

impl Settlement {
    /// Whether `by` may decide it (handbook Part 2 (b), separation of duties).
    ///
    /// # Errors
    /// [`Denied::SamePerson`].
    pub(crate) fn may_be_decided_by(&self, by: UserId) -> Result<(), Denied> {
        if self.prepared_by == by {
            return Err(Denied::SamePerson(say::second_person()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn order(base: i64, bp: u32) -> Line {
        Line::of_order(OrderId::from_uuid(Uuid::nil()), Fen(base), bp)
    }

    fn claim(amount: i64) -> Line {
        Line::of_claim(&Claim {
            id: ClaimId::from_uuid(Uuid::nil()),
            estate: EstateId::from_uuid(Uuid::nil()),
            partner: PartnerId::from_uuid(Uuid::nil()),
            order: OrderId::from_uuid(Uuid::nil()),
            amount: Fen(amount),
            reason: "刮花地板".to_owned(),
            on: "2026-07-20".parse().unwrap(),
            noted_by: None,
            noted_at: DateTime::UNIX_EPOCH,
            settlement: None,
            refund: false,
        })
    }

    #[test]
    fn scenario_10_forty_one_orders_less_a_claim() {
        let mut lines: Vec<Line> = (0..40).map(|_| order(24_000, 8_000)).collect();
        lines.extend([order(26_000, 8_000), claim(12_000)]);
        let sums = Sums::of(&lines);
        assert_eq!((sums.orders, sums.base, sums.share), (41, Fen(986_000), Fen(788_800)));
        assert_eq!((sums.claims, sums.net()), (Fen(12_000), Fen(776_800)));
        assert_eq!(order(25_650, 8_000).amount, Fen(20_520));
    }

    proptest! {
        #[test]
        fn the_sums_are_those_of_the_lines(
            orders in proptest::collection::vec((0_i64..10_000_000, 0_u32..=10_000), 0..50),
            claims in proptest::collection::vec(1_i64..1_000_000, 0..10),
        ) {
            let mut lines: Vec<Line> = orders.iter().map(|(base, bp)| order(*base, *bp)).collect();
            for line in &lines {
                let exact = i128::from(line.base.0) * i128::from(line.share_bp);
                prop_assert!((i128::from(line.amount.0) * 10_000 - exact).abs() * 2 <= 10_000);
            }
            lines.extend(claims.iter().map(|amount| claim(*amount)));
            let net: Fen = lines.iter().map(|line| line.amount).sum();
            prop_assert_eq!(Sums::of(&lines).net(), net);
        }
    }
}
