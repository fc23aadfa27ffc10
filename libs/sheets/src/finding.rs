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

/// The findings of one import, in the order they were made. All are counted; of each severity only
/// the first [`Findings::MOST`] are kept, so that a hostile file cannot fill the memory with
/// complaints about it, nor warnings crowd out errors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    list: Vec<Finding>,
    counts: [usize; 3],
}

impl Findings {
    /// How many findings of one severity are kept.
    pub const MOST: usize = 5_000;

    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        let count = &mut self.counts[finding.severity as usize];
        *count += 1;
        if *count <= Self::MOST {
            self.list.push(finding);
        }
    }

    /// Adds those of another list behind its own.
    pub fn append(&mut self, other: Self) {
        let counts = other.counts;
        let mut kept = [0; 3];
        for finding in other.list {
            kept[finding.severity as usize] += 1;
            self.push(finding);
        }
        for (total, (all, kept)) in self.counts.iter_mut().zip(counts.into_iter().zip(kept)) {
            *total += all - kept;
        }
    }

    /// How many there were of a severity, kept or not.
    pub const fn count(&self, severity: Severity) -> usize {
        self.counts[severity as usize]
    }

    /// How many there were that are not kept.
    pub fn left_out(&self) -> usize {
        self.counts.iter().map(|count| count.saturating_sub(Self::MOST)).sum()
    }

    /// All that were kept.
    pub fn as_slice(&self) -> &[Finding] {
        &self.list
    }

    /// All that were kept, to be changed.
    pub fn as_mut_slice(&mut self) -> &mut [Finding] {
        &mut self.list
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
