//! Writing a chunk of settled rows; doing it twice changes nothing.

use super::{
    Import, Row, UnitRow,
    ties::{Wanted, merge},
};
use crate::{
    ResidentsError, occupancy,
    parking::{self, Space, Vehicle, VehicleId, plain_plate},
    people::{self, CompanyKey, PartyKind, own_code, repo::PlainPerson},
    structure::{self, EntranceId, Unit, UnitState, read_state, read_use},
};
use chrono::Datelike as _;
use contracts::{
    ParkingSpaceId, PersonId, UnitId,
    residents::{MemberKind, UnitUse},
};
use db::TenantScope;
use roster::{
    Entrance, Member, ParkingSpace, Person, Role, SpaceKind, Tenure, VehicleType, building_code,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Where rows go.
pub struct Work<'w> {
    pub key: &'w CompanyKey,
    pub import: &'w Import,
}

/// The units of a chunk by label.
type Units = BTreeMap<String, UnitRow>;

impl Work<'_> {
    /// Writes rows: entrances, then people, units with everybody who belongs to them, spaces.
    pub async fn apply(&self, scope: &TenantScope, rows: Vec<Row>) -> Result<(), ResidentsError> {
        let (mut entrances, mut people, mut spaces) = (Vec::new(), Vec::new(), Vec::new());
        let mut units = Units::new();
        for row in rows {
            match row {
                Row::Entrance(found) => entrances.push(found.record),
                Row::Person(found) => people.push(found.record),
                Row::Unit(label, unit) => drop(units.insert(label, unit)),
                Row::Space(found) => spaces.push(found.record),
            }
        }
        self.structure(scope, entrances, &units).await?;
        self.people(scope, people).await?;
        self.units(scope, units).await?;
        self.parking(scope, spaces).await
    }

    async fn structure(
        &self,
        scope: &TenantScope,
        entrances: Vec<Entrance>,
        units: &Units,
    ) -> Result<(), ResidentsError> {
        let units = units.values().filter_map(|row| row.unit.as_ref());
        let of_units = units.map(|found| &found.record.unit.building);
        let of_entrances = entrances.iter().map(|entrance| &entrance.building);
        let codes: BTreeSet<String> =
            of_units.chain(of_entrances).map(|code| building_code(code).to_owned()).collect();
        if codes.is_empty() {
            return Ok(());
        }
        let ids = structure::repo::ensure_buildings(scope, self.import.estate, codes).await?;
        let entrances = entrances.into_iter().map(|entrance| structure::repo::Entrance {
            id: EntranceId::from_uuid(scope.new_id()),
            building: ids[building_code(&entrance.building)],
            code: entrance.entrance,
            floors: entrance.floors.map(i64::from),
            lift: entrance.lift,
        });
        let entrances: Vec<_> = entrances.collect();
        Ok(structure::repo::save_entrances(scope, entrances).await?)
    }

    async fn people(&self, scope: &TenantScope, rows: Vec<Person>) -> Result<(), ResidentsError> {
        if rows.is_empty() {
            return Ok(());
        }
        let estate = self.import.estate;
        let codes: Vec<String> = rows.iter().map(|row| row.code.clone()).collect();
        let ids = people::repo::ids_by_code(scope, estate, codes).await?;
        let known = ids.values().map(|id| id.as_uuid());
        let known = people::repo::plain_by_id(scope, self.key, known).await?;
        let year = i64::from(self.import.cut_over.year());
        let people: Vec<PlainPerson> = rows
            .into_iter()
            .map(|row| {
                let known = ids.get(&row.code).and_then(|id| known.get(id));
                plain(&row, known, year, || PersonId::from_uuid(scope.new_id()))
            })
            .collect();
        Ok(people::repo::save(scope, self.key, estate, &people).await?)
    }

    async fn units(&self, scope: &TenantScope, rows: Units) -> Result<(), ResidentsError> {
        if rows.is_empty() {
            return Ok(());
        }
        let estate = self.import.estate;
        let labels = rows.keys().cloned();
        let mut known = structure::repo::units_by_label(scope, estate, labels).await?;
        let buildings = structure::repo::buildings(scope, estate).await?;
        let buildings: HashMap<_, _> = buildings.into_iter().map(|b| (b.code, b.id)).collect();
        let mut written = Vec::new();
        for (label, row) in &rows {
            let Some(row) = row.unit.as_ref().map(|found| &found.record) else { continue };
            let code = building_code(&row.unit.building).to_owned();
            let old = known.remove(label);
            let id = old.as_ref().map_or_else(|| UnitId::from_uuid(scope.new_id()), |u| u.id);
            written.push(unit_of(row, old, (id, estate, buildings[&code], code)));
        }
        structure::repo::save_units(scope, estate, &written).await?;
        known.extend(written.into_iter().map(|unit| (unit.label.clone(), unit)));
        self.ties(scope, &known, &rows).await
    }

    /// Everybody who belongs to some units.
    async fn ties(
        &self,
        scope: &TenantScope,
        units: &HashMap<String, Unit>,
        rows: &Units,
    ) -> Result<(), ResidentsError> {
        let estate = self.import.estate;
        let ids: Vec<Uuid> = units.values().map(|unit| unit.id.as_uuid()).collect();
        let mut codes = HashSet::new();
        for row in rows.values() {
            codes.extend(owner(row).cloned());
            codes.extend(row.occupancies.iter().map(|found| found.record.person.clone()));
        }
        let people = people::repo::ids_by_code(scope, estate, codes).await?;
        let known = occupancy::repo::of_units(scope, ids.iter().copied()).await?;
        let mut households = Households::read(scope, self.key, &known).await?;
        let mut by_unit: HashMap<UnitId, Vec<occupancy::Occupancy>> = HashMap::new();
        for tie in known {
            by_unit.entry(tie.unit).or_default().push(tie);
        }
        let (mut save, mut remove) = (Vec::new(), Vec::new());
        for (label, row) in rows {
            // A unit that neither the file nor the estate describes has no people.
            let Some(unit) = units.get(label) else { continue };
            let known = by_unit.remove(&unit.id).unwrap_or_default();
            let mut wanted = wanted(row, &people);
            for found in &row.members {
                wanted.push(households.member(scope, &found.record, &known));
            }
            let new_id = || scope.new_id();
            let merged = merge((estate, unit.id), known, wanted, self.import.cut_over, new_id);
            save.extend(merged.save);
            remove.extend(merged.remove);
        }
        people::repo::save(scope, self.key, estate, &households.written).await?;
        occupancy::repo::remove(scope, remove).await?;
        occupancy::repo::save(scope, &save).await?;
        Ok(occupancy::repo::tell(scope, estate, ids).await?)
    }

    async fn parking(
        &self,
        scope: &TenantScope,
        rows: Vec<ParkingSpace>,
    ) -> Result<(), ResidentsError> {
        if rows.is_empty() {
            return Ok(());
        }
        let estate = self.import.estate;
        let codes = rows.iter().map(|row| row.code.clone());
        let known = parking::repo::spaces_by_code(scope, estate, codes).await?;
        let owners: HashSet<String> = rows.iter().filter_map(|row| row.owner.clone()).collect();
        let people = people::repo::ids_by_code(scope, estate, owners).await?;
        let ids: Vec<Uuid> = people.values().map(|id| id.as_uuid()).collect();
        let ties = occupancy::repo::of_people(scope, ids).await?;
        let (mut spaces, mut vehicles) = (Vec::new(), Vec::new());
        for row in &rows {
            let old = known.get(&(row.lot.clone(), row.code.clone()));
            let holder = row.owner.as_ref().and_then(|code| people.get(code)).copied();
            let lasts = |tie: &&occupancy::Occupancy| {
                Some(tie.person) == holder && tie.lasts_on_or_after(self.import.cut_over)
            };
            let fresh = || ParkingSpaceId::from_uuid(scope.new_id());
            let id = old.map_or_else(fresh, |space| space.id);
            spaces.push(Space {
                id,
                estate,
                lot: row.lot.clone(),
                code: row.code.clone(),
                kind: row.kind.map(space_kind).or(old.and_then(|space| space.kind.clone())),
                area: row.area.or(old.and_then(|space| space.area)),
                tenure: row.tenure.map(tenure).or(old.and_then(|space| space.tenure.clone())),
                holder: holder.or(old.and_then(|space| space.holder)),
                unit: ties.iter().find(lasts).map(|tie| tie.unit),
            });
            vehicles.extend(row.vehicle.as_ref().map(|vehicle| Vehicle {
                id: VehicleId::from_uuid(scope.new_id()),
                estate,
                plate: plain_plate(&vehicle.plate).chars().take(20).collect(),
                brand: vehicle.brand.clone(),
                kind: vehicle.kind.map(vehicle_kind),
                colour: vehicle.colour.clone(),
                holder,
                space: Some(id),
            }));
        }
        // One statement must not meet the same plate twice.
        let mut seen = HashSet::new();
        vehicles.retain(|v: &Vehicle| !v.plate.is_empty() && seen.insert(v.plate.clone()));
        parking::repo::save_spaces(scope, estate, &spaces).await?;
        Ok(parking::repo::save_vehicles(scope, &vehicles).await?)
    }
}

fn owner(row: &UnitRow) -> Option<&String> {
    row.unit.as_ref().and_then(|found| found.record.owner.as_ref())
}

/// The ties the file asks for; a code that nobody has is left out.
fn wanted(row: &UnitRow, people: &HashMap<String, PersonId>) -> Vec<Wanted> {
    let said = row.occupancies.iter().filter_map(|found| {
        let row = &found.record;
        let kind = kind_of(row.role);
        let by_default = matches!(kind, MemberKind::Owner | MemberKind::Developer);
        Some(Wanted {
            person: *people.get(&row.person)?,
            kind,
            relation: None,
            from: row.starts_on,
            to: row.ends_on,
            pays: kind != MemberKind::Family && row.payer.unwrap_or(by_default),
        })
    });
    let mut wanted: Vec<Wanted> = said.collect();
    if let Some(person) = owner(row).and_then(|code| people.get(code)) {
        let holds = [MemberKind::Owner, MemberKind::Developer];
        let said = |tie: &Wanted| tie.person == *person && holds.contains(&tie.kind);
        if !wanted.iter().any(said) {
            let other = |tie: &Wanted| tie.kind == MemberKind::Owner && tie.pays;
            let pays = !wanted.iter().any(|tie| other(tie) && tie.to.is_none());
            let (person, kind) = (*person, MemberKind::Owner);
            let tie = Wanted { person, kind, relation: None, from: None, to: None, pays };
            wanted.push(tie);
        }
    }
    wanted
}

/// The people of households, known by name within their unit.
struct Households {
    known: HashMap<PersonId, PlainPerson>,
    written: Vec<PlainPerson>,
}

impl Households {
    async fn read(
        scope: &TenantScope,
        key: &CompanyKey,
        ties: &[occupancy::Occupancy],
    ) -> Result<Self, ResidentsError> {
        let family = ties.iter().filter(|tie| tie.kind == MemberKind::Family);
        let people: HashSet<Uuid> = family.map(|tie| tie.person.as_uuid()).collect();
        let known = people::repo::plain_by_id(scope, key, people).await?;
        Ok(Self { known, written: Vec::new() })
    }

    fn member(
        &mut self,
        scope: &TenantScope,
        row: &Member,
        known: &[occupancy::Occupancy],
    ) -> Wanted {
        let family = known.iter().filter(|tie| tie.kind == MemberKind::Family);
        let mut same = family.filter_map(|tie| self.known.get(&tie.person));
        let old = same.find(|person| person.name == row.name);
        let id = old.map_or_else(|| PersonId::from_uuid(scope.new_id()), |person| person.id);
        let person = PlainPerson {
            id,
            code: old.map_or_else(|| own_code(id), |person| person.code.clone()),
            name: row.name.clone(),
            kind: PartyKind::Person,
            gender: row.gender.map(gender).or(old.and_then(|person| person.gender.clone())),
            birth_year: old.and_then(|person| person.birth_year),
            phone: row.phone.clone().or(old.and_then(|person| person.phone.clone())),
            identity: row.identity.clone().or(old.and_then(|person| person.identity.clone())),
        };
        self.written.push(person);
        let (kind, relation) = (MemberKind::Family, Some(row.relation.clone()));
        Wanted { person: id, kind, relation, from: None, to: None, pays: false }
    }
}

fn plain(
    row: &Person,
    known: Option<&PlainPerson>,
    year: i64,
    new_id: impl Fn() -> PersonId,
) -> PlainPerson {
    let kind = match row.kind {
        Some(roster::PartyKind::Company) => PartyKind::Company,
        Some(roster::PartyKind::Person) => PartyKind::Person,
        None => known.map_or(PartyKind::Person, |person| person.kind),
    };
    PlainPerson {
        id: known.map_or_else(new_id, |person| person.id),
        code: row.code.clone(),
        name: row.name.clone(),
        kind,
        gender: row.gender.map(gender).or(known.and_then(|person| person.gender.clone())),
        birth_year: row.age.map(|age| year - i64::from(age)).or(known.and_then(|p| p.birth_year)),
        phone: row.phone.clone().or(known.and_then(|person| person.phone.clone())),
        identity: row.identity.clone().or(known.and_then(|person| person.identity.clone())),
    }
}

fn unit_of(
    row: &roster::Unit,
    old: Option<Unit>,
    (id, estate, building, building_code): (UnitId, ids::EstateId, contracts::BuildingId, String),
) -> Unit {
    let said = row.state.as_deref().and_then(read_state);
    let by_owner = if row.owner.is_some() { UnitState::InUse } else { UnitState::Vacant };
    let used_as = match (&row.usage, &old) {
        (None, Some(old)) => old.used_as,
        (word, _) => read_use(word.as_deref()).unwrap_or(UnitUse::Other),
    };
    Unit {
        id,
        estate,
        building,
        label: row.unit.label(),
        building_code,
        entrance_code: row.unit.entrance.clone(),
        number: row.unit.number.clone(),
        floor: row.floor.or(old.as_ref().and_then(|unit| unit.floor)),
        layout: row.layout.clone().or(old.as_ref().and_then(|unit| unit.layout.clone())),
        gross_area: row.gross_area,
        net_area: row.net_area.or(old.as_ref().and_then(|unit| unit.net_area)),
        used_as,
        state: said.or(old.map(|unit| unit.state)).unwrap_or(by_owner),
    }
}

const fn kind_of(role: Role) -> MemberKind {
    match role {
        Role::Owner => MemberKind::Owner,
        Role::Lessee => MemberKind::Lessee,
        Role::Developer => MemberKind::Developer,
        Role::Occupant => MemberKind::Family,
    }
}

fn gender(gender: roster::Gender) -> String {
    match gender {
        roster::Gender::Male => "M",
        roster::Gender::Female => "F",
    }
    .to_owned()
}

fn space_kind(kind: SpaceKind) -> String {
    match kind {
        SpaceKind::Ground => "ground",
        SpaceKind::Underground => "underground",
    }
    .to_owned()
}

fn tenure(tenure: Tenure) -> String {
    match tenure {
        Tenure::Sold => "sold",
        Tenure::Leased => "leased",
    }
    .to_owned()
}

fn vehicle_kind(kind: VehicleType) -> String {
    match kind {
        VehicleType::Car => "car",
        VehicleType::Bus => "bus",
        VehicleType::Truck => "truck",
    }
    .to_owned()
}
