//! A large estate as a roster file, for measuring: every unit with an owner, some with a lessee and
//! family, a price of its own and a parking space for every fifth.

use super::{FAMILY_NAMES, GIVEN_NAMES, day, turn};
use money::{Area, Fen, Rate};
use roster::{
    Entrance, FeeLink, FeeSetting, FeeTarget, Formula, Occupancy, ParkingSpace, Person, Role,
    SpaceKind, Unit, UnitRef,
};
use sheets::{Language, SheetError, XlsxWriter};
use std::io::{Seek, Write};

const PER_FLOOR: usize = 4;
const FLOORS: usize = 25;
const PER_ENTRANCE: usize = PER_FLOOR * FLOORS;
const ENTRANCES: usize = 2;

/// Writes an estate of so many units and people, row by row; at least as many people as units.
///
/// # Errors
/// When writing fails.
pub fn large_roster(
    units: usize,
    people: usize,
    to: impl Write + Seek + Send,
) -> Result<(), SheetError> {
    let (mut writer, zh) = (XlsxWriter::new(), Language::Zh);
    let entrances = (0..units.div_ceil(PER_ENTRANCE)).map(|n| {
        let (building, entrance) = (1 + n / ENTRANCES, 1 + n % ENTRANCES);
        Entrance {
            building: building.to_string(),
            entrance: entrance.to_string(),
            floors: u32::try_from(FLOORS).ok(),
            lift: Some(true),
        }
    });
    roster::write_sheet(&mut writer, zh, entrances)?;
    roster::write_sheet(&mut writer, zh, (0..people).map(person))?;
    roster::write_sheet(&mut writer, zh, (0..units).map(unit))?;
    roster::write_sheet(&mut writer, zh, (0..units / 5).map(space))?;
    // The first owns the unit, those behind the owners lease one.
    let ties = (0..people).map(|n| Occupancy {
        unit: unit_ref(n % units),
        person: code(n),
        role: if n < units { Role::Owner } else { Role::Lessee },
        starts_on: Some(day(2024, 3, 1)),
        ends_on: None,
        payer: Some(n < units),
    });
    roster::write_sheet(&mut writer, zh, ties)?;
    roster::write_sheet(&mut writer, zh, [setting()])?;
    let links = (0..units).map(|n| FeeLink {
        target: FeeTarget::Unit(unit_ref(n)),
        fee: "PROPERTY".to_owned(),
        starts_on: day(2024, 3, 1),
        ends_on: None,
    });
    roster::write_sheet(&mut writer, zh, links)?;
    writer.finish(to)
}

fn code(n: usize) -> String {
    format!("P{n:06}")
}

fn unit_ref(n: usize) -> UnitRef {
    let entrance = n / PER_ENTRANCE;
    let door = n % PER_ENTRANCE;
    UnitRef {
        building: (1 + entrance / ENTRANCES).to_string(),
        entrance: (1 + entrance % ENTRANCES).to_string(),
        number: format!("{:02}{:02}", 1 + door / PER_FLOOR, 1 + door % PER_FLOOR),
    }
}

fn person(n: usize) -> Person {
    let family = FAMILY_NAMES[n % FAMILY_NAMES.len()];
    let given = GIVEN_NAMES[n / FAMILY_NAMES.len() % GIVEN_NAMES.len()];
    Person {
        code: code(n),
        name: format!("{family}{given}{n}"),
        kind: None,
        gender: None,
        age: Some(25 + turn(n, 50)),
        phone: Some(format!("199{n:08}")),
        identity: None,
    }
}

fn unit(n: usize) -> Unit {
    Unit {
        unit: unit_ref(n),
        floor: i64::try_from(1 + n % PER_ENTRANCE / PER_FLOOR).ok(),
        layout: Some("三室两厅".to_owned()),
        gross_area: Area(850_000 + i64::from(turn(n, 400)) * 1_000),
        net_area: None,
        usage: Some("住宅".to_owned()),
        state: Some("在用".to_owned()),
        owner: None,
    }
}

fn space(n: usize) -> ParkingSpace {
    ParkingSpace {
        lot: "U".to_owned(),
        code: format!("{n:05}"),
        kind: Some(SpaceKind::Underground),
        area: Some(Area(125_000)),
        owner: Some(code(n * 5)),
        tenure: None,
        vehicle: None,
    }
}

fn setting() -> FeeSetting {
    let formula = Formula::Area { price: Rate(2_350_000), surcharge: Fen(0) };
    FeeSetting {
        fee_type: Some("物业费".to_owned()),
        name_en: Some("Property fee".to_owned()),
        ..FeeSetting::new("PROPERTY", "物业费", formula)
    }
}
