//! XLSX: measured before it is parsed, then read cell by cell.

use crate::{Cell, Limits, Row, SheetError, say};
use calamine::{DataRef, Reader as _, XlsxCellReader};
use chrono::NaiveDate;
use std::io::{Cursor, Read};

type Input = Cursor<Vec<u8>>;

pub struct XlsxFile(calamine::Xlsx<Input>);

fn damaged(failure: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged(failure.to_string())
}

impl XlsxFile {
    pub fn open(bytes: Vec<u8>, limits: &Limits) -> Result<Self, SheetError> {
        let bytes = measure(bytes, limits)?;
        calamine::Xlsx::new(Cursor::new(bytes)).map(Self).map_err(damaged)
    }

    /// Work sheets only: a chart sheet has no cells.
    pub fn sheet_names(&self) -> Vec<String> {
        let sheets = self.0.sheets_metadata().iter();
        sheets
            .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
            .map(|sheet| sheet.name.clone())
            .collect()
    }

    pub fn rows(&mut self, sheet: &str, columns: usize) -> Result<XlsxRows<'_>, SheetError> {
        let cells = self.0.worksheet_cells_reader(sheet).map_err(damaged)?;
        Ok(XlsxRows { cells, ahead: None, columns, done: false })
    }
}

/// Unpacks every part into nothing and counts: what an archive declares about itself may be a lie.
fn measure(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<u8>, SheetError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.to_lowercase();
        // shared texts are held wherever the workbook says they lie
        let held = !name.contains("worksheets/") || name.ends_with("strings.xml");
        let bound = if held { left.min(limits.held_bytes) } else { left };
        let size = std::io::copy(&mut part.take(bound + 1), &mut std::io::sink());
        let size = size.map_err(damaged)?;
        if size > bound {
            return Err(SheetError::TooLarge(say::unpacked_bytes(bound)));
        }
        left -= size;
    }
    Ok(archive.into_inner().into_inner())
}

/// The rows of one sheet; memory for one row at a time.
pub struct XlsxRows<'a> {
    cells: XlsxCellReader<'a, Input>,
    /// The first cell of the next row, met while finishing this one.
    ahead: Option<(u32, usize, Cell)>,
    columns: usize,
    done: bool,
}

impl XlsxRows<'_> {
    fn next_cell(&mut self) -> Result<Option<(u32, usize, Cell)>, SheetError> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        loop {
            // behind the last cell the reader must not be asked again
            let Some(cell) = self.cells.next_cell().map_err(damaged)? else {
                self.done = true;
                return Ok(None);
            };
            let (row, column) = cell.get_position();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            let content = content(cell.get_value());
            if content.is_empty() {
                continue;
            }
            if column >= self.columns {
                return Err(SheetError::TooLarge(say::more_columns(row + 1, self.columns)));
            }
            return Ok(Some((row, column, content)));
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, SheetError> {
        let Some((index, column, first)) = self.next_cell()? else { return Ok(None) };
        let mut row = Row { number: index + 1, cells: vec![Cell::Empty; column] };
        row.cells.push(first);
        while let Some((next, column, cell)) = self.next_cell()? {
            if next != index {
                self.ahead = Some((next, column, cell));
                break;
            }
            if column >= row.cells.len() {
                row.cells.resize(column + 1, Cell::Empty);
            }
            row.cells[column] = cell;
        }
        Ok(Some(row))
    }
}

impl Iterator for XlsxRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.next_row();
        self.done |= row.is_err();
        row.transpose()
    }
}

fn content(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "Excel itself keeps numbers as f64")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::from_text(text),
        DataRef::SharedString(text) => Cell::from_text(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            let text = Cell::from_text(text);
            text.date().ok().flatten().map_or(text, Cell::Date)
        }
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
            // a duration, or a serial before 1900-03-01, is no date of ours
            date.filter(|_| moment.is_datetime() && moment.as_f64() >= 61.0)
                .map_or(Cell::Number(moment.as_f64()), Cell::Date)
        }
        DataRef::Error(fault) => Cell::Fault(fault.to_string()),
    }
}
