//! Files that are handed out by links that end soon.

use axum::Router;
use clock::Clock;
use config::{Config, ConfigError};
use contracts::FileId;
use files::{FileStore, FilesError};
use ids::TenantId;

/// Where produced files are, and where our web is.
#[derive(Clone)]
pub(crate) struct Shelf {
    files: FileStore,
    clock: Clock,
    /// `PUBLIC_URL`, for the addresses in QR codes.
    pub site: Option<String>,
}

/// A file that was handed out.
#[derive(Clone, Debug)]
pub(crate) struct Handed {
    /// Path and query of a link, good for ten minutes.
    pub link: String,
}

impl Shelf {
    /// As configured.
    pub fn from_config(config: &Config, clock: Clock) -> Result<Self, ConfigError> {
        let site = config.text("PUBLIC_URL").map(str::to_owned);
        Ok(Self { files: FileStore::from_config(config, clock.clone())?, clock, site })
    }

    /// Keeps a file under an id of its own.
    pub async fn keep(&self, tenant: TenantId, bytes: &[u8]) -> Result<FileId, FilesError> {
        let id = FileId::from_uuid(self.clock.uuid());
        self.files.put(tenant, id.as_uuid(), bytes).await?;
        Ok(id)
    }

    /// A link to a kept file.
    pub fn link(&self, tenant: TenantId, file: FileId, name: &str) -> Handed {
        Handed { link: self.files.download_link("billing", tenant, file, name) }
    }

    /// Keeps a file and links to it.
    pub async fn hand_out(
        &self,
        tenant: TenantId,
        name: &str,
        bytes: &[u8],
    ) -> Result<Handed, FilesError> {
        let file = self.keep(tenant, bytes).await?;
        Ok(self.link(tenant, file, name))
    }
}

/// `GET /files/{id}` for signed links.
pub(crate) fn routes(shelf: Shelf) -> Router {
    files::downloads(shelf.files)
}
