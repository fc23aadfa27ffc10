//! What a file is, by its content.

use crate::FilesError;

/// The kinds of files that are taken in and handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook.
    Xlsx,
    /// Text with separators.
    Csv,
}

impl FileKind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }
}

/// Finds out the kind from the first bytes; the name of a file says nothing.
///
/// # Errors
/// [`FilesError::WrongKind`].
pub fn sniff(bytes: &[u8]) -> Result<FileKind, FilesError> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.starts_with(b"PK\x03\x04") {
        return Ok(FileKind::Xlsx);
    }
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n');
    let marks: [&[u8]; 3] = [b"%PDF", b"<!DOCTYPE", b"<html"];
    if head.is_empty()
        || (!utf16 && head.iter().any(control))
        || marks.iter().any(|mark| head.starts_with(mark))
    {
        return Err(FilesError::WrongKind);
    }
    Ok(FileKind::Csv)
}
