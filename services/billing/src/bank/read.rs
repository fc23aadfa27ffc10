//! From the bytes of a file to a statement.

use super::{
    camt,
    domain::Format,
    mt940,
    statement::{ReadStatement, Wrong},
    table::{self, Columns},
};
use crate::{say, upload::decoded};
use errors::Invalid;
use sheets::SheetError;

/// A file as it is handed in.
#[derive(Clone, Debug)]
pub(super) struct StatementFile {
    pub format: Format,
    pub name: String,
    /// In Base64.
    pub content: String,
    pub columns: Columns,
}

/// Reads a statement; what is wrong with its lines stands in it.
///
/// # Errors
/// [`Invalid`] when it cannot be read at all.
pub(super) fn read(file: &StatementFile) -> Result<ReadStatement, Invalid> {
    let bytes = decoded(&file.content)?;
    let statement = match file.format {
        Format::Table => {
            let read = table::read(bytes, &file.name, &file.columns);
            read.map_err(|error| Invalid::new("content", unreadable(&error)))?
        }
        Format::Camt053 => camt::read(&text(&bytes)).map_err(|error| {
            tracing::debug!(%error, "a bank statement is no XML");
            Invalid::new("content", say::file_unreadable())
        })?,
        Format::Mt940 => mt940::read(&text(&bytes)),
    };
    let mut statement = statement.ordered();
    if statement.lines.is_empty() && statement.wrong.is_empty() {
        statement.wrong.push(Wrong { row: 0, reason: say::bank_no_lines() });
    }
    Ok(statement)
}

/// Text in UTF-8, or else as Chinese banks write it.
fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

fn unreadable(error: &SheetError) -> texts::Text {
    error.text().unwrap_or_else(say::file_unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    fn file(format: Format, bytes: &[u8]) -> StatementFile {
        StatementFile {
            format,
            name: "a".to_owned(),
            content: STANDARD.encode(bytes),
            columns: Columns::default(),
        }
    }

    #[test]
    fn a_file_in_gbk_is_read_as_chinese() {
        let plain = ":60F:C260730CNY0,\n:61:2607310731C1,NTRFX\n:86:物业费\n";
        let (gbk, ..) = encoding_rs::GBK.encode(plain);
        let read = read(&file(Format::Mt940, &gbk)).unwrap();
        assert_eq!(read.lines[0].text, "物业费");
    }

    #[test]
    fn what_is_no_file_is_refused_and_an_empty_statement_is_said_to_be_empty() {
        let broken = StatementFile { content: "?".to_owned(), ..file(Format::Table, b"a") };
        assert_eq!(read(&broken).unwrap_err().field, "content");
        assert!(read(&file(Format::Camt053, b"<a><b></a>")).is_err());
        assert_eq!(read(&file(Format::Mt940, b"hello")).unwrap().wrong.len(), 1);
    }
}
