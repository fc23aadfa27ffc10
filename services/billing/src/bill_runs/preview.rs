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
    estates::{self, Estate},
    ids::{FeeItemId, UnitId},
};
use authz::{Caller, Denied};
use db::{Db, StorageError, TenantScope};
use ids::EstateId;
use money::{Currency, Fen};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

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
    estate: Estate,
    start: BillingMonth,
}

/// What a run would charge for one unit or space; [`Preview::lines_of`] computes its lines, which
/// may be a million in an estate, when somebody looks at it.
#[derive(Clone, Debug)]
pub(crate) struct SitePreview {
    pub(crate) label: String,
    pub(crate) unit: Option<UnitId>,
    /// What is new.
    pub(crate) amount: Fen,
    /// The site's own name, and who has it if it belongs to no unit.
    name: String,
    holder: Option<Uuid>,
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
        estate,
        start,
    };
    let mut cursor = Some(Cursor::default());
    while let Some(at) = cursor {
        let part = plan::part(&scope, &preview.estate, at, CHUNK).await?;
        let planned = plan::plan(&scope, &preview.wanted(&part.sites)).await?;
        preview.add(&part.sites, planned);
        cursor = part.next;
    }
    preview.sites.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(preview)
}

impl Preview {
    fn wanted<'w>(&'w self, sites: &'w [Site]) -> Wanted<'w> {
        Wanted { estate: &self.estate, sites, start: self.start, again: None }
    }

    /// The lines of some of the sites, in their order, each with its arithmetic.
    pub(crate) async fn lines_of(
        &self,
        scope: &TenantScope,
        wanted: &[&SitePreview],
    ) -> Result<Vec<Vec<Planned>>, StorageError> {
        let units: HashSet<UnitId> = wanted.iter().filter_map(|site| site.unit).collect();
        let units = estates::units_by_id(scope, units).await?;
        let mut sites = plan::unit_sites(scope, units).await?;
        let holders: HashSet<Uuid> = wanted.iter().filter_map(|site| site.holder).collect();
        let holders: Vec<Uuid> = holders.into_iter().collect();
        sites.extend(plan::holder_sites(scope, &self.estate, &holders).await?);
        sites.retain(|site| wanted.iter().any(|it| it.name == site.name));
        let mut of_name: HashMap<&str, Vec<Planned>> = HashMap::new();
        for line in plan::plan(scope, &self.wanted(&sites)).await?.lines {
            of_name.entry(&sites[line.site].name).or_default().push(line);
        }
        Ok(wanted.iter().map(|it| of_name.remove(it.name.as_str()).unwrap_or_default()).collect())
    }

    fn add(&mut self, sites: &[Site], planned: plan::Plan) {
        let mut payers = HashSet::new();
        let mut of_sites: Vec<SitePreview> = sites
            .iter()
            .map(|site| SitePreview {
                label: site.label.clone(),
                unit: site.unit,
                amount: Fen::ZERO,
                name: site.name.clone(),
                holder: match site.unit {
                    None => site.payers.first().map(|payer| payer.debtor.party.as_uuid()),
                    Some(_) => None,
                },
            })
            .collect();
        for line in planned.lines {
            let amount = line.line.amount;
            if line.line.month == self.start {
                self.month_total += amount;
            }
            if line.standing == Standing::New {
                self.lines += 1;
                self.total += amount;
                *self.by_item.entry(line.line.item).or_default() += amount;
                of_sites[line.site].amount += amount;
                if amount.is_positive() {
                    payers.insert(line.debtor);
                }
            }
        }
        // An account's lines all stand in one part, so that no payer is counted twice.
        self.bills += payers.len();
        self.doubts.extend(planned.doubts);
        self.sites.extend(of_sites);
    }
}
