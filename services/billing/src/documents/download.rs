//! Files that are handed out by links that end soon.

use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use chrono::Duration;
use clock::Clock;
use config::{Config, ConfigError};
use contracts::FileId;
use files::{FileStore, FilesError, Link};
use http::{HeaderValue, header};
use ids::TenantId;
use service_http::refusal;

/// How long a link is good.
const LASTING: Duration = Duration::minutes(10);

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
        let link = self.files.sign(tenant, file.as_uuid(), name, LASTING);
        Handed { link: format!("/files/billing/{file}?{}", link.query()) }
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
    Router::new().route("/files/{id}", get(download)).with_state(shelf)
}

#[derive(serde::Deserialize)]
struct Signed {
    tenant: String,
    name: String,
    expires: i64,
    signature: String,
}

async fn download(
    State(shelf): State<Shelf>,
    Path(id): Path<String>,
    Query(signed): Query<Signed>,
) -> Response {
    let Signed { tenant, name, expires, signature } = signed;
    let link = Link { tenant, name, expires, signature };
    let found = async {
        let id: FileId = id.parse().map_err(|_| FilesError::NotFound)?;
        let (tenant, name) = shelf.files.verify(id.as_uuid(), &link)?;
        let bytes = shelf.files.read(tenant, id.as_uuid()).await?;
        Ok::<_, FilesError>((name, bytes))
    };
    match found.await {
        Ok((name, bytes)) => attachment(&name, bytes),
        Err(error) => refusal(&error),
    }
}

fn attachment(name: &str, bytes: Bytes) -> Response {
    let kind = if bytes.starts_with(b"%PDF") {
        "application/pdf"
    } else {
        files::sniff(&bytes).map_or("application/octet-stream", files::FileKind::media_type)
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
