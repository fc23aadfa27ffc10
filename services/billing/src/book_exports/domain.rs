//! What is exported, and how far it is.

use crate::{
    charges::BillingMonth,
    ids::{BookExportId, UserId},
};
use chrono::{DateTime, Utc};
use contracts::FileId;
use ids::EstateId;
use sheets::Language;

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookKind {
    /// Every entry of some months as vouchers.
    Journal,
    /// The reports of the last month.
    Reports,
}

/// As which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookFormat {
    /// A workbook.
    Xlsx,
    /// One table of text.
    Csv,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExportState {
    /// Waits for a worker.
    Queued,
    /// Being written.
    Running,
    /// The file is there.
    Done,
    /// It could not be written.
    Failed,
}

/// One export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookExport {
    /// Its id.
    pub id: BookExportId,
    /// Whose books.
    pub estate: EstateId,
    /// What.
    pub kind: BookKind,
    /// As which file.
    pub format: BookFormat,
    /// In which language.
    pub language: Language,
    /// First month.
    pub from: BillingMonth,
    /// Last month.
    pub to: BillingMonth,
    /// How far it is.
    pub state: ExportState,
    /// How many entries there are.
    pub total: i64,
    /// How many are written.
    pub done: i64,
    /// The file, once it is there.
    pub file: Option<FileId>,
    /// Who asked, and when.
    pub requested: (UserId, DateTime<Utc>),
}

impl BookExport {
    /// What the file is called.
    pub fn name(&self, estate: &str) -> String {
        let what = match (self.kind, self.language) {
            (BookKind::Journal, Language::Zh) => "凭证",
            (BookKind::Journal, Language::En) => "journal",
            (BookKind::Reports, Language::Zh) => "月报",
            (BookKind::Reports, Language::En) => "reports",
        };
        let months = match self.kind {
            BookKind::Journal if self.from != self.to => format!("{}_{}", self.from, self.to),
            BookKind::Journal | BookKind::Reports => self.to.to_string(),
        };
        let end = match self.format {
            BookFormat::Xlsx => "xlsx",
            BookFormat::Csv => "csv",
        };
        format!("{estate}-{what}-{months}.{end}")
    }
}
