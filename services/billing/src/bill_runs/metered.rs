//! What meters counted joins the bills of a run.
//!
//! A run charges every period whose closing reading lies at or before the end of its start month
//! and that is not charged yet, whatever the cycle of the account: use is charged after it was
//! counted. The lines belong to the start month; their days are those of the period.

use super::{
    domain::{Doubt, Planned, Prices, Reason, Site, Standing},
    plan::{Plan, Wanted},
};
use crate::{
    accounts::{BillingAccount, Debtor},
    bills::{self, NewLine},
    charges::{Arithmetic, BillingMonth, ChargeError},
    fees::{FeeItem, select_days},
    ids::{FeeItemId, UnitId},
    meters::{
        self, Metered,
        charge::{SupplyPayer, charges},
        domain::{Period, chains, periods, source},
        pricing::{Priced, Span, Supply, price},
    },
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use std::collections::{BTreeMap, HashMap};

use super::Taken;

type Accounts = HashMap<Debtor, BillingAccount>;

/// After so many days without a reading somebody should look.
const LONGEST: i64 = 35;

/// Adds the lines of the meters of some sites and what is doubtful about them.
pub(super) async fn add(
    scope: &TenantScope,
    wanted: &Wanted<'_>,
    (prices, accounts): (&Prices, &Accounts),
    found: &mut Plan,
) -> Result<(), StorageError> {
    let places: Vec<UnitId> = wanted.sites.iter().map(|site| site.target.unit).collect();
    let metered = meters::charged_at(scope, wanted.estate.id, &places).await?;
    if metered.is_empty() {
        return Ok(());
    }
    let all = chains(metered);
    let sources: Vec<String> = all.iter().map(|chain| source(chain)).collect();
    let unreadable = |error: errors::Invalid| StorageError::unreadable(error.to_string());
    let ever = (BillingMonth::new(1900, 1), BillingMonth::new(9998, 12));
    let (first, last) = (ever.0.map_err(unreadable)?, ever.1.map_err(unreadable)?);
    let mut taken: HashMap<String, Vec<Taken>> = HashMap::new();
    for line in bills::taken(scope, &sources, first, last).await? {
        taken.entry(line.source.clone()).or_default().push(line);
    }
    let mut by_site: HashMap<UnitId, BTreeMap<FeeItemId, Vec<Vec<Metered>>>> = HashMap::new();
    for chain in all {
        let Some((place, item)) = chain.last().and_then(|it| it.meter.place.zip(it.meter.item))
        else {
            continue;
        };
        by_site.entry(place).or_default().entry(item).or_default().push(chain);
    }
    let work = Work { wanted, prices, accounts, taken: &taken, today: today(scope, wanted) };
    for (place, site) in wanted.sites.iter().enumerate() {
        for (item, chains) in by_site.remove(&site.target.unit).unwrap_or_default() {
            let Some(item) = prices.item(item) else { continue };
            work.item(place, item, &chains, found);
        }
    }
    Ok(())
}

fn today(scope: &TenantScope, wanted: &Wanted<'_>) -> NaiveDate {
    wanted.estate.today(scope.clock())
}

struct Work<'w> {
    wanted: &'w Wanted<'w>,
    prices: &'w Prices,
    accounts: &'w Accounts,
    /// What was ever charged, by supply.
    taken: &'w HashMap<String, Vec<Taken>>,
    today: NaiveDate,
}

impl Work<'_> {
    /// The last day that is charged.
    fn limit(&self) -> NaiveDate {
        let months = self.wanted.again.as_ref();
        months.and_then(|months| months.last().copied()).unwrap_or(self.wanted.start).last()
    }

    /// The supplies of one site that one fee item charges.
    fn item(&self, place: usize, item: &FeeItem, chains: &[Vec<Metered>], found: &mut Plan) {
        let site = &self.wanted.sites[place];
        let mut spans: Vec<_> = site.payers.iter().map(|it| (it.from, it.to)).collect();
        spans.sort_unstable();
        let meet = |pair: &&[(NaiveDate, Option<NaiveDate>)]| {
            pair[0].1.is_none_or(|last| pair[1].0 <= last)
        };
        if let Some(pair) = spans.windows(2).find(meet) {
            let error = ChargeError::OverlappingPayers(pair[1].0);
            let reason = Reason::Contradiction(error);
            let doubt = Doubt { label: site.label.clone(), unit: site.unit, reason };
            if !found.doubts.contains(&doubt) {
                found.doubts.push(doubt);
            }
        }
        let mut supplies = Vec::with_capacity(chains.len());
        for chain in chains {
            let doubt = |reason| Doubt { label: site.label.clone(), unit: site.unit, reason };
            let Some(first) = chain.first() else { continue };
            let serial = serial(chain);
            let Ok(periods) = periods(chain) else {
                found.doubts.push(doubt(Reason::MeterFalls(serial)));
                continue;
            };
            if self.wanted.again.is_none() {
                let reasons = self.unread(chain, &periods, &serial);
                found.doubts.extend(reasons.into_iter().map(doubt));
            }
            let (since, used_before) = (first.meter.installed_on, first.meter.used_before);
            supplies.push((chain, Supply { since, used_before, periods }));
        }
        let all = || supplies.iter().flat_map(|(_, supply)| &supply.periods);
        let (Some(from), Some(to)) = (all().map(|it| it.from).min(), all().map(|it| it.to).max())
        else {
            return;
        };
        let standards = self.prices.metered(item.id, site);
        let versions = select_days(&standards, &site.target, (from, to));
        let list: Vec<Supply> = supplies.iter().map(|(_, supply)| supply.clone()).collect();
        for ((chain, _), priced) in supplies.iter().zip(price(&list, &versions)) {
            self.supply(place, item, (chain, priced), found);
        }
    }

    fn supply(
        &self,
        place: usize,
        item: &FeeItem,
        (chain, mut priced): (&[Metered], Vec<Priced>),
        found: &mut Plan,
    ) {
        let site = &self.wanted.sites[place];
        let (limit, source, serial) = (self.limit(), source(chain), serial(chain));
        let cut_over = self.wanted.estate.cut_over.map(BillingMonth::first);
        priced.retain(|it| it.period.to <= limit && cut_over.is_none_or(|day| day <= it.period.to));
        let mut doubt = |reason| {
            found.doubts.push(Doubt { label: site.label.clone(), unit: site.unit, reason });
        };
        if priced.iter().any(|it| it.standard.is_none()) {
            doubt(Reason::NoMeterPrice(serial.clone()));
        }
        let ever = self.taken.get(&source).into_iter().flatten();
        let taken: Vec<Taken> = ever.filter(|line| line.to <= limit).cloned().collect();
        let payers = self.payers(site);
        let charged = charges(&priced, &payers, &taken, self.wanted.again.is_some());
        if charged.credit.is_positive() {
            doubt(Reason::MeterCredit(serial.clone(), charged.credit));
        }
        let blocked = charged.lines.iter().find(|line| line.standing == Standing::Blocked);
        if let Some(line) = blocked {
            doubt(Reason::ChargedOtherwise(line.from));
        }
        let months = self.wanted.again.clone().unwrap_or_else(|| vec![self.wanted.start]);
        for line in charged.lines {
            let inside = BillingMonth::of(line.to).is_ok_and(|month| months.contains(&month));
            if matches!(line.standing, Standing::Charged | Standing::Voided) && !inside {
                continue;
            }
            let payer = &site.payers[line.payer];
            found.lines.push(Planned {
                site: place,
                debtor: payer.debtor,
                name: payer.name.clone(),
                line: NewLine {
                    item: item.id,
                    source: source.clone(),
                    standard: line.standard,
                    payer: payer.kind,
                    month: self.wanted.start,
                    from: line.from,
                    to: line.to,
                    amount: line.amount,
                    explanation: Some(Arithmetic::Metered(line.explanation)),
                    description: Some(serial.clone()),
                },
                income: item.income_account(),
                standing: line.standing,
            });
        }
    }

    fn payers(&self, site: &Site) -> Vec<SupplyPayer> {
        let number = |debtor: Debtor| site.payers.iter().position(|it| it.debtor == debtor);
        let payer = |it: &super::domain::SitePayer| SupplyPayer {
            span: Span { kind: it.kind, from: it.from, to: it.to },
            debtor: number(it.debtor).unwrap_or_default(),
            account: self.accounts.get(&it.debtor).map(|account| account.id),
        };
        site.payers.iter().map(payer).collect()
    }

    /// What is doubtful about the readings of a supply.
    fn unread(&self, chain: &[Metered], periods: &[Period], serial: &str) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let Some(last) = chain.last().filter(|it| it.meter.removed.is_none()) else {
            return reasons;
        };
        let read = periods.last().map_or(last.meter.installed_on, |it| it.to);
        let until = self.wanted.start.last().min(self.today);
        if (until - read).num_days() > LONGEST {
            reasons.push(Reason::MissingReading(serial.to_owned(), read));
        }
        if periods.last().is_some_and(|it| it.estimated) {
            reasons.push(Reason::Estimated(serial.to_owned()));
        }
        reasons
    }
}

fn serial(chain: &[Metered]) -> String {
    chain.last().map_or_else(String::new, |it| it.meter.serial.clone())
}
