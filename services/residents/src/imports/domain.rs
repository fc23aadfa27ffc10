//! What an import is.

use super::WayOut;
use chrono::NaiveDate;
use contracts::{FileId, ImportId};
use ids::EstateId;
use sheets::Mapping;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// The file's rows are being read.
    Reading,
    /// The file was read; nothing is imported yet.
    Analysed,
    /// The rows could not be read to the end; it can be tried in another way.
    Unreadable,
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
            Self::Reading => "reading",
            Self::Analysed => "analysed",
            Self::Unreadable => "unreadable",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// Reads what [`ImportState::as_str`] wrote.
    pub fn from_stored(text: &str) -> Self {
        let all = [Self::Reading, Self::Analysed, Self::Unreadable, Self::Running, Self::Done];
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
    /// How many of these are not listed.
    pub left_out: i64,
    /// Rows done: read while it is being read, imported afterwards.
    pub done: i64,
    /// Good rows there are, once they were read.
    pub total: i64,
    /// Who asked for it.
    pub requested_by: String,
    /// Why it stopped.
    pub failure: Option<String>,
}

impl Import {
    /// The file is to be read anew, in this way: what was found before is not about it.
    #[must_use]
    pub fn to_be_read(self, mapping: Mapping) -> Self {
        Self {
            state: ImportState::Reading,
            mapping,
            counts: [0; 3],
            left_out: 0,
            done: 0,
            total: 0,
            failure: None,
            ..self
        }
    }
}
