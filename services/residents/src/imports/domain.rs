//! What an import is, and how its doubts are settled.

use super::{Choice, Roster};
use chrono::NaiveDate;
use contracts::{FileId, ImportId};
use ids::EstateId;
use roster::Located;
use serde::{Deserialize, Serialize};
use sheets::{Finding, Mapping, Severity};
use std::collections::HashMap;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// The file was read; nothing is imported yet.
    Analysed,
    /// It is being imported.
    Running,
    /// Residents' part is done.
    Done,
    /// It stopped; confirming it again goes on where it stopped.
    Failed,
}

impl ImportState {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Analysed => "analysed",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads what [`ImportState::as_str`] wrote.
    pub fn from_stored(text: &str) -> Self {
        let all = [Self::Analysed, Self::Running, Self::Done];
        all.into_iter().find(|state| state.as_str() == text).unwrap_or(Self::Failed)
    }
}

/// Which rows are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// All; refused while a row is wrong or undecided.
    All,
    /// Those that are neither wrong nor undecided.
    Good,
}

/// One import of one file.
#[derive(Clone, Debug)]
pub struct Import {
    /// The import.
    pub id: ImportId,
    /// Into which estate.
    pub estate: EstateId,
    /// The uploaded file.
    pub file: FileId,
    /// What the file was called.
    pub file_name: String,
    /// The first day of the first month that may be charged.
    pub cut_over: NaiveDate,
    /// How far it is.
    pub state: ImportState,
    /// How the file is read.
    pub mapping: Mapping,
    /// The choices that were made.
    pub choices: Vec<WayOut>,
    /// How many findings are errors, choices and warnings.
    pub counts: [i64; 3],
    /// Steps done.
    pub done: i64,
    /// Steps there are; 0 before it runs.
    pub total: i64,
    /// Who asked for it.
    pub requested_by: String,
    /// Why it stopped.
    pub failure: Option<String>,
}

/// A choice for one finding, or for all of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayOut {
    /// The findings' code.
    pub code: String,
    /// Only in this sheet.
    pub sheet: Option<String>,
    /// Only in this row.
    pub row: Option<u32>,
    /// One of the finding's choices.
    pub choice: String,
}

impl WayOut {
    fn is_for(&self, finding: &Finding) -> bool {
        self.code == finding.code
            && self.sheet.as_ref().is_none_or(|sheet| *sheet == finding.sheet)
            && self.row.is_none_or(|row| row == finding.row)
            && finding.choices.iter().any(|choice| *choice == self.choice)
    }
}

/// Carries the choices out; findings without one leave their rows out. Returns how many those are.
pub fn settle(roster: &mut Roster, findings: &[Finding], ways: &[WayOut]) -> usize {
    let mut undecided = 0;
    let mut chosen: HashMap<(&str, u32, &str), &str> = HashMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Choice) {
        // The more precise choice counts.
        let way = ways
            .iter()
            .filter(|way| way.is_for(finding))
            .max_by_key(|way| (way.row.is_some(), way.sheet.is_some()));
        undecided += usize::from(way.is_none());
        let choice = way.map_or(Choice::LeaveOut.as_str(), |way| way.choice.as_str());
        chosen.insert((&finding.sheet, finding.row, &finding.code), choice);
    }
    let of = |sheet: &str, row, code| chosen.get(&(sheet, row, code)).copied();
    keep(&mut roster.people, |person, sheet, row| {
        let choice = of(sheet, row, "DOUBTFUL_IDENTITY");
        if choice == Some(Choice::ImportWithoutIdentity.as_str()) {
            person.identity = None;
        }
        choice
    });
    keep(&mut roster.units, |unit, sheet, row| {
        let choice = of(sheet, row, "DANGLING_OWNER");
        if choice == Some(Choice::ImportAsVacant.as_str()) {
            unit.owner = None;
        }
        choice
    });
    keep(&mut roster.spaces, |space, sheet, row| {
        let choice = of(sheet, row, "DANGLING_OWNER");
        if choice == Some(Choice::ImportAsVacant.as_str()) {
            space.owner = None;
        }
        choice
    });
    undecided
}

fn keep<'c, T>(
    rows: &mut Vec<Located<T>>,
    mut settle: impl FnMut(&mut T, &str, u32) -> Option<&'c str>,
) {
    rows.retain_mut(|found| {
        let sheet = std::sync::Arc::clone(&found.sheet);
        settle(&mut found.record, &sheet, found.row) != Some(Choice::LeaveOut.as_str())
    });
}
