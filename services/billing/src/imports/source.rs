//! The file of an import, fetched from residents and read beside the database work.

use super::FeeImport;
use bytes::Bytes;
use ids::TenantId;
use roster::{Chunks, FeeLink, FeeSetting, Located, TEMPLATE, each_link, read_settings};
use service_http::Peers;
use sheets::{Findings, Limits, Mapping, SheetError, Workbook, recognise};
use tokio::sync::mpsc::Receiver;

/// Why the file cannot be had or read.
#[derive(Debug, thiserror::Error)]
pub(super) enum SourceError {
    /// Residents does not answer; it will.
    #[error("residents does not answer")]
    Away,
    /// Residents no longer has the file.
    #[error("the file is gone")]
    Gone,
    /// The stored mapping is no mapping.
    #[error("the mapping cannot be read")]
    Mapping(#[from] serde_json::Error),
    /// It cannot be read.
    #[error("the file cannot be read: {0}")]
    Sheet(#[from] SheetError),
}

/// The file and how it is read.
#[derive(Clone)]
pub(super) struct Source {
    bytes: Bytes,
    name: String,
    mapping: Option<Mapping>,
}

/// What there is in the file.
pub(super) struct Contents {
    pub(super) settings: Vec<Located<FeeSetting>>,
    /// How many links.
    pub(super) links: i64,
    pub(super) mapping: Mapping,
}

impl Source {
    /// Fetches the file of an import.
    pub(super) async fn fetch(
        peers: &Peers,
        tenant: TenantId,
        import: &FeeImport,
    ) -> Result<Self, SourceError> {
        let mapping = import.mapping.as_deref().map(serde_json::from_str).transpose()?;
        let residents = peers.get("residents").ok_or(SourceError::Away)?;
        let path = format!("/internal/files/{tenant}/{}", import.file);
        let answer = residents.get(&path).await.map_err(|_| SourceError::Away)?;
        match answer.status() {
            http::StatusCode::OK => {
                Ok(Self { bytes: answer.into_body(), name: import.file_name.clone(), mapping })
            }
            http::StatusCode::NOT_FOUND => Err(SourceError::Gone),
            _ => Err(SourceError::Away),
        }
    }

    fn open(&self) -> Result<(Workbook, Mapping), SheetError> {
        let book = Workbook::open(self.bytes.to_vec(), &self.name, Limits::default())?;
        let mapping = self.mapping.clone().unwrap_or_else(|| recognise(book.sheets(), &TEMPLATE));
        Ok((book, mapping))
    }

    /// Reads the settings and counts the links. What is wrong with rows residents' dry run has
    /// said already.
    pub(super) async fn contents(&self) -> Result<Contents, SourceError> {
        let source = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let (mut book, mapping) = source.open()?;
            let mut findings = Findings::default();
            let settings = read_settings(&mut book, &mapping, &mut findings)?;
            let mut links = 0;
            each_link(&mut book, &mapping, &settings, &mut findings, |_| links += 1)?;
            Ok(Contents { settings, links, mapping })
        });
        read.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
    }

    /// The links in the order of the file, `size` at a time.
    pub(super) fn links(self, size: usize) -> Receiver<Result<Vec<Located<FeeLink>>, SheetError>> {
        roster::chunks(size, move |to: &mut Chunks<Located<FeeLink>>| {
            let (mut book, mapping) = self.open()?;
            drop(self);
            let mut findings = Findings::default();
            let settings = read_settings(&mut book, &mapping, &mut findings)?;
            each_link(&mut book, &mapping, &settings, &mut findings, |link| to.push(link))
        })
    }
}
