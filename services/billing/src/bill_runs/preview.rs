//! What a run would charge, computed by the same plan, without writing anything.

use super::{
    BILL_RUN_PREVIEW,
    domain::{Doubt, Planned, Site, Standing},
    plan::{self, CHUNK, Cursor, Wanted},
    start::check_month,
};
use crate::{
    bills,
    charges::BillingMonth,
    error::Refused,
    estates,
    ids::{FeeItemId, UnitId},
};
use authz::{Caller, Denied};
use db::Db;
use ids::EstateId;
use money::{Currency, Fen};
use std::collections::{BTreeMap, HashSet};

/// What a run would charge.
#[derive(Debug)]
pub(crate) struct Preview {
    pub(crate) currency: Currency,
    /// How many bills it would issue.
    pub(crate) bills: usize,
    /// With how many lines.
    pub(crate) lines: usize,
    /// Over how much.
    pub(crate) total: Fen,
    /// That amount by fee item.
    pub(crate) by_item: BTreeMap<FeeItemId, Fen>,
    /// What the start month comes to in all, charged already or not.
    pub(crate) month_total: Fen,
    /// What stands charged for the month before.
    pub(crate) last_month_total: Fen,
    pub(crate) doubts: Vec<Doubt>,
    /// Every unit and space in order of its label.
    pub(crate) sites: Vec<SitePreview>,
}

/// What a run would charge for one unit or space.
#[derive(Clone, Debug)]
pub(crate) struct SitePreview {
    pub(crate) label: String,
    pub(crate) unit: Option<UnitId>,
    /// What is new.
    pub(crate) amount: Fen,
    pub(crate) lines: Vec<Planned>,
}

/// Computes what a run for `start` would charge.
#[tracing::instrument(name = "usecase.bill_runs.preview", skip_all, fields(estate.id = %estate, month = %start))]
pub(crate) async fn preview(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    start: BillingMonth,
) -> Result<Preview, Refused> {
    caller.read(BILL_RUN_PREVIEW, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let estate = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    check_month(&estate, start, estate.today(scope.clock()))?;
    let before = start.first().pred_opt().map(BillingMonth::of);
    let last_month_total = match before {
        Some(Ok(month)) => bills::charged_in(&scope, estate.id, month).await?,
        _ => Fen::ZERO,
    };
    let mut preview = Preview {
        currency: estate.currency,
        bills: 0,
        lines: 0,
        total: Fen::ZERO,
        by_item: BTreeMap::new(),
        month_total: Fen::ZERO,
        last_month_total,
        doubts: Vec::new(),
        sites: Vec::new(),
    };
    let mut cursor = Some(Cursor::default());
    while let Some(at) = cursor {
        let part = plan::part(&scope, &estate, at, CHUNK).await?;
        let wanted = Wanted { estate: &estate, sites: &part.sites, start, again: None };
        let planned = plan::plan(&scope, &wanted).await?;
        preview.add(start, &part.sites, planned);
        cursor = part.next;
    }
    preview.sites.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(preview)
}

impl Preview {
    fn add(&mut self, start: BillingMonth, sites: &[Site], planned: plan::Plan) {
        let mut payers = HashSet::new();
        let mut of_sites: Vec<SitePreview> = sites
            .iter()
            .map(|site| SitePreview {
                label: site.label.clone(),
                unit: site.unit,
                amount: Fen::ZERO,
                lines: Vec::new(),
            })
            .collect();
        for line in planned.lines {
            let amount = line.line.amount;
            if line.line.month == start {
                self.month_total += amount;
            }
            let site = &mut of_sites[line.site];
            if line.standing == Standing::New {
                self.lines += 1;
                self.total += amount;
                *self.by_item.entry(line.line.item).or_default() += amount;
                site.amount += amount;
                if amount.is_positive() {
                    payers.insert(line.debtor);
                }
            }
            site.lines.push(line);
        }
        // An account's lines all stand in one part, so that no payer is counted twice.
        self.bills += payers.len();
        self.doubts.extend(planned.doubts);
        self.sites.extend(of_sites);
    }
}
