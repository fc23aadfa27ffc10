//! What an importer has to say about one cell.

use crate::{Row, Wrong};
use std::borrow::Cow;

/// How much a finding weighs.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The row is imported; a value was left out or assumed.
    Warning,
    /// The row is imported only in the way the user chooses.
    Choice,
    /// The row cannot be imported.
    Error,
}

/// One remark about one cell of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The sheet's name as on its tab.
    pub sheet: String,
    /// The row number as Excel shows it, from 1.
    pub row: u32,
    /// The header text of the column.
    pub column: String,
    /// What the cell holds, as shown.
    pub value: String,
    /// Stable code of the reason, e.g. `NOT_A_DATE`.
    pub code: Cow<'static, str>,
    /// The reason in Chinese.
    pub zh: String,
    /// The reason in English.
    pub en: String,
    /// How much it weighs.
    pub severity: Severity,
    /// For a [`Severity::Choice`]: the codes of the ways out.
    pub choices: Vec<Cow<'static, str>>,
}

impl Finding {
    /// A remark about one cell of `row`.
    pub fn new(
        severity: Severity,
        place: (&str, u32, &str),
        value: impl Into<String>,
        why: Wrong,
    ) -> Self {
        let (sheet, row, column) = place;
        Self {
            sheet: sheet.to_owned(),
            row,
            column: column.to_owned(),
            value: value.into(),
            code: why.code.into(),
            zh: why.zh,
            en: why.en,
            severity,
            choices: Vec::new(),
        }
    }

    /// Makes it a choice between the given ways out.
    #[must_use]
    pub fn with_choices(mut self, choices: &[&'static str]) -> Self {
        self.severity = Severity::Choice;
        self.choices = choices.iter().map(|choice| Cow::Borrowed(*choice)).collect();
        self
    }
}

/// The findings of one import, in the order they were made; bounded, so that a hostile file cannot
/// fill the memory with complaints about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    /// How many more there were after [`Findings::MOST`].
    pub left_out: usize,
}

impl Findings {
    /// How many findings are kept.
    pub const MOST: usize = 100_000;

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        if self.list.len() < Self::MOST {
            self.list.push(finding);
        } else {
            self.left_out += 1;
        }
    }

    /// All that were kept.
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// Those with a code.
    pub fn with_code<'a>(&'a self, code: &'a str) -> impl Iterator<Item = &'a Finding> {
        self.list.iter().filter(move |finding| finding.code == code)
    }
}

/// Whether a row is a remark under a table and no record: one filled cell that says so.
pub(crate) fn is_note(row: &Row, filled: &[usize]) -> bool {
    const STARTS: [&str; 9] =
        ["说明", "注意", "备注", "注:", "注：", "合计", "总计", "note", "total"];
    let [only] = filled else { return false };
    let text = row.cell(*only).shown().to_lowercase();
    STARTS.iter().any(|start| text.starts_with(start))
}
