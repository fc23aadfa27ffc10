//! Setting a password with a one-time link that an administrator hands over.

use super::Accounts;
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check, companies,
    opaque::OpaqueToken,
    policy, say, sessions,
    sessions::throttle,
    staff::STAFF_MANAGE,
};
use authz::{Actor, AuditFact, Caller, Denied, UserId, audit, audit_as};
use chrono::Duration;
use db::{StorageError, TenantScope};

/// How long a link works.
const LIFETIME: Duration = Duration::hours(24);

/// A new link for the user; earlier unused ones no longer work.
pub async fn new_reset_token(scope: &TenantScope, user: UserId) -> Result<String, StorageError> {
    let token = OpaqueToken::new(scope.clock(), scope.tenant(), scope.new_id());
    let expires = scope.now() + LIFETIME;
    Accounts(scope).put_reset(token.id, user, token.hash(), expires).await?;
    Ok(token.text())
}

/// An administrator asks for a link for somebody else.
#[tracing::instrument(name = "usecase.credentials.issue_reset", skip_all, fields(user.id = %user))]
pub async fn issue_reset(identity: &Identity, caller: &Caller, user: UserId) -> Outcome<String> {
    caller.act_company(STAFF_MANAGE)?;
    if user == caller.user() {
        return Err(Denied::SamePerson(say::own_password()).into());
    }
    let scope = identity.db.write(caller.tenant()).await?;
    let account = Accounts(&scope).by_id(user).await?.filter(|account| !account.disabled);
    account.ok_or_else(IdentityError::hidden)?;
    let token = new_reset_token(&scope, user).await?;
    let fact = AuditFact {
        action: "password.reset_issued",
        object: user.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(token)
}

/// Whoever has the link sets the password; every session of the user ends.
#[tracing::instrument(name = "usecase.credentials.reset", skip_all)]
pub async fn reset(
    identity: &Identity,
    token: &str,
    password: String,
    origin: &str,
) -> Outcome<()> {
    let attempt = throttle::Attempt::begin_address(&identity.db, origin).await?;
    let token = OpaqueToken::read(token).ok_or(IdentityError::CodeNotValid)?;
    let scope = identity.db.read(token.tenant).await?;
    let link = Accounts(&scope).reset_link(token.id).await?.ok_or(IdentityError::CodeNotValid)?;
    let account = Accounts(&scope).by_id(link.user).await?.ok_or(IdentityError::CodeNotValid)?;
    let company = companies::own(&scope).await?.ok_or(IdentityError::CodeNotValid)?;
    drop(scope);
    let valid = token.matches(&link.secret_hash) && link.expires_at > identity.clock.now();
    if !valid || account.disabled {
        return Err(IdentityError::CodeNotValid);
    }
    check::password(&password, &account.login)?;
    let hash = identity.passwords.hash(password).await?;
    let scope = identity.db.write(token.tenant).await?;
    if !Accounts(&scope).use_reset(token.id).await? {
        return Err(IdentityError::CodeNotValid);
    }
    Accounts(&scope).set_password(link.user, hash).await?;
    sessions::end_all(&scope, link.user, "password reset").await?;
    let user = link.user.to_string();
    let actor = Actor { kind: account.kind.word(), id: &user, origin };
    let object = user.clone();
    let fact =
        AuditFact { action: "password.reset", object, estate: None, reason: None, detail: () };
    audit_as(&scope, actor, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    attempt.succeeded().await?;
    throttle::forget_account(&identity.db, &company.code, &account.login).await
}
