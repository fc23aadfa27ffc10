//! What a run charges: every line of a unit or space for a month, and which of them are new.

use crate::{
    accounts::{BillingAccount, Debtor},
    bills::NewLine,
    charges::{
        Arithmetic, BillingMonth, ChargeError, ChargeSource, DiscountSpan, Formula, Payer,
        PayerKind, PayerSpan, month_lines,
    },
    fees::{FeeItem, FeeStandard, Target, select},
    ids::{BillingAccountId, BuildingId, FeeItemId, UnitId},
    ledger::Account,
    say,
};
use chrono::NaiveDate;
use contracts::residents::PartyName;
use errors::Coded as _;
use money::{Area, Fen};
use std::collections::{HashMap, HashSet};
use texts::Text;
use uuid::Uuid;

/// A unit or parking space with everybody who pays for it.
#[derive(Clone, Debug)]
pub struct Site {
    /// What prices are sought by.
    pub target: Target,
    /// The text of its id; part of the charge source.
    pub name: String,
    /// What people call it, e.g. `3-1-1201`.
    pub label: String,
    /// Whether it is a parking space.
    pub is_space: bool,
    /// The unit it belongs to or is.
    pub unit: Option<UnitId>,
    /// That unit's building.
    pub building: Option<BuildingId>,
    /// Fee base; zero for a space.
    pub area: Area,
    /// Who pays when.
    pub payers: Vec<SitePayer>,
}

/// Somebody who pays for a site on some days.
#[derive(Clone, Debug)]
pub struct SitePayer {
    /// Who owes.
    pub debtor: Debtor,
    /// Its name.
    pub name: PartyName,
    /// In which capacity.
    pub kind: PayerKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// The prices of an estate, sorted so that a site finds its own quickly.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    items: Vec<FeeItem>,
    general: HashMap<FeeItemId, Vec<FeeStandard>>,
    special: HashMap<(FeeItemId, UnitId), Vec<FeeStandard>>,
    discounts: HashMap<(FeeItemId, UnitId), Vec<DiscountSpan>>,
}

impl Prices {
    /// Sorts approved standards by their item and unit.
    pub fn new(items: Vec<FeeItem>, standards: Vec<FeeStandard>) -> Self {
        let mut prices = Self { items, ..Self::default() };
        for standard in standards {
            let item = standard.terms.item;
            match standard.terms.scope.unit {
                Some(unit) => prices.special.entry((item, unit)).or_default().push(standard),
                None => prices.general.entry(item).or_default().push(standard),
            }
        }
        prices
    }

    /// The same with what approved rules take off for some units and spaces.
    pub fn with_discounts(
        mut self,
        discounts: HashMap<(FeeItemId, UnitId), Vec<DiscountSpan>>,
    ) -> Self {
        self.discounts = discounts;
        self
    }

    fn discounts(&self, item: FeeItemId, site: &Site) -> Vec<DiscountSpan> {
        self.discounts.get(&(item, site.target.unit)).cloned().unwrap_or_default()
    }

    /// The prices of what the meters of an item count at a site.
    pub(super) fn metered(&self, item: FeeItemId, site: &Site) -> Vec<FeeStandard> {
        let general = self.general.get(&item).into_iter().flatten();
        let special = self.special.get(&(item, site.target.unit)).into_iter().flatten();
        let all = general.chain(special);
        all.filter(|standard| standard.terms.formula.is_metered()).cloned().collect()
    }

    /// A fee item of the estate.
    pub(super) fn item(&self, id: FeeItemId) -> Option<&FeeItem> {
        self.items.iter().find(|item| item.id == id)
    }

    fn of(&self, item: FeeItemId, site: &Site) -> Vec<FeeStandard> {
        let general = self.general.get(&item).into_iter().flatten();
        let special = self.special.get(&(item, site.target.unit)).into_iter().flatten();
        let fits = |standard: &&FeeStandard| {
            let formula = standard.terms.formula;
            !formula.is_metered()
                && matches!(formula, Formula::PerParkingSpace { .. }) == site.is_space
        };
        general.chain(special).filter(fits).cloned().collect()
    }
}

/// One computed line and who owes it.
#[derive(Clone, Debug)]
pub struct Planned {
    /// Which site, by its place in the list.
    pub site: usize,
    /// Who owes it.
    pub debtor: Debtor,
    /// The debtor's name.
    pub name: PartyName,
    /// The line.
    pub line: NewLine,
    /// What earns it.
    pub income: Account,
    /// Whether it is to be charged.
    pub standing: Standing,
}

/// How a computed line stands to what is charged already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not charged yet.
    New,
    /// Charged exactly so.
    Charged,
    /// Some of the days are charged otherwise; see [`Reason::ChargedOtherwise`].
    Blocked,
    /// Was charged and voided; only a re-issue charges it again.
    Voided,
}

/// A line that exists, on a standing or a voided bill.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Whose.
    pub account: BillingAccountId,
    /// Of which source.
    pub source: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// How much.
    pub amount: Fen,
    /// Whether its bill is voided.
    pub voided: bool,
}

/// Something a person should look at before bills go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The unit or space, as people call it.
    pub label: String,
    /// The unit.
    pub unit: Option<UnitId>,
    /// What is doubtful.
    pub reason: Reason,
}

/// What is doubtful about a unit or space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody pays for it in the month.
    NoPayer,
    /// No fee item has a price for it in the month.
    NoPrice,
    /// Its area is zero, but a price per area applies.
    ZeroArea,
    /// No line can be computed.
    Contradiction(ChargeError),
    /// Days are charged to somebody else or with another amount: void that bill and issue it again.
    ChargedOtherwise(NaiveDate),
    /// It differs from the month before by more than 30 %.
    Jump(Fen, Fen),
    /// A meter was not read for more than 35 days.
    MissingReading(String, NaiveDate),
    /// The last reading of a meter is estimated.
    Estimated(String),
    /// What a meter counted has no price.
    NoMeterPrice(String),
    /// The readings of a meter fall.
    MeterFalls(String),
    /// So much too much is charged for a meter; it is taken off the next use.
    MeterCredit(String, Fen),
}

impl Reason {
    /// In a sentence.
    pub fn text(&self) -> Text {
        match self {
            Self::NoPayer => say::doubt_no_payer(),
            Self::NoPrice => say::doubt_no_price(),
            Self::ZeroArea => say::doubt_zero_area(),
            Self::Contradiction(error) => error.text(),
            Self::ChargedOtherwise(day) => say::doubt_charged_otherwise(*day),
            Self::Jump(before, now) => say::doubt_jump(*before, *now),
            Self::MissingReading(meter, last) => say::doubt_missing_reading(meter.clone(), *last),
            Self::Estimated(meter) => say::doubt_estimated(meter.clone()),
            Self::NoMeterPrice(meter) => say::doubt_no_meter_price(meter.clone()),
            Self::MeterFalls(meter) => say::doubt_meter_falls(meter.clone()),
            Self::MeterCredit(meter, amount) => say::doubt_meter_credit(meter.clone(), *amount),
        }
    }
}

/// The lines of one site for one month, every fee item, every payer.
pub fn site_lines(
    place: usize,
    site: &Site,
    prices: &Prices,
    month: BillingMonth,
    charge_from: Option<NaiveDate>,
) -> Result<Vec<Planned>, ChargeError> {
    // The rules speak of accounts, which need not exist yet: each payer's place stands for one.
    let payers: Vec<PayerSpan> = (0_u128..)
        .zip(&site.payers)
        .map(|(place, payer)| PayerSpan {
            payer: Payer {
                account: BillingAccountId::from_uuid(Uuid::from_u128(place)),
                kind: payer.kind,
            },
            from: payer.from,
            to: payer.to,
        })
        .collect();
    let mut lines = Vec::new();
    for item in &prices.items {
        let source = ChargeSource {
            area: site.area,
            standards: select(&prices.of(item.id, site), &site.target, month),
            payers: payers.clone(),
            discounts: prices.discounts(item.id, site),
            charge_from,
            charge_to: None,
        };
        if source.standards.is_empty() {
            continue;
        }
        for charge in month_lines(&source, month)? {
            let place_of_payer = usize::try_from(charge.payer.account.as_uuid().as_u128());
            let payer = &site.payers[place_of_payer.expect("a place in a list")];
            lines.push(Planned {
                site: place,
                debtor: payer.debtor,
                name: payer.name.clone(),
                line: NewLine {
                    item: item.id,
                    source: format!("{}/{}", item.id, site.name),
                    standard: Some(charge.standard),
                    payer: charge.payer.kind,
                    month,
                    from: charge.from,
                    to: charge.to,
                    amount: charge.amount,
                    explanation: Some(charge.explanation.into()),
                    description: site.is_space.then(|| site.label.clone()),
                },
                income: item.income_account(),
                standing: Standing::New,
            });
        }
    }
    Ok(lines)
}

/// Compares lines with what is charged already; `reissue` charges voided days again.
pub fn sift(
    planned: &mut [Planned],
    taken: &[Taken],
    accounts: &HashMap<Debtor, BillingAccount>,
    reissue: bool,
) {
    let mut by_source: HashMap<&str, Vec<&Taken>> = HashMap::new();
    for line in taken {
        by_source.entry(&line.source).or_default().push(line);
    }
    for plan in planned {
        let Some(taken) = by_source.get(plan.line.source.as_str()) else { continue };
        let account = accounts.get(&plan.debtor).map(|account| account.id);
        let (from, to) = (plan.line.from, plan.line.to);
        let overlaps = |line: &&&Taken| line.from <= to && from <= line.to;
        let standing = taken.iter().filter(|line| !line.voided).filter(overlaps);
        let same = |line: &Taken| {
            Some(line.account) == account
                && (line.from, line.to, line.amount) == (from, to, plan.line.amount)
        };
        let mut standing = standing.peekable();
        if standing.peek().is_some() {
            let exactly = standing.all(|line| same(line));
            plan.standing = if exactly { Standing::Charged } else { Standing::Blocked };
        } else if !reissue {
            let was_voided = |line: &&Taken| line.voided && Some(line.account) == account;
            if taken.iter().filter(overlaps).any(was_voided) {
                plan.standing = Standing::Voided;
            }
        }
    }
}

/// What a person should know of a site whose `month` comes to `lines`; `before` is what stands
/// charged for the month before.
pub fn doubts(site: &Site, lines: &[&Planned], month: BillingMonth, before: Fen) -> Vec<Doubt> {
    let doubt = |reason| Doubt { label: site.label.clone(), unit: site.unit, reason };
    let mut found = Vec::new();
    let pays = |payer: &SitePayer| {
        payer.from <= month.last() && payer.to.is_none_or(|to| to >= month.first())
    };
    if !site.payers.iter().any(pays) {
        found.push(doubt(Reason::NoPayer));
    } else if lines.is_empty() && !site.is_space {
        found.push(doubt(Reason::NoPrice));
    }
    let by_area = |plan: &&&Planned| {
        let price = plan.line.explanation.as_ref().and_then(Arithmetic::price);
        let formula = price.map(|explained| explained.formula);
        matches!(formula, Some(Formula::AreaRate { .. }))
    };
    if site.area == Area(0) && lines.iter().any(|plan| by_area(&plan)) {
        found.push(doubt(Reason::ZeroArea));
    }
    if let Some(blocked) = lines.iter().find(|plan| plan.standing == Standing::Blocked) {
        found.push(doubt(Reason::ChargedOtherwise(blocked.line.from)));
    }
    let now: Fen = lines.iter().map(|plan| plan.line.amount).sum();
    if before.is_positive() && now.is_positive() && (now.0 - before.0).abs() * 10 > before.0 * 3 {
        found.push(doubt(Reason::Jump(before, now)));
    }
    found
}

/// The sources that lines of these sites can have.
pub fn sources(sites: &[Site], prices: &Prices) -> Vec<String> {
    let each = sites
        .iter()
        .flat_map(|site| prices.items.iter().map(move |item| format!("{}/{}", item.id, site.name)));
    each.collect::<HashSet<_>>().into_iter().collect()
}
