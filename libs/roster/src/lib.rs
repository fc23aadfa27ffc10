//! The roster file: the sheets by which an estate comes and goes, its structure, people, parking
//! and fees, in one file that two services read.

mod fees;
mod people;
mod stream;
mod structure;
mod template;
mod words;
mod write;

pub use fees::{
    BillingDay, FeeLink, FeePage, FeeRow, FeeSetting, FeeTarget, Formula, each_link, read_settings,
};
pub use people::{Member, Occupancy, Person};
pub use stream::{Chunks, chunks};
pub use structure::{Entrance, ParkingSpace, Unit, UnitRef, Vehicle, building_code, label};
pub use template::{TEMPLATE, kind};
pub use words::{
    FeeKind, FeeType, FeeUse, Gender, PartyKind, PaymentTiming, Proration, Role, SpaceKind, Tenure,
    VehicleType,
};
pub use write::{Record, write_csv, write_notes, write_sheet};

use sheets::{Fields, Findings, Mapping, SheetError, Workbook, Wrong};

/// A record and where it stood, for remarks made once the whole file is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The sheet's name.
    pub sheet: std::sync::Arc<str>,
    /// The row as Excel shows it.
    pub row: u32,
    /// What stood there.
    pub record: T,
}

/// Reads all good records of a kind, whichever sheets hold them; bad ones leave findings.
pub fn read_kind<T>(
    book: &mut Workbook,
    mapping: &Mapping,
    kind: &str,
    findings: &mut Findings,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
) -> Result<Vec<Located<T>>, SheetError> {
    let mut records = Vec::new();
    each_record(book, mapping, kind, findings, read, |found| records.push(found))?;
    Ok(records)
}

/// As [`read_kind`], one record at a time: nothing is held.
pub fn each_record<T>(
    book: &mut Workbook,
    mapping: &Mapping,
    kind: &str,
    findings: &mut Findings,
    read: impl Fn(&mut Fields<'_>) -> Option<T>,
    mut take: impl FnMut(Located<T>),
) -> Result<(), SheetError> {
    for sheet in mapping.of_kind(kind) {
        let name: std::sync::Arc<str> = sheet.sheet.as_str().into();
        sheets::for_each_row(book, sheet, findings, |fields| {
            if let Some(record) = read(fields).filter(|_| fields.is_good()) {
                take(Located { sheet: name.clone(), row: fields.row(), record });
            }
        })?;
    }
    Ok(())
}

/// The value is the one a form asks for when nothing is known: unknown, with a warning.
fn placeholder(fields: &mut Fields<'_>, key: &str) {
    let why = Wrong::new(
        "PLACEHOLDER",
        "占位值，按“未知”处理",
        "a value that stands for `unknown`; it is left out",
    );
    fields.remark(sheets::Severity::Warning, key, why);
}
