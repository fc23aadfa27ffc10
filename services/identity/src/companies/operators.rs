//! Platform operators and how they prove who they are.

use super::repo;
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check,
    credentials::Passwords,
    sessions::throttle,
};
use authz::UserId;
use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use db::Db;

/// A platform operator who gave the right password.
#[derive(Clone, Debug)]
pub struct Operator {
    pub id: UserId,
    pub name: String,
    pub origin: String,
}

/// Registers an operator, or gives a known one another password.
pub async fn put(db: &Db, passwords: &Passwords, name: &str, password: String) -> Outcome<UserId> {
    let name = check::text("name", name, 50)?;
    check::password(&password, &name)?;
    let hash = passwords.hash(password).await?;
    Ok(repo::put_operator(db, &name, hash).await?)
}

/// The operator behind `Authorization: Basic`; attempts count as at any sign-in.
pub async fn authenticate(identity: &Identity, headers: &HeaderMap) -> Outcome<Operator> {
    let origin = crate::origin(headers);
    let (name, password) = basic(headers).ok_or(IdentityError::NotSignedIn)?;
    let attempt = throttle::Attempt::begin(&identity.db, "platform", &name, &origin).await?;
    let stored = repo::operator(&identity.db, &name).await?;
    let hash = stored.as_ref().map(|operator| operator.password_hash.clone());
    let right = identity.passwords.verify(password, hash).await;
    match stored {
        Some(stored) if right => {
            attempt.succeeded().await?;
            Ok(Operator { id: UserId::from_uuid(stored.id), name: stored.name, origin })
        }
        _ => Err(IdentityError::NotSignedIn),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get("authorization")?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    Some((name.to_owned(), password.to_owned()))
}
