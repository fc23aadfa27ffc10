//! A row read by column keys; what is wrong with it is collected on the way.

use crate::finding::is_note;
use crate::{Cell, Finding, Findings, Row, Severity, SheetError, SheetMapping, Workbook, Wrong};
use chrono::NaiveDate;

/// One record of a mapped sheet.
///
/// A getter gives `None` for a blank or wrong cell; a wrong one also leaves an error, after which
/// [`Fields::is_good`] is false.
pub struct Fields<'a> {
    mapping: &'a SheetMapping,
    row: &'a Row,
    findings: &'a mut Findings,
    good: bool,
}

/// Calls `read` for every record below the header of a mapped sheet, from the top. Rows that are
/// blank in all mapped columns, and remarks below the table, are no records.
pub fn for_each_row(
    book: &mut Workbook,
    mapping: &SheetMapping,
    findings: &mut Findings,
    mut read: impl FnMut(&mut Fields<'_>),
) -> Result<(), SheetError> {
    for row in book.rows(&mapping.sheet)? {
        let row = row?;
        let columns = mapping.columns.values().map(|column| column.index);
        let filled: Vec<usize> = columns.filter(|index| !row.cell(*index).is_empty()).collect();
        if row.number > mapping.header_row && !filled.is_empty() && !is_note(&row, &filled) {
            read(&mut Fields { mapping, row: &row, findings, good: true });
        }
    }
    Ok(())
}

impl Fields<'_> {
    /// The sheet's name.
    pub fn sheet(&self) -> &str {
        &self.mapping.sheet
    }

    /// The row number as Excel shows it.
    pub const fn row(&self) -> u32 {
        self.row.number
    }

    /// Whether nothing was wrong so far.
    pub const fn is_good(&self) -> bool {
        self.good
    }

    /// The raw cell of a column; empty when the file does not have the column.
    pub fn cell(&self, key: &str) -> &Cell {
        let column = self.mapping.columns.get(key);
        column.map_or(&Cell::Empty, |column| self.row.cell(column.index))
    }

    /// Leaves a remark about a cell.
    pub fn remark(&mut self, severity: Severity, key: &str, why: Wrong) {
        let place = (self.mapping.sheet.as_str(), self.row.number, self.mapping.header(key));
        self.findings.push(Finding::new(severity, place, self.cell(key).shown(), why));
        self.good &= severity != Severity::Error;
    }

    /// Refuses the row because of a cell.
    pub fn refuse(&mut self, key: &str, why: Wrong) {
        self.remark(Severity::Error, key, why);
    }

    /// Reads a cell in any way.
    pub fn read<T>(
        &mut self,
        key: &str,
        reader: impl FnOnce(&Cell) -> Result<T, Wrong>,
    ) -> Option<T> {
        let read = reader(self.cell(key));
        read.map_err(|why| self.refuse(key, why)).ok()
    }

    /// Reads a cell that must be filled.
    pub fn need<T>(
        &mut self,
        key: &str,
        reader: impl FnOnce(&Cell) -> Result<Option<T>, Wrong>,
    ) -> Option<T> {
        let missing = || Wrong::new("MISSING", "此项必填", "must be filled in");
        self.read(key, |cell| reader(cell)?.ok_or_else(missing))
    }

    /// Text as shown.
    pub fn text(&mut self, key: &str) -> Option<String> {
        self.read(key, Cell::text).flatten()
    }

    /// A date.
    pub fn date(&mut self, key: &str) -> Option<NaiveDate> {
        self.read(key, Cell::date).flatten()
    }

    /// A yes or no.
    pub fn yes_no(&mut self, key: &str) -> Option<bool> {
        self.read(key, Cell::yes_no).flatten()
    }

    /// A list; empty when blank.
    pub fn list(&mut self, key: &str) -> Vec<Cell> {
        self.read(key, Cell::list).unwrap_or_default()
    }

    /// A whole number that is not negative.
    pub fn count(&mut self, key: &str) -> Option<u32> {
        self.read(key, |cell| {
            let number = cell.integer()?;
            let wrong = |_| {
                let shown = cell.shown();
                Wrong::new(
                    "OUT_OF_RANGE",
                    format!("“{shown}”超出范围"),
                    format!("`{shown}` is out of range"),
                )
            };
            number.map(u32::try_from).transpose().map_err(wrong)
        })
        .flatten()
    }
}
