//! Taking a chunk of fee links: each becomes a proposed price of its unit, space or scope.

use super::{
    FeeImport,
    decide::{Decision, Standing, Wanted, decide},
    repo,
};
use crate::{
    error::Refused,
    estates,
    fees::{self, FeeStandard, Scope, StandardStatus, UnitUse},
    ids::{BuildingId, FeeStandardId, UnitId},
};
use authz::Denied;
use chrono::NaiveDate;
use db::TenantScope;
use roster::{FeeLink, FeeTarget, FeeUse, Located, building_code, label};
use sheets::{Finding, Mapping, Severity, Wrong};
use std::collections::{HashMap, HashSet};

/// Where the targets of some links are.
#[derive(Default)]
struct Places {
    units: HashMap<String, UnitId>,
    spaces: HashMap<String, UnitId>,
    buildings: HashMap<String, BuildingId>,
}

/// Takes links and counts them in `import`; answers what there is to say about those left out.
pub(super) async fn take(
    scope: &TenantScope,
    import: &mut FeeImport,
    mapping: &Mapping,
    links: &[Located<FeeLink>],
) -> Result<Vec<Finding>, Refused> {
    let estate = estates::find(scope, import.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    let settings = repo::settings(scope, import.estate).await?;
    let places = Places::of(scope, import, links).await?;
    let mut findings = Vec::new();
    let mut wanted = Vec::with_capacity(links.len());
    for link in links {
        let FeeLink { target, fee, starts_on, ends_on } = &link.record;
        match (places.find(target), settings.get(fee)) {
            (_, None) => findings.push(finding(mapping, link, unknown_fee(fee))),
            (None, _) => findings.push(finding(mapping, link, unknown_place())),
            (Some(place), Some(setting)) => {
                let (from, to) = (*starts_on, *ends_on);
                wanted.push((link, Wanted { setting: *setting, place, from, to }));
            }
        }
    }
    let mut standing = standing(scope, import, &wanted).await?;
    let (mut new, mut adopted) = (Vec::new(), Vec::new());
    for (link, wanted) in &wanted {
        match decide(wanted, &standing, import.cut_over, today) {
            Decision::Unchanged => import.unchanged += 1,
            Decision::Ended => findings.push(finding(mapping, link, ended())),
            Decision::LaterPrice(day) => findings.push(finding(mapping, link, later(day))),
            Decision::Adopt(open) => {
                import.proposed += 1;
                standing.retain(|other| other.standard.id != open.id);
                standing.push(Standing { standard: open.clone(), of_other_import: false });
                adopted.push(open.id);
            }
            Decision::Propose(terms, given_up) => {
                import.proposed += 1;
                for stale in given_up {
                    let gone = stale.withdraw(today, &[])?.withdrawn;
                    fees::repo::save_standard(scope, &gone).await?;
                    standing.retain(|other| other.standard.id != gone.id);
                }
                let id = FeeStandardId::from_uuid(scope.new_id());
                let mut standard = FeeStandard::draft(id, terms)?;
                standard.status = StandardStatus::Proposed;
                standard.proposed_by = import.proposer();
                standing.push(Standing { standard: standard.clone(), of_other_import: false });
                new.push(standard);
            }
        }
    }
    import.left_out += i64::try_from(findings.len()).unwrap_or(i64::MAX);
    fees::import_repo::adopt(scope, import.id, import.proposer(), &adopted).await?;
    fees::repo::insert_standards(scope, import.estate, Some(import.id), &new).await?;
    Ok(findings)
}

async fn standing(
    scope: &TenantScope,
    import: &FeeImport,
    wanted: &[(&Located<FeeLink>, Wanted)],
) -> Result<Vec<Standing>, Refused> {
    let targets: HashSet<_> =
        wanted.iter().filter_map(|(_, w)| w.place.unit).map(UnitId::as_uuid).collect();
    let targets: Vec<_> = targets.into_iter().collect();
    let statuses = [StandardStatus::Approved, StandardStatus::Proposed];
    let found = fees::repo::standing_for(scope, import.estate, &targets, &statuses).await?;
    Ok(found
        .into_iter()
        .map(|stored| Standing {
            // A price that somebody proposed by hand is theirs to give up.
            of_other_import: stored.import.is_some_and(|other| other != import.id),
            standard: stored.standard,
        })
        .collect())
}

impl Places {
    async fn of(
        scope: &TenantScope,
        import: &FeeImport,
        links: &[Located<FeeLink>],
    ) -> Result<Self, Refused> {
        let (mut units, mut spaces, mut areas) = (HashSet::new(), HashSet::new(), false);
        for link in links {
            match &link.record.target {
                FeeTarget::Unit(unit) => drop(units.insert(unit.label())),
                FeeTarget::Space { lot, code } => drop(spaces.insert(label(lot, "", code))),
                FeeTarget::All { .. } => areas = true,
            }
        }
        let estate = import.estate;
        let buildings = if areas { estates::buildings(scope, estate).await? } else { Vec::new() };
        Ok(Self {
            units: estates::units_by_label(scope, estate, units).await?,
            spaces: estates::spaces_by_label(scope, estate, spaces).await?,
            buildings: buildings.into_iter().collect(),
        })
    }

    /// The scope of a price for a target, if the estate has it.
    fn find(&self, target: &FeeTarget) -> Option<Scope> {
        let of = |unit: UnitId| Scope { unit: Some(unit), ..Scope::default() };
        match target {
            FeeTarget::Unit(unit) => self.units.get(&unit.label()).copied().map(of),
            FeeTarget::Space { lot, code } => {
                self.spaces.get(&label(lot, "", code)).copied().map(of)
            }
            FeeTarget::All { building, used_as } => {
                let building = match building {
                    Some(code) => Some(*self.buildings.get(building_code(code))?),
                    None => None,
                };
                Some(Scope { building, unit_use: used_as.map(unit_use), unit: None })
            }
        }
    }
}

/// Uses as files and as billing name them.
pub(super) const USES: [(FeeUse, UnitUse); 5] = [
    (FeeUse::Home, UnitUse::Home),
    (FeeUse::Shop, UnitUse::Shop),
    (FeeUse::Office, UnitUse::Office),
    (FeeUse::Parking, UnitUse::Parking),
    (FeeUse::Other, UnitUse::Other),
];

fn unit_use(written: FeeUse) -> UnitUse {
    let found = USES.iter().find(|(word, _)| *word == written);
    found.map_or(UnitUse::Other, |(_, ours)| *ours)
}

fn finding(mapping: &Mapping, link: &Located<FeeLink>, (key, why): (&str, Wrong)) -> Finding {
    let sheet = mapping.sheets.iter().find(|sheet| *sheet.sheet == *link.sheet);
    // The sheet of units calls the list of fees otherwise than the sheet of links its one fee.
    let key = match (key, sheet.map(|sheet| sheet.kind.as_str())) {
        ("fee", Some(roster::kind::UNITS)) => "fees",
        (key, _) => key,
    };
    let header = sheet.map_or(key, |sheet| sheet.header(key));
    let FeeLink { target, fee, .. } = &link.record;
    let value = match (key, target) {
        ("unit", FeeTarget::Unit(unit)) => unit.label(),
        ("unit", FeeTarget::Space { lot, code }) => label(lot, "", code),
        ("unit", FeeTarget::All { building, .. }) => building.clone().unwrap_or_default(),
        _ => fee.clone(),
    };
    Finding::new(Severity::Error, (&link.sheet, link.row, header), value, why)
}

fn unknown_fee(fee: &str) -> (&'static str, Wrong) {
    let zh = format!("小区没有费用编号 {fee}");
    ("fee", Wrong::new("UNKNOWN_FEE", zh, format!("the estate has no fee with the code {fee}")))
}

fn unknown_place() -> (&'static str, Wrong) {
    let (zh, en) =
        ("小区没有这个房屋、车位或楼栋", "the estate has no such unit, space or building");
    ("unit", Wrong::new("UNKNOWN_UNIT", zh, en))
}

fn ended() -> (&'static str, Wrong) {
    let (zh, en) = ("费用在启用月份前已结束", "the fee ended before the cut-over month");
    ("fee", Wrong::new("FEE_ENDED", zh, en))
}

fn later(day: NaiveDate) -> (&'static str, Wrong) {
    let zh = format!("{day} 起已有另一个获批价格");
    ("fee", Wrong::new("LATER_PRICE", zh, format!("another price is approved from {day} on")))
}
