//! The company that is measured: one estate of many units, each with an owner who pays and a
//! member of the family, and a few residents who can sign in.
//!
//! What a person would type goes through the front door. The many rows of the roster are written
//! as the services' own roles, with the keys and the row-level security in force.

pub mod desk;
pub mod tariffs;

use anyhow::Result;
use chrono::{Datelike as _, Months, NaiveDate};
use clock::Clock;
use config::Config;
use contracts::UnitId;
use db::{Db, TenantScope};
use demo::{
    Door, Session,
    acts::{approve_price, take_cash, text},
    eventually,
};
use identity::{
    Passwords,
    seed::{SeedCompany, SeedEstate, SeedStaff, Seeded},
};
use ids::{EstateId, TenantId};
use sea_orm::Value;
use serde_json::{Value as Json, json};
use servers::Plan;
use std::time::Duration;
use uuid::Uuid;

/// The company's code.
pub const CODE: &str = "bench";
/// Everybody's password.
pub const PASSWORD: &str = "bench-2026-bench";

/// How long something may take that only has to happen.
const PATIENCE: Duration = Duration::from_mins(1);
/// The estate's code.
const ESTATE: &str = "BENCH";
/// Units of one building.
const PER_BUILDING: u32 = 500;
/// Rows of one statement.
const PER_STATEMENT: usize = 500;

const STAFF: [(&str, &str, Option<&str>); 7] = [
    ("admin", "CADM", None),
    ("finance", "CFIN", None),
    ("director", "DIR", Some(ESTATE)),
    ("desk", "DESK", Some(ESTATE)),
    ("cashier", "CASH", Some(ESTATE)),
    ("supervisor", "SUP", Some(ESTATE)),
    ("engineer", "ENG", Some(ESTATE)),
];

/// A company on an installation.
#[derive(Clone, Debug)]
pub struct Company {
    /// The company.
    pub tenant: TenantId,
    /// Its estate.
    pub estate: EstateId,
    /// How many units it has.
    pub units: u32,
    /// The first month that can be billed; its first day.
    pub first_month: NaiveDate,
}

/// What the estate is to be like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// How many units it has.
    pub units: u32,
    /// The last of them get nobody: they are for those who move in through the front door.
    pub vacant: u32,
    /// Whether more than the area is charged, by the quarter: see [`tariffs`].
    pub tariffs: bool,
}

/// What a row of the roster is known by; the same in every database.
#[derive(Clone, Copy)]
#[repr(u8)]
pub enum Kind {
    Building = 1,
    Unit,
    Person,
    Tie,
    Vehicle,
    Meter,
    Reading,
}

/// Ids that grow, like those of the clock.
pub fn id(kind: Kind, number: u32) -> Uuid {
    Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 | (kind as u128) << 40 | u128::from(number),
    )
}

/// The unit's id as the graph has it.
pub fn unit_id(number: u32) -> String {
    UnitId::from_uuid(id(Kind::Unit, number)).to_string()
}

fn label(number: u32) -> (String, String) {
    let (building, door) = (number / PER_BUILDING + 1, number % PER_BUILDING + 1);
    (building.to_string(), format!("{door:04}"))
}

impl Company {
    /// Makes the company with its prices.
    pub async fn create(plan: &Plan, door: &Door, wanted: Wanted) -> Result<Self> {
        let clock = Clock::system();
        let seeded = staff(plan, &clock).await?;
        let (tenant, estate) = (seeded.tenant, seeded.estates[ESTATE]);
        let next = next_month(clock.now().date_naive());
        let first_month = if wanted.tariffs { quarter_from(next) } else { next };
        let company = Self { tenant, estate, units: wanted.units, first_month };
        let occupied = wanted.units - wanted.vacant;
        let (residents, billing) =
            (connect(plan, "residents", &clock).await?, connect(plan, "billing", &clock).await?);
        for db in [&residents, &billing] {
            heard(db, tenant, "estates", 1).await?;
        }
        company.structure(&residents).await?;
        company.people(&residents, occupied).await?;
        company.projections(&billing, occupied).await?;
        residents.close().await;
        company.prices(door).await?;
        if wanted.tariffs {
            tariffs::add(&company, door, &billing).await?;
        }
        billing.close().await;
        Ok(company)
    }

    async fn structure(&self, db: &Db) -> Result<()> {
        let scope = db.write(self.tenant).await?;
        let buildings = (0..self.units.div_ceil(PER_BUILDING)).map(|number| {
            vec![
                id(Kind::Building, number).into(),
                self.estate.as_uuid().into(),
                (number + 1).to_string().into(),
            ]
        });
        insert(&scope, "buildings (tenant_id, id, estate_id, code)", buildings).await?;
        let units = (0..self.units).map(|number| {
            let (building, door) = label(number);
            vec![
                id(Kind::Unit, number).into(),
                self.estate.as_uuid().into(),
                id(Kind::Building, number / PER_BUILDING).into(),
                building.clone().into(),
                "1".into(),
                door.clone().into(),
                format!("{building}-1-{door}").into(),
                area(number).into(),
                "residential".into(),
                "in_use".into(),
            ]
        });
        let table = "units (tenant_id, id, estate_id, building_id, building_code, entrance_code, \
                     number, label, gross_area, used_as, state)";
        insert(&scope, table, units).await?;
        Ok(scope.commit().await?)
    }

    async fn people(&self, db: &Db, occupied: u32) -> Result<()> {
        let scope = db.write(self.tenant).await?;
        let people = (0..occupied * 2).map(|number| {
            let tail = format!("{:04}", number % 10_000);
            vec![
                id(Kind::Person, number).into(),
                self.estate.as_uuid().into(),
                format!("P{number:06}").into(),
                name(number).into(),
                "person".into(),
                format!("199****{tail}").into(),
                tail.into(),
            ]
        });
        let table =
            "persons (tenant_id, id, estate_id, code, name, kind, phone_masked, phone_tail)";
        insert(&scope, table, people).await?;
        let ties = (0..occupied * 2).map(|number| {
            let owner = number % 2 == 0;
            vec![
                id(Kind::Tie, number).into(),
                self.estate.as_uuid().into(),
                id(Kind::Unit, number / 2).into(),
                id(Kind::Person, number).into(),
                if owner { "owner" } else { "family" }.into(),
                (!owner).then_some("配偶").into(),
                moved_in().into(),
                owner.into(),
            ]
        });
        let table = "occupancies (tenant_id, id, estate_id, unit_id, person_id, kind, relation, \
                     from_day, pays)";
        insert(&scope, table, ties).await?;
        let vehicles = (0..occupied).step_by(2).map(|number| {
            vec![
                id(Kind::Vehicle, number).into(),
                self.estate.as_uuid().into(),
                format!("皖A{number:06}").into(),
                "car".into(),
                id(Kind::Person, number * 2).into(),
            ]
        });
        let table = "vehicles (tenant_id, id, estate_id, plate, kind, holder_id)";
        insert(&scope, table, vehicles).await?;
        Ok(scope.commit().await?)
    }

    /// What billing would have heard of the same roster.
    async fn projections(&self, db: &Db, occupied: u32) -> Result<()> {
        let scope = db.write(self.tenant).await?;
        let units = (0..self.units).map(|number| {
            let more = [area(number).into(), "residential".into()];
            self.place(number).into_iter().chain(more).collect()
        });
        let table =
            "units (tenant_id, id, estate_id, building_id, building_code, label, area, used_as)";
        insert(&scope, table, units).await?;
        let members = (0..occupied * 2).map(|number| {
            let owner = number % 2 == 0;
            vec![
                id(Kind::Unit, number / 2).into(),
                i32::from(!owner).into(),
                self.estate.as_uuid().into(),
                id(Kind::Person, number).into(),
                name(number).into(),
                "业*".into(),
                if owner { "owner" } else { "family" }.into(),
                moved_in().into(),
                owner.into(),
            ]
        });
        let table = "unit_members (tenant_id, unit_id, place, estate_id, person_id, name, shown_name, \
                     kind, from_day, pays)";
        insert(&scope, table, members).await?;
        Ok(scope.commit().await?)
    }

    /// A unit as every service knows it: its id, estate, building with its code, and label.
    fn place(&self, number: u32) -> Vec<Value> {
        let (building, door) = label(number);
        vec![
            id(Kind::Unit, number).into(),
            self.estate.as_uuid().into(),
            id(Kind::Building, number / PER_BUILDING).into(),
            building.clone().into(),
            format!("{building}-1-{door}").into(),
        ]
    }

    /// One fee by area.
    async fn prices(&self, door: &Door) -> Result<()> {
        let item = json!({ "code": "PROPERTY", "nameZh": "物业费", "nameEn": "Property fee",
            "kind": "PROPERTY_FEE" });
        let item = self.fee_item(door, item).await?;
        self.price(door, &item, json!({ "formula": "AREA_RATE", "rate": "2.35" })).await
    }

    /// The director enters a fee item; its id.
    async fn fee_item(&self, door: &Door, mut input: Json) -> Result<String> {
        let director = door.sign_in(CODE, "director", PASSWORD).await?;
        let create = "mutation($input: CreateFeeItemInput!) { createFeeItem(input: $input) { feeItem { id } } }";
        input["estateId"] = json!(self.estate.to_string());
        let made = eventually("billing lets the director in", PATIENCE, || async {
            director.ask(create, json!({ "input": input })).await.map(Some)
        })
        .await?;
        text(&made, "/createFeeItem/feeItem/id").map(str::to_owned)
    }

    /// A price from the first month on, proposed by the director and approved by finance.
    async fn price(&self, door: &Door, item: &str, mut input: Json) -> Result<()> {
        let director = door.sign_in(CODE, "director", PASSWORD).await?;
        let finance = door.sign_in(CODE, "finance", PASSWORD).await?;
        let propose = "mutation($input: ProposeFeeStandardInput!) { proposeFeeStandard(input: $input) { feeStandard { id } } }";
        input["feeItemId"] = json!(item);
        input["effectiveFrom"] = json!(self.first_month);
        let proposed = director.ask(propose, json!({ "input": input })).await?;
        approve_price(&finance, text(&proposed, "/proposeFeeStandard/feeStandard/id")?).await
    }

    /// Lets residents move into the units that were left vacant; returns who they are.
    pub async fn move_in(&self, door: &Door, residents: u32) -> Result<Vec<Resident>> {
        let desk = door.sign_in(CODE, "desk", PASSWORD).await?;
        let add =
            "mutation($input: AddPersonInput!) { addPerson(input: $input) { person { id } } }";
        let start = "mutation($input: StartOccupancyInput!) { startOccupancy(input: $input) { occupancy { id } } }";
        let mut moved = Vec::new();
        for number in 0..residents {
            let unit = unit_id(self.units - residents + number);
            let input = json!({ "estateId": self.estate.to_string(), "name": name(number),
                "phone": format!("199{:08}", 30_000_000 + number) });
            let person = desk.ask(add, json!({ "input": input })).await?;
            let person = text(&person, "/addPerson/person/id")?.to_owned();
            let input = json!({ "unitId": unit, "personId": person, "kind": "OWNER",
                "from": moved_in(), "pays": true });
            desk.ask(start, json!({ "input": input })).await?;
            moved.push(Resident { unit, person });
        }
        Ok(moved)
    }
}

/// Somebody who can sign in.
#[derive(Clone, Debug)]
pub struct Resident {
    /// Where they live, `unt_…`.
    pub unit: String,
    /// Who they are, `per_…`.
    pub person: String,
}

/// Invites the residents, who then sign up; their sessions.
pub async fn sign_up(
    plan: &Plan,
    (door, company): (&Door, &Company),
    residents: &[Resident],
) -> Result<Vec<Session>> {
    let desk = door.sign_in(CODE, "desk", PASSWORD).await?;
    let invite =
        "mutation($input: InviteResidentInput!) { inviteResident(input: $input) { code } }";
    let mut codes = Vec::new();
    for resident in residents {
        let input = json!({ "unitId": resident.unit, "personId": resident.person });
        let made = desk.ask(invite, json!({ "input": input })).await?;
        codes.push(text(&made, "/inviteResident/code")?.to_owned());
    }
    // Trying a code that identity has not heard of yet counts as guessing.
    let identity = connect(plan, "identity", &Clock::system()).await?;
    heard(&identity, company.tenant, "invitations", codes.len()).await?;
    identity.close().await;
    let mut sessions = Vec::new();
    for code in codes {
        sessions.push(door.sign_up(CODE, &code, PASSWORD).await?);
    }
    Ok(sessions)
}

/// Has the account of a signed-in resident paid at the counter, so often.
pub async fn pay(cashier: &Session, resident: &Session, times: u32) -> Result<()> {
    let mine = resident.ask("{ myAccounts { id } }", json!({})).await?;
    let account = text(&mine, "/myAccounts/0/id")?;
    for turn in 0..times {
        take_cash(cashier, account, "20.00", &format!("bench-{account}-{turn}")).await?;
    }
    Ok(())
}

async fn staff(plan: &Plan, clock: &Clock) -> Result<Seeded> {
    let config = config_of(plan, "identity");
    let db = runtime::connect(&config, "identity", clock.clone()).await?;
    let passwords = Passwords::from_config(&config)?;
    let staff = STAFF.iter().map(|(login, role, estate)| SeedStaff {
        login,
        name: login,
        password: PASSWORD,
        roles: vec![(role, *estate)],
    });
    let wanted = SeedCompany {
        code: CODE,
        name: "Bench",
        estates: vec![SeedEstate { code: ESTATE, name: "Estate", address: "-" }],
        staff: staff.collect(),
    };
    let made = identity::seed::company(&db, &passwords, &wanted).await?;
    db.close().await;
    Ok(made)
}

fn config_of(plan: &Plan, service: &str) -> Config {
    Config::from_values(plan.environment(service))
}

async fn connect(plan: &Plan, service: &'static str, clock: &Clock) -> Result<Db> {
    Ok(runtime::connect(&config_of(plan, service), service, clock.clone()).await?)
}

#[derive(sea_orm::FromQueryResult)]
struct Count {
    n: i64,
}

/// Waits until a service has heard of so many rows of a company.
async fn heard(db: &Db, company: TenantId, table: &str, rows: usize) -> Result<()> {
    let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE tenant_id = $1");
    eventually(&format!("{table} are heard of"), PATIENCE, || async {
        let scope = db.read(company).await?;
        let found: Vec<Count> = scope.rows(&sql, []).await?;
        Ok(found.iter().any(|row| usize::try_from(row.n) == Ok(rows)).then_some(()))
    })
    .await
}

/// Inserts rows of a company; `table` names the columns, the company's first.
async fn insert(
    scope: &TenantScope,
    table: &str,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<()> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let part: Vec<Vec<Value>> = rows.by_ref().take(PER_STATEMENT).collect();
        let mut place = 1;
        let places: Vec<String> = part
            .iter()
            .map(|row| {
                let own: Vec<String> = row
                    .iter()
                    .map(|_| {
                        place += 1;
                        format!("${place}")
                    })
                    .collect();
                format!("($1, {})", own.join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {table} VALUES {}", places.join(", "));
        scope.execute(&sql, part.into_iter().flatten()).await?;
    }
    Ok(())
}

/// In 0.0001 m².
fn area(number: u32) -> i64 {
    650_000 + i64::from(number % 90) * 10_000
}

fn name(number: u32) -> String {
    const FAMILY: [char; 8] = ['王', '李', '张', '刘', '陈', '杨', '赵', '黄'];
    const GIVEN: [&str; 9] = ["伟", "芳", "娜", "敏", "静", "志强", "晓燕", "海燕", "文博"];
    let n = number as usize;
    format!("{}{}", FAMILY[n % FAMILY.len()], GIVEN[n % GIVEN.len()])
}

fn moved_in() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 3, 15).unwrap_or_default()
}

fn next_month(today: NaiveDate) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_add_months(Months::new(1)).unwrap_or(first)
}

/// The first month from this one on with which a quarter begins.
fn quarter_from(month: NaiveDate) -> NaiveDate {
    let later = (3 - month.month0() % 3) % 3;
    month.checked_add_months(Months::new(later)).unwrap_or(month)
}
