//! Spreadsheets in and out: XLSX and CSV files as rows of cells, tables found by their headers,
//! every wrong cell named, and files written so that no text in them runs as a formula.
//!
//! The crate knows tables, columns and cells; what a table is about is its user's business.

mod cell;
mod csv_file;
mod fields;
mod finding;
mod limits;
mod mapping;
mod recognise;
mod say;
mod template;
mod workbook;
mod write;
mod xlsx_file;

pub use cell::{Cell, Wrong};
pub use fields::{Fields, for_each_row};
pub use finding::{Finding, Findings, Severity};
pub use limits::Limits;
pub use mapping::{ColumnMapping, Mapping, SheetMapping};
pub use recognise::recognise;
pub use template::{Column, Kind, Language, Presence, Template};
pub use workbook::{Row, Rows, Sheet, SheetError, Workbook};
pub use write::{CsvWriter, Header, Value, XlsxWriter};

#[cfg(test)]
mod tests;
