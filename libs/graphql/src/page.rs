//! Lists: Relay connections, forward paging, at most [`MAX_PAGE`] rows a page.

use crate::to_graphql;
use async_graphql::{
    OutputType, Result,
    connection::{Connection, CursorType, Edge},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use errors::{Invalid, expected};

/// The most rows a page may have.
pub const MAX_PAGE: i32 = 100;

/// Where a page starts and how long it may be, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageArgs {
    /// How many rows are wanted, 1 to [`MAX_PAGE`].
    pub first: u64,
    /// The key after which the page starts.
    pub after: Option<Cursor>,
}

/// An opaque cursor: the sort key of a row, as text that clients cannot read anything into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(pub String);

impl CursorType for Cursor {
    type Error = Invalid;
    fn decode_cursor(text: &str) -> std::result::Result<Self, Invalid> {
        let wrong = || Invalid::new("after", expected::cursor());
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong())?;
        String::from_utf8(bytes).map(Self).map_err(|_| wrong())
    }
    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

impl PageArgs {
    /// Checks what the client asked for; without `first` a page has 50 rows.
    pub fn new(first: Option<i32>, after: Option<String>) -> Result<Self> {
        let first = first.unwrap_or(50);
        if !(1..=MAX_PAGE).contains(&first) {
            let reason = expected::between(1, MAX_PAGE.into());
            return Err(to_graphql(Invalid::new("first", reason)));
        }
        let after = after.as_deref().map(Cursor::decode_cursor).transpose().map_err(to_graphql)?;
        Ok(Self { first: u64::from(first.unsigned_abs()), after })
    }

    /// How many rows to read: one more than wanted tells whether there is a next page.
    pub fn limit(&self) -> u64 {
        self.first + 1
    }
}

/// Builds the connection from the rows read with [`PageArgs::limit`].
pub fn connection<R, N: OutputType>(
    page: &PageArgs,
    mut rows: Vec<R>,
    key: impl Fn(&R) -> String,
    node: impl Fn(R) -> N,
) -> Connection<Cursor, N> {
    let wanted = usize::try_from(page.first).unwrap_or(usize::MAX);
    let more = rows.len() > wanted;
    rows.truncate(wanted);
    let mut connection = Connection::new(page.after.is_some(), more);
    connection.edges.extend(rows.into_iter().map(|row| Edge::new(Cursor(key(&row)), node(row))));
    connection
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_never_longer_than_allowed() {
        assert!(PageArgs::new(Some(101), None).is_err());
        assert!(PageArgs::new(Some(0), None).is_err());
        assert!(PageArgs::new(Some(i32::MAX), None).is_err());
        assert_eq!(PageArgs::new(None, None).unwrap().first, 50);
    }

    #[test]
    fn a_cursor_reads_back_and_rubbish_is_refused() {
        let after = Cursor("3-1-1201".to_owned()).encode_cursor();
        let page = PageArgs::new(Some(1), Some(after)).unwrap();
        assert_eq!(page.after, Some(Cursor("3-1-1201".to_owned())));
        assert!(PageArgs::new(None, Some("!".to_owned())).is_err());
    }

    #[test]
    fn the_extra_row_only_says_that_there_is_more() {
        let page = PageArgs::new(Some(2), None).unwrap();
        let built = connection(&page, vec![1, 2, 3], ToString::to_string, |n| n);
        assert_eq!(built.edges.len(), 2);
        assert!(built.has_next_page);
    }
}
