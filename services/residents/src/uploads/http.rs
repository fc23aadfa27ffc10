//! Uploading and downloading.

use super::repo;
use crate::{ResidentsError, graphql::State as Shared, imports::ROSTER_IMPORT};
use authz::{Caller, PolicyStore};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use contracts::FileId;
use db::Db;
use files::{FileStore, MAX_UPLOAD, Upload, downloads, received, sniff};
use http::{HeaderMap, StatusCode};
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
    let files = downloads(shared.files.clone());
    Router::new()
        .route("/files", post(upload))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD))
        .with_state(Door { db, policy, shared })
        .merge(files)
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
    parts: Multipart,
) -> Result<(FileId, String, usize), ResidentsError> {
    if !caller.may_somewhere(ROSTER_IMPORT) {
        return Err(authz::Denied::Missing(ROSTER_IMPORT).into());
    }
    caller.writable()?;
    let Upload { name, bytes } = received(parts).await?;
    sniff(&bytes)?;
    let id = FileId::from_uuid(door.db.clock().uuid());
    door.shared.files.put(caller.tenant(), id.as_uuid(), &bytes).await?;
    let scope = door.db.write(caller.tenant()).await?;
    repo::keep(&scope, id, &name, bytes.len(), &caller.user().to_string()).await?;
    scope.commit().await?;
    Ok((id, name, bytes.len()))
}
