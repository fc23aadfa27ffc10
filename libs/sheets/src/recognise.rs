//! Finds the tables of a file by sheet names and headers.

use crate::{Cell, ColumnMapping, Kind, Mapping, Presence, Row, Sheet, SheetMapping, Template};
use std::collections::BTreeMap;

/// Reads a mapping off the sheets of a file.
///
/// A sheet is a table of the kind whose headers it matches best, in any of its first filled rows;
/// its name counts like three headers. All required headers must be there, or the name must match
/// together with at least half the required headers (then `Mapping::validate` names what is
/// missing). Other sheets are listed as ignored. Columns nobody asks for, such as explanations
/// beside the data, are not mapped and so never read.
pub fn recognise(sheets: &[Sheet], template: &Template) -> Mapping {
    let mut mapping = Mapping::default();
    for sheet in sheets {
        match best(sheet, template) {
            Some(found) => mapping.sheets.push(found),
            None => mapping.ignored.push(sheet.name.clone()),
        }
    }
    mapping
}

/// A name on the tab weighs as much as this many headers.
const NAME_WEIGHT: usize = 3;

fn best(sheet: &Sheet, template: &Template) -> Option<SheetMapping> {
    let mut best: Option<(usize, SheetMapping)> = None;
    for kind in template.kinds {
        let named = kind.is_named(&sheet.name);
        for row in &sheet.head {
            let columns = match_headers(row, kind);
            if !enough(&columns, kind, named) {
                continue;
            }
            let score = columns.len() + if named { NAME_WEIGHT } else { 0 };
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                let found = SheetMapping {
                    sheet: sheet.name.clone(),
                    kind: kind.key.to_owned(),
                    header_row: row.number,
                    columns,
                };
                best = Some((score, found));
            }
        }
    }
    best.map(|(_, found)| found)
}

fn enough(columns: &BTreeMap<String, ColumnMapping>, kind: &Kind, named: bool) -> bool {
    let required = kind.columns.iter().filter(|column| column.presence == Presence::Required);
    let required: Vec<bool> = required.map(|column| columns.contains_key(column.key)).collect();
    let found = required.iter().filter(|found| **found).count();
    found == required.len() || (named && 2 * found >= required.len())
}

/// The first column with a matching header, from the left: what repeats it further right is a
/// legend.
fn match_headers(row: &Row, kind: &Kind) -> BTreeMap<String, ColumnMapping> {
    let mut columns = BTreeMap::new();
    for (index, cell) in row.cells.iter().enumerate() {
        let Cell::Text(header) = cell else { continue };
        let known = kind
            .columns
            .iter()
            .find(|column| column.is_named(header) && !columns.contains_key(column.key));
        if let Some(column) = known {
            let found = ColumnMapping { index, header: header.clone() };
            columns.insert(column.key.to_owned(), found);
        }
    }
    columns
}
