//! Texts that people write, checked.

use crate::{Invalid, expected};

/// Trimmed text of 1 to `max` characters on one line.
///
/// # Errors
/// [`Invalid`] with the field.
pub fn text(field: &str, value: &str, max: usize) -> Result<String, Invalid> {
    checked(field, value, max, char::is_control)
}

/// Trimmed text of 1 to `max` characters, of several lines perhaps.
///
/// # Errors
/// [`Invalid`] with the field.
pub fn lines(field: &str, value: &str, max: usize) -> Result<String, Invalid> {
    checked(field, value, max, |c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// Optional text: nothing but blanks is nothing.
///
/// # Errors
/// [`Invalid`] with the field.
pub fn optional(field: &str, value: Option<&str>, max: usize) -> Result<Option<String>, Invalid> {
    match value.map(str::trim) {
        None | Some("") => Ok(None),
        Some(value) => lines(field, value, max).map(Some),
    }
}

fn checked(
    field: &str,
    value: &str,
    max: usize,
    refused: impl Fn(char) -> bool,
) -> Result<String, Invalid> {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > max || value.chars().any(refused) {
        return Err(Invalid::new(field, expected::length(1, max)));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_nothing_and_control_characters_are_refused() {
        assert!(text("name", "\u{0}", 5).is_err() && text("name", " ", 5).is_err());
        assert!(text("name", "a\nb", 5).is_err());
        assert_eq!(lines("facts", " a\nb ", 5).unwrap(), "a\nb");
        assert!(lines("facts", "123456", 5).is_err());
        assert_eq!(optional("phone", Some("  "), 5).unwrap(), None);
    }
}
