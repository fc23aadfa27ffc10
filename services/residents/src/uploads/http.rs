//! Uploading and downloading.

use super::repo;
use crate::{ResidentsError, graphql::State as Shared, imports::ROSTER_IMPORT, say};
use authz::{Caller, PolicyStore};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use bytes::Bytes;
use contracts::FileId;
use db::Db;
use files::{FileStore, FilesError, Link, MAX_BYTES, sniff};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ids::TenantId;
use runtime::authenticate;
use serde_json::json;
use service_http::refusal;

#[derive(Clone)]
struct Door {
    db: Db,
    policy: PolicyStore,
    shared: Shared,
}

/// `POST /files` for whoever may import a roster somewhere, `GET /files/{id}` for signed links.
pub(crate) fn routes(db: Db, policy: PolicyStore, shared: Shared) -> Router {
    Router::new()
        .route("/files", post(upload))
        .route("/files/{id}", get(download))
        .layer(DefaultBodyLimit::max(MAX_BYTES + 64 * 1024))
        .with_state(Door { db, policy, shared })
}

/// `GET /internal/files/{company}/{file}`: a file's content, for billing's half of an import.
pub(crate) fn internal(files: FileStore) -> Router {
    Router::new().route("/internal/files/{company}/{file}", get(content)).with_state(files)
}

async fn content(
    State(files): State<FileStore>,
    Path((company, file)): Path<(String, String)>,
) -> Response {
    let (Ok(company), Ok(file)) = (company.parse::<TenantId>(), file.parse::<FileId>()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match files.read(company, file.as_uuid()).await {
        Ok(bytes) => bytes.into_response(),
        Err(error) => refusal(&error),
    }
}

/// The path and query of a link to a file, good for ten minutes.
pub(crate) fn link(shared: &Shared, tenant: TenantId, file: FileId, name: &str) -> String {
    let lasting = chrono::Duration::minutes(10);
    let link = shared.files.sign(tenant, file.as_uuid(), name, lasting);
    format!("/files/residents/{file}?{}", link.query())
}

async fn upload(State(door): State<Door>, headers: HeaderMap, parts: Multipart) -> Response {
    let caller = match authenticate(&door.policy, &headers) {
        Ok(Some(caller)) => caller,
        Ok(None) => return refusal(&authz::TokenError::NotValid),
        Err(error) => return refusal(&error),
    };
    match take(&door, &caller, parts).await {
        Ok((id, name, size)) => {
            let body = json!({ "id": id.to_string(), "name": name, "size": size });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Err(error) => refusal(&error),
    }
}

async fn take(
    door: &Door,
    caller: &Caller,
    mut parts: Multipart,
) -> Result<(FileId, String, usize), ResidentsError> {
    if !caller.may_somewhere(ROSTER_IMPORT) {
        return Err(authz::Denied::Missing(ROSTER_IMPORT).into());
    }
    caller.writable()?;
    let wrong = |_| ResidentsError::invalid("file", say::form_unreadable());
    while let Some(part) = parts.next_field().await.map_err(wrong)? {
        if part.name() != Some("file") {
            continue;
        }
        let name = clean(part.file_name().unwrap_or("file"));
        let bytes: Bytes = part.bytes().await.map_err(wrong)?;
        sniff(&bytes)?;
        let id = FileId::from_uuid(door.db.clock().uuid());
        door.shared.files.put(caller.tenant(), id.as_uuid(), &bytes).await?;
        let scope = door.db.write(caller.tenant()).await?;
        repo::keep(&scope, id, &name, bytes.len(), &caller.user().to_string()).await?;
        scope.commit().await?;
        return Ok((id, name, bytes.len()));
    }
    Err(ResidentsError::invalid("file", say::form_without_file()))
}

/// The last part of a path, without control characters, at most 120 characters.
fn clean(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let base: String = base.chars().filter(|c| !c.is_control()).take(120).collect();
    if base.is_empty() { "file".to_owned() } else { base }
}

#[derive(serde::Deserialize)]
struct Signed {
    tenant: String,
    name: String,
    expires: i64,
    signature: String,
}

async fn download(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(signed): Query<Signed>,
) -> Response {
    let Signed { tenant, name, expires, signature } = signed;
    let link = Link { tenant, name, expires, signature };
    let found = async {
        let id: FileId = id.parse().map_err(|_| FilesError::NotFound)?;
        let (tenant, name) = door.shared.files.verify(id.as_uuid(), &link)?;
        let bytes = door.shared.files.read(tenant, id.as_uuid()).await?;
        Ok::<_, FilesError>((name, bytes))
    };
    match found.await {
        Ok((name, bytes)) => attachment(&name, bytes),
        Err(error) => refusal(&error),
    }
}

fn attachment(name: &str, bytes: Bytes) -> Response {
    let kind = sniff(&bytes).map_or("application/octet-stream", files::FileKind::media_type);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let encoded: String = name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    let disposition = format!("attachment; filename*=UTF-8''{encoded}");
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response
}
