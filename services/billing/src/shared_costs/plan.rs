//! Who gets which part of a cost: the units' parts, each shared out over its payers by days (R3).
//! What falls on days without a payer is charged to nobody.

use super::domain::{SharedCost, allocate};
use crate::{
    bill_runs::{Site, plan},
    charges::{Quantity, SharedBy, SharedExplanation},
    error::Refused,
    estates::{self, Unit},
    ids::UnitId,
    meters::{
        self,
        domain::{chains, periods},
        pricing::{Share, Span, share_out},
    },
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;
use std::collections::HashMap;

/// A unit's part of a cost.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) site: Site,
    pub(super) weight: i64,
    pub(super) amount: Fen,
    pub(super) shares: Vec<Share>,
    pub(super) of_days: u32,
}

impl Part {
    /// What of it nobody owes.
    pub(super) fn unowed(&self) -> Fen {
        self.amount - self.shares.iter().map(|share| share.amount).sum()
    }

    /// The arithmetic of one payer's share.
    pub(super) fn explanation(
        &self,
        cost: &SharedCost,
        of_weight: i64,
        share: &Share,
    ) -> SharedExplanation {
        SharedExplanation {
            shared_total: cost.total,
            by: cost.by,
            weight: self.weight,
            of_weight,
            unit_part: self.amount,
            share: (share.days != self.of_days).then_some((share.days, self.of_days)),
            amount: share.amount,
        }
    }
}

/// Every unit of the cost's building or estate with its part, in order of the labels.
pub(super) async fn parts(scope: &TenantScope, cost: &SharedCost) -> Result<Vec<Part>, Refused> {
    let mut sites: Vec<Site> = units(scope, cost).await?;
    sites.sort_by(|a, b| a.label.cmp(&b.label));
    let used = match cost.by {
        SharedBy::Usage => usage(scope, cost).await?,
        SharedBy::Area | SharedBy::Household => HashMap::new(),
    };
    let weight = |site: &Site| match cost.by {
        SharedBy::Area => site.area.0,
        SharedBy::Household => 1,
        SharedBy::Usage => used.get(&site.target.unit).map_or(0, |used| used.0),
    };
    let weights: Vec<i64> = sites.iter().map(weight).collect();
    let amounts = allocate(cost.total, &weights);
    let days = u32::try_from((cost.to - cost.from).num_days() + 1).unwrap_or(u32::MAX);
    let part = |((site, weight), amount): ((Site, i64), Fen)| {
        let span = |payer: &crate::bill_runs::SitePayer| Span {
            kind: payer.kind,
            from: payer.from,
            to: payer.to,
        };
        let payers: Vec<Span> = site.payers.iter().map(span).collect();
        let shares = share_out((i128::from(amount.0), 1), (cost.from, cost.to), &payers);
        Part { site, weight, amount, shares, of_days: days }
    };
    Ok(sites.into_iter().zip(weights).zip(amounts).map(part).collect())
}

async fn units(scope: &TenantScope, cost: &SharedCost) -> Result<Vec<Site>, StorageError> {
    const PAGE: u64 = 500;
    let (mut sites, mut after) = (Vec::new(), None);
    loop {
        let page = estates::units_page(scope, cost.estate, after, PAGE).await?;
        let is_last = (page.len() as u64) < PAGE;
        after = page.last().map(|unit| unit.id.as_uuid());
        let inside = |unit: &Unit| cost.building.is_none_or(|building| building == unit.building);
        let page: Vec<Unit> = page.into_iter().filter(inside).collect();
        let found = plan::unit_sites(scope, page).await?;
        sites.extend(found.into_iter().filter(|site| !site.is_space));
        if is_last {
            return Ok(sites);
        }
    }
}

/// What the units used in the period, the use of a reading's period spread over its days.
async fn usage(
    scope: &TenantScope,
    cost: &SharedCost,
) -> Result<HashMap<UnitId, Quantity>, StorageError> {
    let Some(kind) = cost.kind else { return Ok(HashMap::new()) };
    let mut used: HashMap<UnitId, Quantity> = HashMap::new();
    for chain in chains(meters::counted_at(scope, cost.estate, kind).await?) {
        let Some(place) = chain.last().and_then(|it| it.meter.place) else { continue };
        for period in periods(&chain).unwrap_or_default() {
            let inside = days(period.from.max(cost.from), period.to.min(cost.to));
            let part = period.quantity.0 * inside / days(period.from, period.to).max(1);
            *used.entry(place).or_default() += Quantity(part);
        }
    }
    Ok(used)
}

fn days(from: NaiveDate, to: NaiveDate) -> i64 {
    ((to - from).num_days() + 1).max(0)
}
