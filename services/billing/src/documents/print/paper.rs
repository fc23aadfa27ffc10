//! What is printed, before it is laid out: a head that all documents have, and blocks.

use chrono::NaiveDateTime;
use texts::{Language, Text};

/// The form a document is printed on, as the pages of a manual name theirs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// Its code, e.g. `CH-B-01`.
    pub code: &'static str,
    /// Its version.
    pub version: &'static str,
    /// How many copies are made.
    pub copies: u8,
}

/// What every document carries (handbook Part 2 (e)).
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Head {
    /// The estate's name, its letterhead.
    pub estate: String,
    /// The document's number, `<estate>-<type>-<yyyymm>-<seq>`.
    pub number: String,
    /// When it was issued, on the estate's clock.
    pub issued_at: NaiveDateTime,
    /// Who issued it; nobody when it was made by itself.
    pub issuer: Option<String>,
    /// Where it is verified; what its QR code holds.
    pub verify: String,
    /// The code of the verification, to be typed.
    pub code: String,
    /// Whether it does not count any more.
    pub void: bool,
}

/// Where a text stands in its space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub head: String,
    /// Its share of the width.
    pub share: f32,
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn words(head: String, share: f32) -> Self {
        Self { head, share, align: Align::Left }
    }

    /// A column of figures, which stand right.
    pub fn figures(head: String, share: f32) -> Self {
        Self { head, share, align: Align::Right }
    }
}

/// A row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub cells: Vec<String>,
    /// What explains the row, over its whole width and smaller.
    pub note: Option<String>,
    /// Whether it is a sum.
    pub sum: bool,
}

impl Row {
    pub fn of(cells: Vec<String>) -> Self {
        Self { cells, note: None, sum: false }
    }

    pub fn sum(cells: Vec<String>) -> Self {
        Self { cells, note: None, sum: true }
    }

    pub fn with_note(self, note: Option<String>) -> Self {
        Self { note, ..self }
    }
}

/// A piece of a document, from top to bottom.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    /// Labels with their values, two pairs a line.
    Facts(Vec<(String, String)>),
    /// The title of a part.
    Heading(String),
    /// A text over the whole width.
    Paragraph(String),
    /// Lines with the same columns; the head is repeated on each page.
    Table(Vec<Column>, Vec<Row>),
    /// The amount that counts, and the same in capitals where the law wants it.
    Total { label: String, figure: String, capitals: Option<String> },
    /// Lines to sign on, each with a date.
    Signatures(Vec<String>),
}

/// A whole document.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub head: Head,
    pub form: Form,
    pub title: String,
    pub blocks: Vec<Block>,
    pub language: Language,
}

impl Paper {
    /// A sentence in the document's language.
    pub fn say(&self, text: &Text) -> String {
        text.say(self.language)
    }
}
