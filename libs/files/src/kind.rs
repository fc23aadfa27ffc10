//! What a file is, by its content.

use crate::FilesError;

/// The kinds of files that are taken in and handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook.
    Xlsx,
    /// Text with separators.
    Csv,
    /// A photo.
    Jpeg,
    /// A picture.
    Png,
    /// A photo or picture.
    Webp,
    /// A document.
    Pdf,
}

impl FileKind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether it can be shown as a picture.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// What is in every workbook.
const WORKBOOK: &[u8] = b"xl/workbook.xml";

/// Finds out the kind of what people attach: images, PDF, and what [`sniff`] takes.
///
/// # Errors
/// [`FilesError::WrongAttachment`].
pub fn sniff_attachment(bytes: &[u8]) -> Result<FileKind, FilesError> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        Ok(FileKind::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1A\n") {
        Ok(FileKind::Png)
    } else if webp {
        Ok(FileKind::Webp)
    } else if bytes.starts_with(b"%PDF-") {
        Ok(FileKind::Pdf)
    } else {
        sniff(bytes).map_err(|_| FilesError::WrongAttachment)
    }
}

/// Finds out whether it is a table, and of which kind, from the first bytes; the name of a file says
/// nothing.
///
/// # Errors
/// [`FilesError::WrongKind`].
pub fn sniff(bytes: &[u8]) -> Result<FileKind, FilesError> {
    let head = &bytes[..bytes.len().min(4096)];
    if head.starts_with(b"PK\x03\x04") {
        // Other archives begin alike; the names of what is in one stand in it as they are.
        let workbook = bytes.windows(WORKBOOK.len()).any(|part| part == WORKBOOK);
        return if workbook { Ok(FileKind::Xlsx) } else { Err(FilesError::WrongKind) };
    }
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let control = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n');
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    // Whatever its name, markup is no table: a browser might run what stands in it.
    let marks: [&[u8]; 2] = [b"%PDF", b"<"];
    if head.is_empty()
        || (!utf16 && head.iter().any(control))
        || marks.iter().any(|mark| text.starts_with(mark))
    {
        return Err(FilesError::WrongKind);
    }
    Ok(FileKind::Csv)
}
