//! Entrances, units and parking spaces.

use crate::{SpaceKind, Tenure, VehicleType, placeholder};
use money::Area;
use sheets::{Cell, Fields, Wrong};

/// One entrance of a building (单元).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// The building's number.
    pub building: String,
    /// The entrance's number.
    pub entrance: String,
    /// Floors above ground.
    pub floors: Option<u32>,
    /// Whether it has a lift.
    pub lift: Option<bool>,
}

impl Entrance {
    /// Reads one row.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let (building, entrance) =
            (fields.need("building", Cell::text), fields.need("entrance", Cell::text));
        let (floors, lift) = (fields.count("floors"), fields.yes_no("lift"));
        Some(Self { building: building?, entrance: entrance?, floors, lift })
    }
}

/// How a file names a unit: its number is unique only within the entrance.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct UnitRef {
    /// The building's number; empty when the file has none.
    pub building: String,
    /// The entrance's number; empty when the file has none.
    pub entrance: String,
    /// The unit's number.
    pub number: String,
}

/// Its parts with hyphens between them, without the empty ones.
pub fn label(building: &str, entrance: &str, number: &str) -> String {
    let parts = [building, entrance, number].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

/// A building's code; units of a file without buildings come into one.
pub fn building_code(written: &str) -> &str {
    if written.is_empty() { "1" } else { written }
}

impl UnitRef {
    /// What people call it: building-entrance-number, unique in an estate.
    pub fn label(&self) -> String {
        label(building_code(&self.building), &self.entrance, &self.number)
    }

    /// Reads the three columns; a full number such as `3-1-1201` in the unit's column alone is
    /// taken apart.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let number = fields.need("unit", Cell::text)?;
        let building = fields.text("building").unwrap_or_default();
        let entrance = fields.text("entrance").unwrap_or_default();
        let parts: Vec<&str> = number.split('-').collect();
        if let ([first, second, last], true, true) =
            (parts.as_slice(), building.is_empty(), entrance.is_empty())
        {
            let [building, entrance, number] = [first, second, last].map(|part| (*part).to_owned());
            return Some(Self { building, entrance, number });
        }
        Some(Self { building, entrance, number })
    }
}

/// One unit (房屋).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name in the file.
    pub unit: UnitRef,
    /// The floor it is on; below ground negative.
    pub floor: Option<i64>,
    /// Its layout, in the words or codes of the file.
    pub layout: Option<String>,
    /// Gross floor area, above 0.
    pub gross_area: Area,
    /// Net floor area, above 0.
    pub net_area: Option<Area>,
    /// What it is for, in the words of the file.
    pub usage: Option<String>,
    /// Its state, in the words of the file.
    pub state: Option<String>,
    /// The owner's code.
    pub owner: Option<String>,
}

impl Unit {
    /// Reads one row, without its fees.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let unit = UnitRef::read(fields);
        let gross_area = fields.need("gross_area", positive_area);
        let record = Self {
            floor: fields.read("floor", Cell::integer).flatten(),
            layout: fields.text("layout"),
            net_area: fields.read("net_area", positive_area).flatten(),
            usage: fields.text("use"),
            state: fields.text("state"),
            owner: fields.text("owner"),
            unit: unit?,
            gross_area: gross_area?,
        };
        Some(record)
    }
}

fn positive_area(cell: &Cell) -> Result<Option<Area>, Wrong> {
    let not_positive = || Wrong::new("AREA_NOT_POSITIVE", "面积必须大于0", "must be above 0");
    match cell.area()? {
        Some(area) if area.0 <= 0 => Err(not_positive()),
        area => Ok(area),
    }
}

/// A vehicle named with a parking space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vehicle {
    /// Its number plate.
    pub plate: String,
    /// Its brand.
    pub brand: Option<String>,
    /// Its kind.
    pub kind: Option<VehicleType>,
    /// Its colour.
    pub colour: Option<String>,
}

/// One parking space (车位).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkingSpace {
    /// The parking lot's number; empty when the file has none.
    pub lot: String,
    /// The space's code, unique within the lot.
    pub code: String,
    /// Where it is.
    pub kind: Option<SpaceKind>,
    /// Its area.
    pub area: Option<Area>,
    /// The code of the person it was sold or leased to.
    pub owner: Option<String>,
    /// Sold or leased.
    pub tenure: Option<Tenure>,
    /// The vehicle on it.
    pub vehicle: Option<Vehicle>,
}

impl ParkingSpace {
    /// Reads one row; area 1 stands for unknown.
    pub fn read(fields: &mut Fields<'_>) -> Option<Self> {
        let code = fields.need("code", Cell::text);
        let mut area = fields.read("area", positive_area).flatten();
        if area == Some(Area(Area::PER_SQUARE_METRE)) {
            placeholder(fields, "area");
            area = None;
        }
        let (brand, colour) = (fields.text("brand"), fields.text("colour"));
        let kind = fields.read("vehicle", VehicleType::read).flatten();
        let plate = fields.text("plate");
        let record = Self {
            lot: fields.text("lot").unwrap_or_default(),
            kind: fields.read("kind", SpaceKind::read).flatten(),
            owner: fields.text("owner"),
            tenure: fields.read("tenure", Tenure::read).flatten(),
            vehicle: plate.map(|plate| Vehicle { plate, brand, kind, colour }),
            area,
            code: code?,
        };
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_leaves_out_what_is_blank() {
        assert_eq!(label("3", "1", "1201"), "3-1-1201");
        assert_eq!(label("S", "", "01"), "S-01");
        let bare = UnitRef { building: String::new(), entrance: String::new(), number: "7".into() };
        assert_eq!(bare.label(), "1-7");
    }
}
