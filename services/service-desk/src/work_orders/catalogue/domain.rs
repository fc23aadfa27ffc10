//! What a category and a price are.

use super::super::say;
use errors::{Invalid, expected};
use money::Fen;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How deep the tree of categories may be.
pub const DEEPEST: usize = 4;

/// The most a price may be: 100,000 yuan.
pub const DEAREST: Fen = Fen(10_000_000);

/// A kind of repair.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Its code, e.g. `WATER_TAP`.
    pub code: String,
    /// The code of the wider kind.
    pub parent: Option<String>,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// What somebody must be able to do, as a code of the responders.
    pub skill: Option<String>,
    /// The code under which time is promised.
    pub sla_code: String,
    /// Whether it concerns the public part, for which the property pays.
    pub public_part: bool,
    /// Whether it can be reported.
    pub active: bool,
    /// How often it was saved; 0 for one that the product ships.
    pub version: i32,
}

/// What a line of a quote is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceKind {
    /// Work (人工).
    Labour,
    /// Material (材料).
    Material,
}

/// An entry of the public price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_field_names, reason = "a price has a price")]
pub struct Price {
    /// Its code, e.g. `TAP_CHANGE`.
    pub code: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// What is counted, e.g. `次`.
    pub unit: String,
    /// What one costs.
    pub price: Fen,
    /// Labour or material.
    pub kind: PriceKind,
    /// For how many days it is repaired again without charge.
    pub warranty_days: i32,
    /// Whether it can be quoted.
    pub active: bool,
    /// How often it was saved.
    pub version: i32,
}

/// What the product ships: code, wider kind, names, skill, promise, public part.
type Shipped =
    (&'static str, Option<&'static str>, [&'static str; 2], &'static str, &'static str, bool);

const SHIPPED: [Shipped; 13] = [
    ("WATER", None, ["给排水", "Water and drains"], "PLUMBING", "ORDINARY", false),
    ("WATER_TAP", Some("WATER"), ["龙头洁具", "Taps and fittings"], "PLUMBING", "ORDINARY", false),
    ("WATER_LEAK", Some("WATER"), ["漏水", "Leak"], "PLUMBING", "URGENT", false),
    ("WATER_DRAIN", Some("WATER"), ["疏通", "Blocked drain"], "PLUMBING", "ORDINARY", false),
    ("WATER_OUTAGE", Some("WATER"), ["停水", "No water"], "PLUMBING", "URGENT", true),
    ("POWER", None, ["强弱电", "Electricity"], "ELECTRIC", "ORDINARY", false),
    (
        "POWER_LIGHT",
        Some("POWER"),
        ["户内灯具插座", "Lamps and sockets"],
        "ELECTRIC",
        "ORDINARY",
        false,
    ),
    ("POWER_OUTAGE", Some("POWER"), ["停电", "No power"], "ELECTRIC", "URGENT", true),
    ("DOOR", None, ["门窗锁", "Doors, windows, locks"], "CARPENTRY", "ORDINARY", false),
    ("LIFT", None, ["电梯", "Lift"], "LIFT", "URGENT", true),
    ("PUBLIC_LIGHT", None, ["公共照明", "Lights outside"], "ELECTRIC", "ORDINARY", true),
    ("STRUCTURE", None, ["房屋本体", "Walls and roof"], "MASONRY", "MAJOR", true),
    ("OTHER", None, ["其他", "Other"], "", "ORDINARY", false),
];

/// The categories that the product ships.
pub fn shipped() -> BTreeMap<String, Category> {
    let category = |(code, parent, [zh, en], skill, sla, public): Shipped| Category {
        code: code.to_owned(),
        parent: parent.map(ToOwned::to_owned),
        name_zh: zh.to_owned(),
        name_en: en.to_owned(),
        skill: (!skill.is_empty()).then(|| skill.to_owned()),
        sla_code: sla.to_owned(),
        public_part: public,
        active: true,
        version: 0,
    };
    SHIPPED.into_iter().map(|one| (one.0.to_owned(), category(one))).collect()
}

/// A category and the wider ones, narrowest first; at most [`DEEPEST`] of them.
pub fn line_of<'a>(all: &'a BTreeMap<String, Category>, code: &'a str) -> Vec<&'a str> {
    let mut line = Vec::new();
    let mut next = Some(code);
    while let Some(code) = next.filter(|_| line.len() <= DEEPEST) {
        line.push(code);
        next = all.get(code).and_then(|category| category.parent.as_deref());
    }
    line
}

/// Whether a category can stand where it says in the tree: below one that exists, not below itself,
/// not too deep, nothing below it too deep.
///
/// # Errors
/// [`Invalid`] with the field.
pub fn placed(all: &BTreeMap<String, Category>, category: &Category) -> Result<(), Invalid> {
    let Some(parent) = &category.parent else { return Ok(()) };
    if !all.contains_key(parent) {
        return Err(Invalid::new("parentCode", expected::existing()));
    }
    let mut with = all.clone();
    with.insert(category.code.clone(), category.clone());
    let round = line_of(all, parent).contains(&category.code.as_str());
    if round || with.keys().any(|code| line_of(&with, code).len() > DEEPEST) {
        return Err(Invalid::new("parentCode", say::tree_of_categories(DEEPEST)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shipped_is_a_tree() {
        let all = shipped();
        assert_eq!(all.len(), SHIPPED.len());
        assert!(all.values().all(|category| placed(&all, category).is_ok()));
        assert_eq!(line_of(&all, "WATER_TAP"), ["WATER_TAP", "WATER"]);
    }

    #[test]
    fn a_category_is_not_below_itself_nor_below_nothing() {
        let all = shipped();
        let moved =
            |parent: &str| Category { parent: Some(parent.to_owned()), ..all["WATER"].clone() };
        for parent in ["WATER", "WATER_TAP", "NOTHING"] {
            assert_eq!(placed(&all, &moved(parent)).unwrap_err().field, "parentCode");
        }
        assert!(placed(&all, &moved("OTHER")).is_ok());
    }
}
