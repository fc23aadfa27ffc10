//! Putting together what a part of a run charges; the preview and the run go through it alike.

use super::{
    domain::{
        Doubt, Planned, Prices, Reason, Site, SitePayer, Standing, Taken, doubts, sift, site_lines,
        sources,
    },
    metered,
};
use crate::{
    accounts::{self, BillingAccount, Debtor},
    bills::{self, NewBill},
    charges::{BillingMonth, ChargeError, Cycle, PayerKind},
    discounts,
    estates::{self, Estate, Space, Terms, Unit},
    fees::{self, Target, UnitUse},
    ids::{BillId, BillRunId, BuildingId, UnitId},
};
use chrono::NaiveDate;
use contracts::residents::PartyName;
use db::{StorageError, TenantScope};
use money::Fen;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// How many units are charged in one transaction: a few thousand rows, well under a second.
pub(super) const CHUNK: u64 = 500;

/// Where in the estate a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// Units come first, then those who have spaces without a unit.
    pub(crate) holders: bool,
    /// The last one that is done.
    pub(crate) after: Option<Uuid>,
}

/// Sites that are charged together, and where to go on.
pub(crate) struct Part {
    pub(crate) sites: Vec<Site>,
    pub(crate) next: Option<Cursor>,
    /// How many units or holders these are.
    pub(crate) done: usize,
}

/// The next sites of an estate after `cursor`, at most `limit` units or holders.
pub(crate) async fn part(
    scope: &TenantScope,
    estate: &Estate,
    cursor: Cursor,
    limit: u64,
) -> Result<Part, StorageError> {
    if !cursor.holders {
        let units = estates::units_page(scope, estate.id, cursor.after, limit).await?;
        let more = units.len() as u64 == limit;
        let next = Cursor {
            holders: !more,
            after: units.last().filter(|_| more).map(|unit| unit.id.as_uuid()),
        };
        let done = units.len();
        let sites = unit_sites(scope, units).await?;
        return Ok(Part { sites, next: Some(next), done });
    }
    let holders = estates::holders_page(scope, estate.id, cursor.after, limit).await?;
    let sites = holder_sites(scope, estate, &holders).await?;
    let more = holders.len() as u64 == limit;
    let next = more.then(|| Cursor { holders: true, after: holders.last().copied() });
    Ok(Part { sites, next, done: holders.len() })
}

/// The spaces of some holders that belong to no unit.
pub(crate) async fn holder_sites(
    scope: &TenantScope,
    estate: &Estate,
    holders: &[Uuid],
) -> Result<Vec<Site>, StorageError> {
    let spaces = estates::spaces_of_holders(scope, estate.id, holders).await?;
    Ok(spaces.into_iter().map(|space| space_site(space, None, &[])).collect())
}

/// Units with the spaces that are charged with them.
pub(crate) async fn unit_sites(
    scope: &TenantScope,
    units: Vec<Unit>,
) -> Result<Vec<Site>, StorageError> {
    let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let mut payers: HashMap<UnitId, Vec<SitePayer>> = HashMap::new();
    for payer in estates::payers_of(scope, &ids).await? {
        payers.entry(payer.unit).or_default().push(SitePayer {
            debtor: Debtor { party: payer.person, unit: Some(payer.unit) },
            name: payer.name,
            kind: payer.kind,
            from: payer.from,
            to: payer.to,
        });
    }
    let mut spaces: HashMap<UnitId, Vec<Space>> = HashMap::new();
    for space in estates::spaces_of_units(scope, &ids).await? {
        let Some(unit) = space.unit else { continue };
        spaces.entry(unit).or_default().push(space);
    }
    let mut sites = Vec::new();
    for unit in units {
        let payers = payers.remove(&unit.id).unwrap_or_default();
        for space in spaces.remove(&unit.id).unwrap_or_default() {
            sites.push(space_site(space, Some(unit.building), &payers));
        }
        sites.push(Site {
            target: Target { building: Some(unit.building), unit_use: unit.used_as, unit: unit.id },
            name: unit.id.to_string(),
            label: unit.label,
            is_space: false,
            unit: Some(unit.id),
            building: Some(unit.building),
            area: unit.area,
            payers,
        });
    }
    Ok(sites)
}

/// The sites that somebody can owe for: the unit of the account with its spaces, or the spaces
/// that belong to no unit.
pub(crate) async fn sites_of(
    scope: &TenantScope,
    estate: &Estate,
    debtor: Debtor,
) -> Result<Vec<Site>, StorageError> {
    if let Some(unit) = debtor.unit {
        let unit = estates::unit(scope, unit).await?;
        return unit_sites(scope, unit.into_iter().collect()).await;
    }
    holder_sites(scope, estate, &[debtor.party.as_uuid()]).await
}

/// A space is paid for by who has it, or else by the unit's payers.
fn space_site(space: Space, building: Option<BuildingId>, of_unit: &[SitePayer]) -> Site {
    let always = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date");
    let payers = match space.holder {
        Some((party, name)) => vec![SitePayer {
            debtor: Debtor { party, unit: space.unit },
            name,
            kind: PayerKind::Owner,
            from: always,
            to: None,
        }],
        None => of_unit.to_vec(),
    };
    Site {
        target: Target {
            building,
            unit_use: UnitUse::Parking,
            unit: UnitId::from_uuid(space.id.as_uuid()),
        },
        name: space.id.to_string(),
        label: space.label,
        is_space: true,
        unit: space.unit,
        building,
        area: money::Area(0),
        payers,
    }
}

/// The lines of some sites and what is doubtful about them.
pub(crate) struct Plan {
    pub(crate) lines: Vec<Planned>,
    pub(crate) doubts: Vec<Doubt>,
    pub(crate) accounts: HashMap<Debtor, BillingAccount>,
}

/// What to plan for.
pub(crate) struct Wanted<'w> {
    pub(crate) estate: &'w Estate,
    pub(crate) sites: &'w [Site],
    pub(crate) start: BillingMonth,
    /// Only these months, whatever the cycles say, voided days included: for a re-issue.
    pub(crate) again: Option<Vec<BillingMonth>>,
}

/// Computes every line of the sites for the cycles that a run for `start` issues.
pub(crate) async fn plan(scope: &TenantScope, wanted: &Wanted<'_>) -> Result<Plan, StorageError> {
    let Wanted { estate, sites, start, again } = wanted;
    let targets: Vec<Uuid> = sites.iter().map(|site| site.target.unit.as_uuid()).collect();
    let items = fees::repo::items(scope, estate.id).await?;
    let prices = Prices::new(items, fees::repo::approved_for(scope, estate.id, &targets).await?)
        .with_discounts(discounts::spans(scope, estate.id, &targets).await?);
    let debtors = sites.iter().flat_map(|site| &site.payers).map(|payer| payer.debtor);
    let accounts = accounts::of_debtors(scope, estate.id, debtors).await?;
    let terms = |debtor: &Debtor| terms(estate, accounts.get(debtor));
    let cycle_of = |debtor: &Debtor| terms(debtor).cycle;
    let mut found = Plan { lines: Vec::new(), doubts: Vec::new(), accounts: HashMap::new() };
    for (place, site) in sites.iter().enumerate() {
        let months = again.clone().unwrap_or_else(|| months(site, *start, cycle_of));
        let lines = lines_of(place, site, &prices, &months, estate);
        match lines {
            Ok(lines) => found.lines.extend(lines.into_iter().filter(|plan| {
                again.is_some() || plan.line.month <= last_month(*start, cycle_of(&plan.debtor))
            })),
            Err(error) => found.doubts.push(Doubt {
                label: site.label.clone(),
                unit: site.unit,
                reason: Reason::Contradiction(error),
            }),
        }
    }
    let sources = sources(sites, &prices);
    let last = found.lines.iter().map(|plan| plan.line.month).max().unwrap_or(*start);
    // The month before is what a jump is told by.
    let before = start.first().pred_opt().and_then(|day| BillingMonth::of(day).ok());
    let first = before.filter(|_| again.is_none()).unwrap_or(*start);
    let taken = bills::taken(scope, &sources, first, last).await?;
    sift(&mut found.lines, &taken, &accounts, again.is_some());
    if again.is_none() {
        add_doubts(wanted, &taken, &mut found);
    }
    metered::add(scope, wanted, (&prices, &accounts), &mut found).await?;
    found.accounts = accounts;
    Ok(found)
}

fn lines_of(
    place: usize,
    site: &Site,
    prices: &Prices,
    months: &[BillingMonth],
    estate: &Estate,
) -> Result<Vec<Planned>, ChargeError> {
    let charge_from = estate.cut_over.map(BillingMonth::first);
    let each = months.iter().map(|month| site_lines(place, site, prices, *month, charge_from));
    Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The months of the longest cycle of those who pay for the site.
fn months(site: &Site, start: BillingMonth, cycle: impl Fn(&Debtor) -> Cycle) -> Vec<BillingMonth> {
    let cycles = site.payers.iter().map(|payer| cycle(&payer.debtor));
    let longest = cycles.max_by_key(|cycle| cycle.months()).unwrap_or(Cycle::Month);
    longest.months_of_bill_starting(start)
}

fn last_month(start: BillingMonth, cycle: Cycle) -> BillingMonth {
    cycle.months_of_bill_starting(start).last().copied().unwrap_or(start)
}

fn terms(estate: &Estate, account: Option<&BillingAccount>) -> Terms {
    account.and_then(|account| account.terms).unwrap_or(estate.terms)
}

fn add_doubts(wanted: &Wanted<'_>, taken: &[Taken], found: &mut Plan) {
    let mut charged: HashMap<&str, Fen> = HashMap::new();
    let before = |line: &&Taken| !line.voided && line.to < wanted.start.first();
    for line in taken.iter().filter(before) {
        let site = line.source.rsplit('/').next().unwrap_or_default();
        *charged.entry(site).or_default() += line.amount;
    }
    let mut by_site: HashMap<usize, Vec<&Planned>> = HashMap::new();
    for plan in found.lines.iter().filter(|plan| plan.line.month == wanted.start) {
        by_site.entry(plan.site).or_default().push(plan);
    }
    for (place, site) in wanted.sites.iter().enumerate() {
        if found.doubts.iter().any(|doubt| doubt.label == site.label) {
            continue;
        }
        let lines = by_site.remove(&place).unwrap_or_default();
        let before = charged.get(site.name.as_str()).copied().unwrap_or_default();
        found.doubts.extend(doubts(site, &lines, wanted.start, before));
    }
}

/// For whom bills are made and when.
pub(crate) struct Issue {
    pub(crate) run: Option<BillRunId>,
    pub(crate) replaces: Option<BillId>,
    pub(crate) issued_on: NaiveDate,
}

/// Makes the bills of the new lines: one per account, opened where there was none.
pub(crate) async fn bills_of(
    scope: &TenantScope,
    wanted: &Wanted<'_>,
    plan: Plan,
    issue: &Issue,
) -> Result<Vec<NewBill>, StorageError> {
    let mut by_debtor: BTreeMap<Debtor, Vec<Planned>> = BTreeMap::new();
    for line in plan.lines.into_iter().filter(|line| line.standing == Standing::New) {
        by_debtor.entry(line.debtor).or_default().push(line);
    }
    by_debtor.retain(|_, lines| lines.iter().any(|line| line.line.amount.is_positive()));
    let building = |line: &Planned| wanted.sites[line.site].building;
    let mut accounts = plan.accounts;
    let new: HashMap<Debtor, (PartyName, Option<BuildingId>)> = by_debtor
        .iter()
        .filter(|(debtor, _)| !accounts.contains_key(debtor))
        .map(|(debtor, lines)| (*debtor, (lines[0].name.clone(), building(&lines[0]))))
        .collect();
    accounts.extend(accounts::open(scope, wanted.estate.id, &new).await?);
    let bills = by_debtor.into_iter().filter_map(|(debtor, mut lines)| {
        let account = accounts.get(&debtor)?;
        lines.sort_by_key(|plan| (plan.line.month, plan.line.item, plan.line.from));
        let first = lines.first()?.line.month;
        Some(NewBill {
            estate: wanted.estate.id,
            account: account.id,
            unit: debtor.unit,
            building: account.building,
            run: issue.run,
            replaces: issue.replaces,
            issued_on: issue.issued_on,
            due: terms(wanted.estate, Some(account)).due.due_date(first, issue.issued_on),
            currency: wanted.estate.currency,
            lines: lines.into_iter().map(|plan| (plan.line, plan.income)).collect(),
        })
    });
    Ok(bills.collect())
}
