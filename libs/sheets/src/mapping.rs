//! Which sheet is which table and which column is which, adjustable by the user.

use crate::{Kind, Presence, Template, Workbook, say};
use errors::Invalid;
use std::collections::BTreeMap;
use texts::Text;

/// Where one column was found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ColumnMapping {
    /// The column, counted from 0 (A).
    pub index: usize,
    /// The header text there.
    pub header: String,
}

/// One sheet read as one kind of table.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SheetMapping {
    /// The sheet's name on its tab.
    pub sheet: String,
    /// The kind's key.
    pub kind: String,
    /// The row of the headers as Excel shows it; records begin below.
    pub header_row: u32,
    /// Column key to column.
    pub columns: BTreeMap<String, ColumnMapping>,
}

impl SheetMapping {
    /// The header text of a column, its key when the file does not have it.
    pub fn header<'a>(&'a self, key: &'a str) -> &'a str {
        self.columns.get(key).map_or(key, |column| &column.header)
    }
}

/// How a file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Mapping {
    /// The sheets that are read, in the order of the file; a kind may have several.
    pub sheets: Vec<SheetMapping>,
    /// Names of the sheets that are not read.
    #[serde(default)]
    pub ignored: Vec<String>,
}

impl Mapping {
    /// The sheets read as a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a SheetMapping> {
        self.sheets.iter().filter(move |sheet| sheet.kind == kind)
    }

    /// Checks the mapping, recognised or adjusted, against the template and the file. Every error
    /// names its field, e.g. `sheets.0.columns.code`.
    pub fn validate(&self, template: &Template, book: &Workbook) -> Result<(), Vec<Invalid>> {
        let mut errors = Vec::new();
        if self.sheets.is_empty() {
            errors.push(Invalid::new("sheets", say::no_table()));
        }
        for (at, sheet) in self.sheets.iter().enumerate() {
            let at = format!("sheets.{at}");
            if !book.sheets().iter().any(|known| known.name == sheet.sheet) {
                let reason = say::no_such_sheet(&sheet.sheet);
                errors.push(Invalid::new(format!("{at}.sheet"), reason));
            }
            if sheet.header_row == 0 {
                errors.push(Invalid::new(format!("{at}.headerRow"), say::rows_from_one()));
            }
            if let Some(kind) = template.kind(&sheet.kind) {
                columns(sheet, kind, &at, &mut errors);
            } else {
                let reason = say::no_such_kind(&sheet.kind);
                errors.push(Invalid::new(format!("{at}.kind"), reason));
            }
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

fn columns(sheet: &SheetMapping, kind: &Kind, at: &str, errors: &mut Vec<Invalid>) {
    let mut wrong = |key: &str, reason: Text| {
        errors.push(Invalid::new(format!("{at}.columns.{key}"), reason));
    };
    for column in kind.columns {
        if column.presence == Presence::Required && !sheet.columns.contains_key(column.key) {
            wrong(column.key, say::column_needed(&sheet.sheet, column.zh));
        }
    }
    let mut taken = BTreeMap::new();
    for (key, column) in &sheet.columns {
        if kind.column(key).is_none() {
            wrong(key, say::no_such_column(kind.key, key));
        }
        if let Some(other) = taken.insert(column.index, key) {
            wrong(key, say::column_used(other));
        }
    }
}
