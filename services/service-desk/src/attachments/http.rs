//! Uploading and downloading: `POST /files`, `GET /files/{id}`.

use super::{FileState, domain::File, files_repo, job, left, parents::UPLOAD, repo};
use crate::{Refused, graphql::State as Shared};
use authz::{Caller, Denied, PolicyStore};
use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Multipart, Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use contracts::FileId;
use db::Db;
use files::{FilesError, Link, MAX_UPLOAD, Upload, handed_out, received, sniff_attachment};
use http::{HeaderMap, StatusCode};
use runtime::authenticate;
use serde_json::json;
use service_http::refusal;

#[derive(Clone)]
struct Door {
    db: Db,
    policy: PolicyStore,
    shared: Shared,
}

/// `POST /files` for whoever may attach files to something, `GET /files/{id}` for signed links to
/// files that may be handed out.
pub(crate) fn routes(db: Db, policy: PolicyStore, shared: Shared) -> Router {
    Router::new()
        .route("/files", post(upload))
        .layer(DefaultBodyLimit::max(MAX_UPLOAD))
        .route("/files/{id}", get(download))
        .with_state(Door { db, policy, shared })
}

async fn upload(State(door): State<Door>, headers: HeaderMap, parts: Multipart) -> Response {
    let caller = match authenticate(&door.policy, &headers) {
        Ok(Some(caller)) => caller,
        Ok(None) => return refusal(&authz::TokenError::NotValid),
        Err(error) => return refusal(&error),
    };
    match take(&door, &caller, parts).await {
        Ok(file) => {
            let body = json!({ "id": file.id.to_string(), "name": file.name, "size": file.size });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Err(error) => refusal(&error),
    }
}

async fn take(door: &Door, caller: &Caller, parts: Multipart) -> Result<File, Refused> {
    if !UPLOAD.iter().any(|permission| caller.may_somewhere(*permission)) {
        return Err(Denied::Missing(UPLOAD[0]).into());
    }
    caller.writable()?;
    left::has_room(&door.db.read(caller.tenant()).await?, caller.user()).await?;
    let Upload { name, bytes } = received(parts).await?;
    let kind = sniff_attachment(&bytes)?.into();
    let id = FileId::from_uuid(door.db.clock().uuid());
    door.shared.files.put(caller.tenant(), id.as_uuid(), &bytes).await?;
    let must_look = door.shared.scanner.must_look();
    let file = File {
        id,
        name,
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        kind,
        state: if must_look { FileState::Pending } else { FileState::Ready },
        thumbnail: None,
        made_by: caller.user(),
    };
    let scope = door.db.write(caller.tenant()).await?;
    files_repo::insert(&scope, &file).await?;
    if must_look || file.kind.is_image() {
        db::enqueue_job(&scope, job::KIND, id.as_uuid()).await?;
    }
    left::watch(&scope, id).await?;
    scope.commit().await?;
    Ok(file)
}

async fn download(
    State(door): State<Door>,
    Path(id): Path<String>,
    Query(link): Query<Link>,
) -> Response {
    let found = async {
        let id: FileId = id.parse().map_err(|_| FilesError::NotFound)?;
        let (tenant, name) = door.shared.files.verify(id.as_uuid(), &link)?;
        let scope = door.db.read(tenant).await?;
        let file = files_repo::shown_by(&scope, id).await?.ok_or(FilesError::NotFound)?;
        let attached = repo::of_file(&scope, file.id).await?;
        // A link outlives neither the attachment nor a virus that was found.
        let there = attached.is_some_and(|attached| attached.removed.is_none());
        if !there || file.state != FileState::Ready {
            return Err(FilesError::NotFound.into());
        }
        Ok::<_, Refused>((name, door.shared.files.read(tenant, id.as_uuid()).await?))
    };
    match found.await {
        Ok((name, bytes)) => handed_out(&name, bytes),
        Err(error) => refusal(&error),
    }
}
