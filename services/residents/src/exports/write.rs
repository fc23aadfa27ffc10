//! Writing the file.

use super::{
    FEE_READ, ROSTER_EXPORT,
    fees::{self, Fees},
};
use crate::{
    ResidentsError, State, estates,
    occupancy::{self, Occupancy},
    parking::{self, Space, Vehicle},
    people::{self, PartyKind, repo::PlainPerson},
    structure::{self, UNIT_READ, Unit, Visible, use_word},
    uploads,
};
use authz::{AuditFact, Caller, audit};
use chrono::Datelike as _;
use contracts::{BuildingId, FileId, ParkingSpaceId, PersonId, UnitId, residents::MemberKind};
use db::{Db, TenantScope};
use ids::EstateId;
use sheets::{Language, XlsxWriter};
use std::{collections::HashMap, io::Cursor};

/// A file that was produced.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The file.
    pub file: FileId,
    /// Path and query of a link, good for ten minutes.
    pub link: String,
}

/// Writes the roster of an estate to a file.
///
/// # Errors
/// [`ResidentsError`].
#[tracing::instrument(name = "usecase.exports.roster", skip_all, fields(estate.id = %estate))]
pub async fn export_roster(
    db: &Db,
    state: &State,
    caller: &Caller,
    estate: EstateId,
    language: Language,
) -> Result<Exported, ResidentsError> {
    let permitted = caller.act(ROSTER_EXPORT, UNIT_READ, estate)?;
    let key = state.keys.of(db, caller.tenant()).await?;
    let scope = db.read(caller.tenant()).await?;
    let known = estates::known(&scope, estate).await?;
    let visible = Visible::of(&scope, &permitted).await?;
    if !visible.everything() {
        return Err(authz::Denied::Missing(ROSTER_EXPORT).into());
    }
    let mut rows = read(&scope, &key, estate, &visible).await?;
    let today = known.today(&scope);
    drop(scope);
    if caller.read(FEE_READ, estate).is_ok() {
        rows.fees = fees::read(&state.peers, caller.tenant(), estate).await?;
    }
    let write = move || rows.write(language, i64::from(today.year()));
    let bytes = tokio::task::spawn_blocking(write).await;
    let bytes =
        bytes.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))?;
    let id = FileId::from_uuid(db.clock().uuid());
    state.files.put(caller.tenant(), id.as_uuid(), &bytes).await?;
    let name = format!("{}-{today}.xlsx", known.code);
    let scope = db.write(caller.tenant()).await?;
    uploads::repo::keep(&scope, id, &name, bytes.len(), &caller.user().to_string()).await?;
    let detail = serde_json::json!({ "file": id, "bytes": bytes.len() });
    let (action, object) = ("roster.exported", estate.to_string());
    let fact = AuditFact { action, object, estate: Some(estate), reason: None, detail };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    let link = state.files.download_link("residents", caller.tenant(), id, &name);
    Ok(Exported { file: id, link })
}

/// Everything of an estate.
struct Estate {
    entrances: Vec<(String, structure::repo::Entrance)>,
    units: Vec<Unit>,
    people: HashMap<PersonId, PlainPerson>,
    ties: Vec<Occupancy>,
    spaces: Vec<Space>,
    vehicles: HashMap<ParkingSpaceId, Vehicle>,
    buildings: HashMap<BuildingId, String>,
    fees: Fees,
}

const PAGE: u64 = 5_000;

async fn read(
    scope: &TenantScope,
    key: &people::CompanyKey,
    estate: EstateId,
    visible: &Visible,
) -> Result<Estate, ResidentsError> {
    let buildings = structure::repo::buildings(scope, estate).await?;
    let ids = buildings.iter().map(|building| building.id.as_uuid());
    let entrances = structure::repo::entrances(scope, ids).await?;
    let code = |id| buildings.iter().find(|b| b.id == id).map(|b| b.code.clone());
    let entrances = entrances.into_iter().filter_map(|e| Some((code(e.building)?, e))).collect();
    let (mut units, mut ties) = (Vec::new(), Vec::new());
    loop {
        let after = units.last().map(|unit: &Unit| unit.label.clone());
        let page = structure::repo::page(scope, visible, None, after.as_deref(), PAGE).await?;
        if page.is_empty() {
            break;
        }
        let ids = page.iter().map(|unit| unit.id.as_uuid());
        ties.extend(occupancy::repo::of_units(scope, ids).await?);
        units.extend(page);
    }
    let (mut people, mut after) = (HashMap::new(), None);
    loop {
        let page = people::repo::plain_page(scope, key, estate, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id.as_uuid());
        people.extend(page.into_iter().map(|person| (person.id, person)));
    }
    let mut spaces: Vec<Space> = Vec::new();
    let mut vehicles = HashMap::new();
    loop {
        let after = spaces.last().map(|space| space.id.as_uuid());
        let page = parking::repo::page(scope, estate, None, after, PAGE).await?;
        if page.is_empty() {
            break;
        }
        let ids = page.iter().map(|space| space.id.as_uuid());
        let found = parking::repo::vehicles_on(scope, ids).await?;
        vehicles.extend(found.into_iter().filter_map(|v| Some((v.space?, v))));
        spaces.extend(page);
    }
    let buildings = buildings.into_iter().map(|it| (it.id, it.code)).collect();
    let fees = Fees::default();
    Ok(Estate { entrances, units, people, ties, spaces, vehicles, buildings, fees })
}

impl Estate {
    fn write(&self, language: Language, year: i64) -> Result<Vec<u8>, ResidentsError> {
        let mut writer = XlsxWriter::new();
        let by_id: HashMap<UnitId, &Unit> = self.units.iter().map(|u| (u.id, u)).collect();
        let family = |tie: &&Occupancy| tie.relation.is_some();
        let mut family_only: std::collections::HashSet<PersonId> =
            self.ties.iter().filter(family).map(|tie| tie.person).collect();
        for tie in self.ties.iter().filter(|tie| tie.relation.is_none()) {
            family_only.remove(&tie.person);
        }
        let entrances = self.entrances.iter().map(|(building, entrance)| roster::Entrance {
            building: building.clone(),
            entrance: entrance.code.clone(),
            floors: entrance.floors.and_then(|floors| u32::try_from(floors).ok()),
            lift: entrance.lift,
        });
        roster::write_sheet(&mut writer, language, entrances)?;
        let mut parties: Vec<&PlainPerson> =
            self.people.values().filter(|person| !family_only.contains(&person.id)).collect();
        parties.sort_by(|a, b| a.code.cmp(&b.code));
        let parties = parties.into_iter().map(|person| party(person, year));
        roster::write_sheet(&mut writer, language, parties)?;
        roster::write_sheet(&mut writer, language, self.units.iter().map(unit_row))?;
        let code = |id: PersonId| self.people.get(&id).map(|person| person.code.clone());
        let spaces = self.spaces.iter().map(|space| {
            space_row(space, space.holder.and_then(code), self.vehicles.get(&space.id))
        });
        roster::write_sheet(&mut writer, language, spaces)?;
        let rows = self.ties.iter().filter(|tie| tie.relation.is_none());
        let rows = rows.filter_map(|tie| {
            Some(roster::Occupancy {
                unit: unit_ref(by_id.get(&tie.unit)?),
                person: code(tie.person)?,
                role: role(tie.kind),
                starts_on: Some(tie.from),
                ends_on: tie.to,
                payer: Some(tie.pays),
            })
        });
        roster::write_sheet(&mut writer, language, rows)?;
        let members = self.ties.iter().filter_map(|tie| {
            let person = self.people.get(&tie.person)?;
            Some(roster::Member {
                unit: unit_ref(by_id.get(&tie.unit)?),
                name: person.name.clone(),
                relation: tie.relation.clone()?,
                gender: person.gender.as_deref().map(gender),
                phone: person.phone.clone(),
                identity: person.identity.clone(),
            })
        });
        roster::write_sheet(&mut writer, language, members)?;
        self.write_fees(&mut writer, language)?;
        roster::write_notes(&mut writer, language)?;
        let mut file = Cursor::new(Vec::new());
        writer.finish(&mut file)?;
        Ok(file.into_inner())
    }

    /// Two sheets, where there are prices.
    fn write_fees(
        &self,
        writer: &mut XlsxWriter,
        language: Language,
    ) -> Result<(), ResidentsError> {
        if self.fees.settings.is_empty() {
            return Ok(());
        }
        roster::write_sheet(writer, language, self.fees.settings.iter().cloned())?;
        let links = self.fees.links(&self.units, &self.spaces, &self.buildings);
        Ok(roster::write_sheet(writer, language, links)?)
    }
}

pub(super) fn unit_ref(unit: &Unit) -> roster::UnitRef {
    roster::UnitRef {
        building: unit.building_code.clone(),
        entrance: unit.entrance_code.clone(),
        number: unit.number.clone(),
    }
}

fn party(person: &PlainPerson, year: i64) -> roster::Person {
    let company = person.kind == PartyKind::Company;
    let kind = if company { roster::PartyKind::Company } else { roster::PartyKind::Person };
    roster::Person {
        code: person.code.clone(),
        name: person.name.clone(),
        kind: Some(kind),
        gender: person.gender.as_deref().map(gender),
        age: person.birth_year.and_then(|born| u32::try_from(year - born).ok()),
        phone: person.phone.clone(),
        identity: person.identity.clone(),
    }
}

fn unit_row(unit: &Unit) -> roster::Unit {
    roster::Unit {
        unit: unit_ref(unit),
        floor: unit.floor,
        layout: unit.layout.clone(),
        gross_area: unit.gross_area,
        net_area: unit.net_area,
        usage: Some(use_word(unit.used_as).to_owned()),
        state: Some(unit.state.word().to_owned()),
        // Owners stand in the sheet of occupancies, with their days.
        owner: None,
    }
}

fn space_row(
    space: &Space,
    owner: Option<String>,
    vehicle: Option<&Vehicle>,
) -> roster::ParkingSpace {
    use roster::{SpaceKind, Tenure, VehicleType};
    let vehicle = vehicle.map(|vehicle| roster::Vehicle {
        plate: vehicle.plate.clone(),
        brand: vehicle.brand.clone(),
        kind: vehicle.kind.as_deref().map(|kind| match kind {
            "bus" => VehicleType::Bus,
            "truck" => VehicleType::Truck,
            _ => VehicleType::Car,
        }),
        colour: vehicle.colour.clone(),
    });
    let ground = |kind: &str| kind == "ground";
    let sold = |tenure: &str| tenure == "sold";
    roster::ParkingSpace {
        lot: space.lot.clone(),
        code: space.code.clone(),
        kind: space
            .kind
            .as_deref()
            .map(|kind| if ground(kind) { SpaceKind::Ground } else { SpaceKind::Underground }),
        area: space.area,
        owner,
        tenure: space
            .tenure
            .as_deref()
            .map(|tenure| if sold(tenure) { Tenure::Sold } else { Tenure::Leased }),
        vehicle,
    }
}

const fn role(kind: MemberKind) -> roster::Role {
    match kind {
        MemberKind::Developer => roster::Role::Developer,
        MemberKind::Owner => roster::Role::Owner,
        MemberKind::Lessee => roster::Role::Lessee,
        MemberKind::Family => roster::Role::Occupant,
    }
}

fn gender(text: &str) -> roster::Gender {
    if text == "M" { roster::Gender::Male } else { roster::Gender::Female }
}
