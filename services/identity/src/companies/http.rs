//! The platform's own interface, for operators.

use super::{
    change_state::change_state,
    create::{NewCompany, create},
    operators::{Operator, authenticate},
    usage::{Usage, usage},
};
use crate::{IdentityError, app::Identity, support};
use authz::{Actor, TenantState};
use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// `/auth/platform/…`, with `Authorization: Basic` of an operator.
pub fn routes(identity: Identity) -> Router {
    Router::new()
        .route("/auth/platform/companies", get(list).post(add))
        .route("/auth/platform/companies/{code}/state", post(set_state))
        .route("/auth/platform/companies/{code}/support", post(ask_support))
        .route("/auth/platform/companies/{code}/support/session", post(open_support))
        .with_state(identity)
}

fn actor<'a>(operator: &'a Operator, id: &'a str) -> Actor<'a> {
    Actor { kind: "operator", id, origin: &operator.origin }
}

async fn list(
    State(identity): State<Identity>,
    headers: HeaderMap,
) -> Result<Json<Vec<Usage>>, IdentityError> {
    authenticate(&identity, &headers).await?;
    Ok(Json(usage(&identity.db).await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddCompany {
    code: String,
    name: String,
    admin_login: String,
    admin_name: String,
}

async fn add(
    State(identity): State<Identity>,
    headers: HeaderMap,
    Json(body): Json<AddCompany>,
) -> Result<(StatusCode, Json<Value>), IdentityError> {
    let operator = authenticate(&identity, &headers).await?;
    let AddCompany { code, name, admin_login, admin_name } = body;
    let new = NewCompany { code, name, admin_login, admin_name };
    let id = operator.id.to_string();
    let created = create(&identity.db, actor(&operator, &id), new).await?;
    let answer = json!({
        "company": created.tenant,
        "administrator": created.administrator,
        "passwordToken": created.password_token,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

#[derive(Deserialize)]
struct SetState {
    state: TenantState,
    reason: String,
}

async fn set_state(
    State(identity): State<Identity>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Json(body): Json<SetState>,
) -> Result<StatusCode, IdentityError> {
    let operator = authenticate(&identity, &headers).await?;
    let id = operator.id.to_string();
    change_state(&identity.db, actor(&operator, &id), &code, body.state, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
struct AskSupport {
    reason: String,
    hours: u8,
}

async fn ask_support(
    State(identity): State<Identity>,
    Path(code): Path<String>,
    headers: HeaderMap,
    Json(body): Json<AskSupport>,
) -> Result<(StatusCode, Json<Value>), IdentityError> {
    let operator = authenticate(&identity, &headers).await?;
    let id = support::request(&identity.db, &operator, &code, &body.reason, body.hours).await?;
    Ok((StatusCode::CREATED, Json(json!({ "supportGrant": id }))))
}

async fn open_support(
    State(identity): State<Identity>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, IdentityError> {
    let operator = authenticate(&identity, &headers).await?;
    let token = support::open_session(&identity, &operator, &code).await?;
    Ok(Json(json!({ "accessToken": token, "tokenType": "Bearer" })))
}
