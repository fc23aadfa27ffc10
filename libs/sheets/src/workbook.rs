//! A file as sheets, a sheet as rows, read one row at a time.

use crate::{Cell, Limits, csv_file::CsvFile, say, xlsx_file::XlsxFile};
use texts::Text;

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// Neither an XLSX archive nor readable text.
    #[error("the file is neither XLSX nor CSV text (UTF-8 or GB18030)")]
    UnknownFormat,
    /// A bound of [`Limits`] is exceeded; the text names it.
    #[error("the file is too large: {0}")]
    TooLarge(Text),
    /// The archive or its XML is damaged.
    #[error("the file is damaged: {0}")]
    Damaged(String),
    /// The mapping names a sheet that the file does not have.
    #[error("the file has no sheet `{0}`")]
    NoSuchSheet(String),
    /// Writing failed.
    #[error("writing failed: {0}")]
    Write(String),
}

impl SheetError {
    /// What people are told; a failure to write is ours, so there is nothing to say about it.
    pub fn text(&self) -> Option<Text> {
        match self {
            Self::UnknownFormat => Some(say::unknown_format()),
            Self::TooLarge(bound) => Some(say::file_too_large(bound.clone())),
            Self::Damaged(_) => Some(say::damaged()),
            Self::NoSuchSheet(name) => Some(say::no_such_sheet(name)),
            Self::Write(_) => None,
        }
    }
}

/// One row with at least one filled cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The row number Excel shows, from 1.
    pub number: u32,
    /// Its cells from column A on.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell at a column, counted from 0; a missing one is empty.
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }
}

/// A sheet's name and its first filled rows, enough to recognise it by.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The name on its tab; for CSV the file name without its ending.
    pub name: String,
    /// The first filled rows, at most ten.
    pub head: Vec<Row>,
}

/// An opened file.
pub struct Workbook {
    file: File,
    sheets: Vec<Sheet>,
    limits: Limits,
}

enum File {
    Xlsx(Box<XlsxFile>),
    Csv(CsvFile),
}

/// Rows looked at to find a header.
const HEAD_ROWS: usize = 10;

impl Workbook {
    /// Opens a file from its bytes; `name` is the uploaded file name and names a CSV's only sheet.
    ///
    /// The format is taken from the content. An XLSX archive is measured before it is parsed.
    pub fn open(bytes: Vec<u8>, name: &str, limits: Limits) -> Result<Self, SheetError> {
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.file_bytes {
            return Err(SheetError::TooLarge(say::more_bytes(limits.file_bytes)));
        }
        let file = if bytes.starts_with(b"PK\x03\x04") {
            File::Xlsx(Box::new(XlsxFile::open(bytes, &limits)?))
        } else {
            File::Csv(CsvFile::open(bytes)?)
        };
        let names = match &file {
            File::Xlsx(xlsx) => xlsx.sheet_names(),
            File::Csv(_) => vec![stem(name).to_owned()],
        };
        if names.len() > limits.sheets {
            return Err(SheetError::TooLarge(say::more_sheets(limits.sheets)));
        }
        let mut book = Self { file, sheets: Vec::new(), limits };
        for name in names {
            let head = book.rows_of(&name)?.take(HEAD_ROWS).collect::<Result<_, _>>()?;
            book.sheets.push(Sheet { name, head });
        }
        Ok(book)
    }

    /// Opens the file at a path, within the same limits.
    pub fn open_path(path: &std::path::Path, limits: Limits) -> Result<Self, SheetError> {
        use std::io::Read as _;
        let damaged = |e: std::io::Error| SheetError::Damaged(e.to_string());
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).map_err(damaged)?;
        file.take(limits.file_bytes + 1).read_to_end(&mut bytes).map_err(damaged)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::open(bytes, &name, limits)
    }

    /// The sheets in the order of their tabs.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The filled rows of a sheet from the top, one at a time.
    pub fn rows(&mut self, sheet: &str) -> Result<Rows<'_>, SheetError> {
        if !self.sheets.iter().any(|known| known.name == sheet) {
            return Err(SheetError::NoSuchSheet(sheet.to_owned()));
        }
        self.rows_of(sheet)
    }

    fn rows_of(&mut self, sheet: &str) -> Result<Rows<'_>, SheetError> {
        let limits = self.limits;
        let source: Box<dyn Iterator<Item = Result<Row, SheetError>>> = match &mut self.file {
            File::Xlsx(xlsx) => Box::new(xlsx.rows(sheet, limits.columns)?),
            File::Csv(csv) => Box::new(csv.rows()),
        };
        Ok(Rows { source, limits, count: 0 })
    }
}

/// A file name without directories and ending.
fn stem(name: &str) -> &str {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem)
}

/// The filled rows of one sheet, within the limits.
pub struct Rows<'a> {
    source: Box<dyn Iterator<Item = Result<Row, SheetError>> + 'a>,
    limits: Limits,
    count: usize,
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut row = match self.source.next()? {
                Ok(row) => row,
                Err(failure) => return Some(Err(failure)),
            };
            while row.cells.last().is_some_and(Cell::is_empty) {
                row.cells.pop();
            }
            if !row.cells.is_empty() {
                self.count += 1;
                return Some(self.within_limits(row));
            }
        }
    }
}

impl Rows<'_> {
    fn within_limits(&self, row: Row) -> Result<Row, SheetError> {
        let Limits { rows, columns, cell_bytes, .. } = self.limits;
        let at = row.number;
        let long = |cell: &Cell| matches!(cell, Cell::Text(text) if text.len() > cell_bytes);
        if self.count > rows {
            Err(SheetError::TooLarge(say::more_rows(rows)))
        } else if row.cells.len() > columns {
            Err(SheetError::TooLarge(say::more_columns(at, columns)))
        } else if row.cells.iter().any(long) {
            Err(SheetError::TooLarge(say::longer_text(at, cell_bytes)))
        } else {
            Ok(row)
        }
    }
}
