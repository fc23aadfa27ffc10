//! CSV: encoding and delimiter are found out, cells are text.

use crate::{Cell, Row, SheetError};

/// The text of the file, decoded; the size limit of the file bounds it.
pub struct CsvFile {
    text: String,
    delimiter: u8,
}

impl CsvFile {
    pub fn open(bytes: Vec<u8>) -> Result<Self, SheetError> {
        let text = decode(bytes)?;
        if text.contains('\0') {
            return Err(SheetError::UnknownFormat);
        }
        let delimiter = delimiter(&text);
        Ok(Self { text, delimiter })
    }

    pub fn rows(&self) -> impl Iterator<Item = Result<Row, SheetError>> + '_ {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(self.text.as_bytes());
        CsvRows { reader, text: self.text.as_bytes(), number: 0 }
    }
}

/// Numbers rows as Excel does: a record of several lines is one row, a blank line is one too.
struct CsvRows<'a> {
    reader: csv::Reader<&'a [u8]>,
    text: &'a [u8],
    number: u32,
}

impl CsvRows<'_> {
    /// Blank lines in front of the next record; the reader drops them.
    fn blank_lines(&self) -> u32 {
        let start = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let rest = self.text.get(start..).unwrap_or_default();
        let within_line_end = start > 0 && self.text[start - 1] == b'\r';
        let mut rest = rest.strip_prefix(b"\n").filter(|_| within_line_end).unwrap_or(rest);
        let mut blank = 0;
        while let Some((b'\r' | b'\n', after)) = rest.split_first() {
            rest = rest.strip_prefix(b"\r\n").unwrap_or(after);
            blank += 1;
        }
        blank
    }
}

impl Iterator for CsvRows<'_> {
    type Item = Result<Row, SheetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.number += self.blank_lines() + 1;
        let mut record = csv::StringRecord::new();
        match self.reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let cells = record.iter().map(Cell::from_text).collect();
                Some(Ok(Row { number: self.number, cells }))
            }
            Err(failure) => Some(Err(SheetError::Damaged(failure.to_string()))),
        }
    }
}

/// UTF-8 and UTF-16 by their marks, else UTF-8 if it is valid, else GB18030 if that is.
fn decode(bytes: Vec<u8>) -> Result<String, SheetError> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        let (text, failed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return if failed { Err(SheetError::UnknownFormat) } else { Ok(text.into_owned()) };
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(other) => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(other.as_bytes())
            .map(std::borrow::Cow::into_owned)
            .ok_or(SheetError::UnknownFormat),
    }
}

/// The separator that occurs most in the first filled line outside quotes; a comma if none does.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |wanted: u8| {
        let mut quoted = false;
        line.bytes()
            .filter(|byte| {
                quoted ^= *byte == b'"';
                !quoted && *byte == wanted
            })
            .count()
    };
    // `max_by_key` keeps the last of equals: the comma wins a tie
    [b'|', b'\t', b';', b','].into_iter().max_by_key(|wanted| count(*wanted)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Vec<Vec<String>> {
        let file = CsvFile::open(bytes.to_vec()).unwrap();
        let rows = file.rows().collect::<Result<Vec<_>, _>>().unwrap();
        rows.iter().map(|row| row.cells.iter().map(Cell::shown).collect()).collect()
    }

    #[test]
    fn chinese_text_is_read_in_every_usual_encoding() {
        let text = "业主编号,业主名称\n1,张学礼\n";
        let want = [["业主编号", "业主名称"], ["1", "张学礼"]];
        assert_eq!(shown(text.as_bytes()), want);
        assert_eq!(shown(format!("\u{feff}{text}").as_bytes()), want);
        assert_eq!(shown(&encoding_rs::GB18030.encode(text).0), want);
        let mut utf16 = vec![0xFF, 0xFE];
        utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(shown(&utf16), want);
    }

    #[test]
    fn the_delimiter_is_found() {
        for text in ["a;b\n1;2", "a\tb\n1\t2", "a,b\n1,2", "\"a;;\",b\n1,2"] {
            assert_eq!(shown(text.as_bytes())[1], ["1", "2"], "{text}");
        }
    }

    #[test]
    fn rows_are_numbered_as_excel_does() {
        let file = CsvFile::open(b"a\r\n\r\n\"b\r\nb\"\r\nc\n\n\nd".to_vec()).unwrap();
        let numbers: Vec<_> = file.rows().map(|row| row.unwrap().number).collect();
        assert_eq!(numbers, [1, 3, 4, 7]);
    }

    #[test]
    fn binary_data_is_refused() {
        assert!(matches!(CsvFile::open(vec![0xFF; 9]), Err(SheetError::UnknownFormat)));
        assert!(matches!(CsvFile::open(vec![b'a', 0, 1]), Err(SheetError::UnknownFormat)));
    }
}
