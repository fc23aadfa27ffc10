//! Handing files out over HTTP.

use crate::{FileKind, FileStore, FilesError, Link, sniff_attachment};
use axum::{
    Router,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use bytes::Bytes;
use chrono::Duration;
use contracts::FileId;
use http::{HeaderValue, header};
use ids::TenantId;
use service_http::refusal;

/// How long a link is good.
const LASTING: Duration = Duration::minutes(10);

impl FileStore {
    /// The path and query of a link to a file of a service, good for ten minutes.
    pub fn download_link(
        &self,
        service: &str,
        tenant: TenantId,
        file: FileId,
        name: &str,
    ) -> String {
        let link = self.sign(tenant, file.as_uuid(), name, LASTING);
        format!("/files/{service}/{file}?{}", link.query())
    }
}

/// `GET /files/{id}` for signed links.
pub fn downloads(files: FileStore) -> Router {
    Router::new().route("/files/{id}", get(download)).with_state(files)
}

async fn download(
    State(files): State<FileStore>,
    Path(id): Path<String>,
    Query(link): Query<Link>,
) -> Response {
    let found = async {
        let id: FileId = id.parse().map_err(|_| FilesError::NotFound)?;
        let (tenant, name) = files.verify(id.as_uuid(), &link)?;
        let bytes = files.read(tenant, id.as_uuid()).await?;
        Ok::<_, FilesError>((name, bytes))
    };
    match found.await {
        Ok((name, bytes)) => handed_out(&name, bytes),
        Err(error) => refusal(&error),
    }
}

/// A file as an answer: to be saved, never to be run by a browser, never kept on the way.
pub fn handed_out(name: &str, bytes: Bytes) -> Response {
    let kind = sniff_attachment(&bytes).map_or("application/octet-stream", FileKind::media_type);
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
