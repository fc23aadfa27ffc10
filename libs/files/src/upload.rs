//! Taking a file in from a form.

use crate::{FilesError, MAX_BYTES};
use axum::extract::Multipart;
use bytes::Bytes;

/// The most bytes of the form of an upload: the file and what stands around it.
pub const MAX_UPLOAD: usize = MAX_BYTES + 64 * 1024;

/// A file as somebody sent it, not looked at yet.
#[derive(Clone, Debug)]
pub struct Upload {
    /// What it is called: no path, no control characters, at most 120 characters.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// The part `file` of a form.
///
/// # Errors
/// [`FilesError::FormUnreadable`], [`FilesError::FormWithoutFile`].
pub async fn received(mut parts: Multipart) -> Result<Upload, FilesError> {
    let wrong = |_| FilesError::FormUnreadable;
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        if part.name() == Some("file") {
            let name = clean(part.file_name().unwrap_or("file"));
            let bytes = part.bytes().await.map_err(wrong)?;
            return Ok(Upload { name, bytes });
        }
    }
    Err(FilesError::FormWithoutFile)
}

/// The last part of a path, without control characters, at most 120 characters.
fn clean(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base: String = base.chars().filter(|c| !c.is_control()).take(120).collect();
    if base.is_empty() { "file".to_owned() } else { base }
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(clean("C:\\photos\\水管.jpg"), "水管.jpg");
        assert_eq!(clean("../../etc/pass\u{0}wd"), "passwd");
        assert_eq!(clean("/"), "file");
        assert_eq!(clean(&"x".repeat(200)).len(), 120);
    }
}
