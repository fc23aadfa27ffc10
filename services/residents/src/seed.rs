//! The demo estate 翡翠湖畔花园 (handbook Part 2 (d)) as a roster file; every name and number is
//! made up, phones have the unassigned prefix 199 and nobody has an identity number.

mod large;
mod legacy;

pub use large::large_roster;
pub use legacy::legacy_roster;

use chrono::NaiveDate;
use money::Area;
use roster::{
    Entrance, Gender, Member, Occupancy, ParkingSpace, PartyKind, Person, Role, SpaceKind, Tenure,
    Unit, UnitRef, Vehicle, VehicleType,
};
use sheets::{Language, SheetError, XlsxWriter};
use std::io::Cursor;

const FAMILY_NAMES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林",
    "何", "郭", "马", "罗", "梁", "宋", "郑", "谢",
];
const GIVEN_NAMES: [&str; 28] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明",
    "超", "秀英", "霞", "平", "刚", "桂英", "建国", "志强", "晓燕", "海燕", "文博", "雨涵",
];
const DEVELOPER: &str = "D001";

/// What stands in the file.
#[derive(Default)]
struct Demo {
    entrances: Vec<Entrance>,
    people: Vec<Person>,
    units: Vec<Unit>,
    spaces: Vec<ParkingSpace>,
    occupancies: Vec<Occupancy>,
    members: Vec<Member>,
    /// How many names were given so far.
    named: usize,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MIN)
}

/// The remainder, as the small number it is.
fn turn(number: usize, of: usize) -> u32 {
    u32::try_from(number % of).unwrap_or(0)
}

/// The demo estate as a file in our own form.
///
/// # Errors
/// When writing fails.
pub fn demo_roster() -> Result<Vec<u8>, SheetError> {
    let mut demo = Demo::default();
    demo.people.push(Person {
        code: DEVELOPER.to_owned(),
        name: "安徽翡翠湖置业有限公司(演示)".to_owned(),
        kind: Some(PartyKind::Company),
        gender: None,
        age: None,
        phone: None,
        identity: None,
    });
    demo.structure();
    demo.occupy();
    demo.park();
    let mut writer = XlsxWriter::new();
    let language = Language::Zh;
    roster::write_sheet(&mut writer, language, demo.entrances)?;
    roster::write_sheet(&mut writer, language, demo.people)?;
    roster::write_sheet(&mut writer, language, demo.units)?;
    roster::write_sheet(&mut writer, language, demo.spaces)?;
    roster::write_sheet(&mut writer, language, demo.occupancies)?;
    roster::write_sheet(&mut writer, language, demo.members)?;
    roster::write_notes(&mut writer, language)?;
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file)?;
    Ok(file.into_inner())
}

/// Areas in 0.0001 m² of the doors of one floor.
type Doors = &'static [i64];
const BUILDINGS: [(std::ops::RangeInclusive<u32>, u32, u32, Doors); 4] = [
    (1..=3, 27, 2, &[1_185_600, 1_037_500]),
    (4..=5, 18, 2, &[1_428_800, 1_185_600]),
    (6..=7, 11, 3, &[1_428_800, 1_312_700]),
    (8..=8, 33, 1, &[893_200, 674_100, 674_100, 893_200]),
];

impl Demo {
    fn structure(&mut self) {
        for (buildings, floors, entrances, doors) in BUILDINGS {
            for building in buildings {
                for entrance in 1..=entrances {
                    self.entrances.push(Entrance {
                        building: building.to_string(),
                        entrance: entrance.to_string(),
                        floors: Some(floors),
                        lift: Some(true),
                    });
                    for floor in 1..=floors {
                        for (door, area) in (1_u32..).zip(doors) {
                            let number = format!("{floor:02}{door:02}");
                            let place = (building.to_string(), entrance.to_string(), number);
                            self.unit(place, i64::from(floor), Area(*area), "住宅");
                        }
                    }
                }
            }
        }
        for shop in 1..=36 {
            let place = ("S".to_owned(), String::new(), format!("{shop:02}"));
            self.unit(place, 1, Area(625_000), "商铺");
        }
    }

    fn unit(
        &mut self,
        (building, entrance, number): (String, String, String),
        floor: i64,
        area: Area,
        usage: &str,
    ) {
        self.units.push(Unit {
            unit: UnitRef { building, entrance, number },
            floor: Some(floor),
            layout: None,
            gross_area: area,
            net_area: None,
            usage: Some(usage.to_owned()),
            state: Some("在用".to_owned()),
            owner: None,
        });
    }

    fn name(&mut self) -> String {
        let n = self.named;
        self.named += 1;
        let given = GIVEN_NAMES[(n * 5 + n / FAMILY_NAMES.len()) % GIVEN_NAMES.len()];
        format!("{}{given}", FAMILY_NAMES[(n * 7) % FAMILY_NAMES.len()])
    }

    /// A new party and its code.
    fn party(&mut self, name: Option<&str>, age: u32) -> String {
        let n = self.people.len();
        let code = format!("P{n:04}");
        let name = name.map_or_else(|| self.name(), str::to_owned);
        self.people.push(Person {
            code: code.clone(),
            name,
            kind: Some(PartyKind::Person),
            gender: Some(if n.is_multiple_of(2) { Gender::Female } else { Gender::Male }),
            age: Some(age),
            phone: Some(format!("199{:08}", 10_000_000 + n * 7_919)),
            identity: None,
        });
        code
    }

    fn occupancy(&mut self, unit: &UnitRef, person: &str, role: Role, pays: bool, from: NaiveDate) {
        self.occupancies.push(Occupancy {
            unit: unit.clone(),
            person: person.to_owned(),
            role,
            starts_on: Some(from),
            ends_on: None,
            payer: Some(pays),
        });
    }

    fn occupy(&mut self) {
        let service_starts = day(2025, 7, 1);
        let (mut vacant, mut renovating, mut leases, mut unsold) = (42, 28, 60 - 1, 8);
        for at in 0..self.units.len() {
            let unit = self.units[at].unit.clone();
            let label = crate::structure::label(&unit.building, &unit.entrance, &unit.number);
            let phase_two = unit.building == "3";
            let persona = ["3-1-1201", "2-1-0502", "6-2-0801", "S-01"].contains(&label.as_str());
            if phase_two {
                self.occupancy(&unit, DEVELOPER, Role::Developer, true, service_starts);
                if !persona && unsold > 0 && at.is_multiple_of(13) {
                    unsold -= 1;
                    self.units[at].state = Some("未售".to_owned());
                    continue;
                }
                // Handed over during June 2026: from July on every unit has its owner.
                let handover =
                    day(2026, 6, if label == "3-1-1201" { 11 } else { 1 + turn(at, 30) });
                if let Some(developer) = self.occupancies.last_mut() {
                    developer.ends_on = handover.pred_opt();
                }
                self.own(&unit, &label, handover);
            } else {
                self.own(&unit, &label, day(2022 + i32::from(at % 2 == 1), 3, 15));
            }
            let state = &mut self.units[at].state;
            if !persona
                && renovating > 0
                && (phase_two && at.is_multiple_of(4) || at.is_multiple_of(101))
            {
                renovating -= 1;
                *state = Some("装修".to_owned());
            } else if !persona && vacant > 0 && at.is_multiple_of(17) {
                vacant -= 1;
                *state = Some("空置".to_owned());
            } else if label == "6-2-0801" || (!persona && leases > 0 && at.is_multiple_of(10)) {
                leases -= i32::from(!persona);
                let name = (label == "6-2-0801").then_some("陈伟");
                let lessee = self.party(name, 32);
                self.occupancy(&unit, &lessee, Role::Lessee, false, day(2026, 3, 1));
            } else if unit.building != "S" {
                self.family(&unit, at);
            }
        }
    }

    fn own(&mut self, unit: &UnitRef, label: &str, from: NaiveDate) {
        let (name, age) = match label {
            "3-1-1201" => (Some("王芳"), 38),
            "2-1-0502" => (Some("刘阿姨"), 78),
            "S-01" => (Some("孙总"), 47),
            _ => (None, 30 + turn(self.people.len() * 7, 40)),
        };
        let owner = self.party(name, age);
        self.occupancy(unit, &owner, Role::Owner, true, from);
    }

    fn family(&mut self, unit: &UnitRef, at: usize) {
        if (unit.building.as_str(), unit.number.as_str()) == ("2", "0502") {
            return; // lives alone
        }
        let relations = ["配偶", "子女", "父母"];
        let count = 1 + usize::from(!at.is_multiple_of(5)) + usize::from(at.is_multiple_of(9));
        for relation in relations.iter().take(count) {
            let name = self.name();
            self.members.push(Member {
                unit: unit.clone(),
                name: format!("{name}{}", ["", "宁", "安"][self.named % 3]),
                relation: (*relation).to_owned(),
                gender: None,
                phone: None,
                identity: None,
            });
        }
    }

    fn park(&mut self) {
        for n in 1..=416_usize {
            let underground = n <= 320;
            let code = if underground { n } else { n - 320 };
            let sold = underground && n <= 180;
            // Every second home has a space of its own; ground spaces are let by the month.
            let holder = underground.then(|| format!("P{:04}", 1 + n * 2));
            let vehicle = holder.as_ref().map(|_| Vehicle {
                plate: format!("皖A{:05}", 10_000 + n * 37),
                brand: None,
                kind: Some(VehicleType::Car),
                colour: Some(["白", "黑", "银"][n % 3].to_owned()),
            });
            self.spaces.push(ParkingSpace {
                lot: if underground { "U" } else { "G" }.to_owned(),
                code: format!("{code:03}"),
                kind: Some(if underground { SpaceKind::Underground } else { SpaceKind::Ground }),
                area: Some(Area(125_000)),
                owner: holder,
                tenure: underground.then_some(if sold { Tenure::Sold } else { Tenure::Leased }),
                vehicle,
            });
        }
    }
}
