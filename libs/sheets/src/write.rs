//! Files written: typed cells, and no text that runs as a formula.

use crate::SheetError;
use chrono::NaiveDate;
use rust_xlsxwriter::{Format, Worksheet};
use std::io::{Seek, Write};

/// What is written to a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing.
    Empty,
    /// Text; escaped if it could run as a formula.
    Text(String),
    /// A plain decimal number, e.g. `94.56`.
    Number(String),
    /// A date.
    Date(NaiveDate),
}

impl Value {
    /// Text.
    pub fn text(text: impl std::fmt::Display) -> Self {
        Self::Text(text.to_string())
    }

    /// A number, e.g. an integer, `money::Fen` or `money::Area`.
    pub fn number(number: impl std::fmt::Display) -> Self {
        Self::Number(number.to_string())
    }

    /// `Empty` for `None`.
    pub fn of<T>(value: Option<T>, write: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, write)
    }
}

/// One column of a sheet that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The text in the first row.
    pub text: String,
    /// The width, characters.
    pub width: u8,
}

/// Whether a spreadsheet program could take the text for a formula (OWASP: CSV injection), full
/// width forms included.
fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text with an apostrophe in front if it could run as a formula; `unescape` is its inverse.
fn escape(text: &str) -> String {
    if runs(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

pub(crate) fn unescape(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if runs(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

fn failed(failure: impl std::fmt::Display) -> SheetError {
    SheetError::Write(failure.to_string())
}

/// Writes an XLSX file row by row; finished rows leave memory for a temporary file.
pub struct XlsxWriter {
    book: rust_xlsxwriter::Workbook,
    /// The next row of the current sheet.
    row: u32,
    bold: Format,
    date: Format,
}

impl Default for XlsxWriter {
    fn default() -> Self {
        Self::new()
    }
}

impl XlsxWriter {
    /// An empty workbook.
    pub fn new() -> Self {
        Self {
            book: rust_xlsxwriter::Workbook::new(),
            row: 0,
            bold: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }

    /// Begins a sheet with a frozen header row; rows written before belong to the sheet before.
    pub fn sheet(&mut self, name: &str, headers: &[Header]) -> Result<(), SheetError> {
        let sheet = self.book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_name(name).map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        for (column, header) in (0_u16..).zip(headers) {
            sheet.set_column_width(column, header.width).map_err(failed)?;
            let text = escape(&header.text);
            sheet.write_string_with_format(0, column, text, &self.bold).map_err(failed)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Writes the next row of the current sheet.
    pub fn row(&mut self, values: &[Value]) -> Result<(), SheetError> {
        let sheet = self.book.worksheets_mut().last_mut();
        let sheet = sheet.ok_or_else(|| failed("a row needs a sheet"))?;
        for (column, value) in (0_u16..).zip(values) {
            write_cell(sheet, self.row, column, value, &self.date)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Adds a sheet of lines of text, e.g. how to fill the other sheets.
    pub fn notes(&mut self, name: &str, lines: &[&str]) -> Result<(), SheetError> {
        let title = lines.first().copied().unwrap_or_default();
        self.sheet(name, &[Header { text: title.to_owned(), width: 100 }])?;
        lines.iter().skip(1).try_for_each(|line| self.row(&[Value::text(line)]))
    }

    /// Writes the file.
    pub fn finish(mut self, to: impl Write + Seek + Send) -> Result<(), SheetError> {
        self.book.save_to_writer(to).map_err(failed)
    }
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value,
    date: &Format,
) -> Result<(), SheetError> {
    match value {
        Value::Empty => Ok(sheet),
        Value::Text(text) => sheet.write_string(row, column, escape(text)),
        Value::Number(text) => {
            let number: f64 = text.parse().map_err(failed)?;
            sheet.write_number(row, column, number)
        }
        Value::Date(day) => sheet.write_datetime_with_format(row, column, serial(*day)?, date),
    }
    .map(|_| ())
    .map_err(failed)
}

fn serial(day: NaiveDate) -> Result<rust_xlsxwriter::ExcelDateTime, SheetError> {
    use chrono::Datelike as _;
    let part = |number: u32| u8::try_from(number).map_err(failed);
    let year = u16::try_from(day.year()).map_err(failed)?;
    let (month, day) = (part(day.month())?, part(day.day())?);
    rust_xlsxwriter::ExcelDateTime::from_ymd(year, month, day).map_err(failed)
}

/// Writes one table as CSV: UTF-8 with a byte order mark, so that Excel shows Chinese.
pub struct CsvWriter<W: Write>(csv::Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Begins the file with its header row.
    pub fn new(mut to: W, headers: &[Header]) -> Result<Self, SheetError> {
        to.write_all("\u{feff}".as_bytes()).map_err(failed)?;
        let mut writer =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
        let headers = headers.iter().map(|header| escape(&header.text));
        writer.write_record(headers).map_err(failed)?;
        Ok(Self(writer))
    }

    /// Writes the next row.
    pub fn row(&mut self, values: &[Value]) -> Result<(), SheetError> {
        let shown = values.iter().map(|value| match value {
            Value::Empty => String::new(),
            Value::Text(text) => escape(text),
            Value::Number(number) => number.clone(),
            Value::Date(date) => date.to_string(),
        });
        self.0.write_record(shown).map_err(failed)
    }

    /// Completes the file and hands its destination back.
    pub fn finish(self) -> Result<W, SheetError> {
        self.0.into_inner().map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_that_could_run_is_escaped() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "'=1"] {
            assert!(escape(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(escape("张三"), "张三");
        assert_eq!(escape("'quoted'"), "'quoted'");
    }

    proptest! {
        #[test]
        fn escaping_can_be_undone(text in "['=+@a-]{0,5}") {
            let escaped = escape(&text);
            prop_assert!(!runs(&escaped));
            prop_assert_eq!(unescape(&escaped), text);
        }
    }
}
