//! Ending sessions.

use super::repo::{Sessions, Which};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    credentials::Accounts,
    opaque::OpaqueToken,
    policy,
    staff::STAFF_MANAGE,
};
use authz::{Actor, AuditFact, Caller, SessionId, UserId, audit, audit_as};
use db::{StorageError, TenantScope};

/// Ends every session of a user, in the transaction.
pub async fn end_all(scope: &TenantScope, user: UserId, why: &str) -> Result<u64, StorageError> {
    Sessions(scope).end(user, Which::All, why).await
}

/// Ends every session of a user but one, in the transaction.
pub async fn end_others(
    scope: &TenantScope,
    user: UserId,
    kept: SessionId,
    why: &str,
) -> Result<u64, StorageError> {
    Sessions(scope).end(user, Which::Others(kept), why).await
}

/// Signs out: ends the session of a refresh token. An unknown token is signed out already.
#[tracing::instrument(name = "usecase.sessions.sign_out", skip_all)]
pub async fn sign_out(identity: &Identity, token: &str, origin: &str) -> Outcome<()> {
    let Some(token) = OpaqueToken::read(token) else { return Ok(()) };
    let scope = identity.db.write(token.tenant).await?;
    let sessions = Sessions(&scope);
    let id = SessionId::from_uuid(token.id);
    let Some(session) = sessions.lock(id).await? else { return Ok(()) };
    let previous = session.previous_hash.as_deref().is_some_and(|hash| token.matches(hash));
    let ours = previous || token.matches(&session.refresh_hash);
    if !ours || sessions.end(session.user, Which::One(id), "signed out").await? == 0 {
        return Ok(());
    }
    let user = session.user.to_string();
    let actor = Actor { kind: kind(&scope, session.user).await?, id: &user, origin };
    audit_as(&scope, actor, ended(id.to_string())).await?;
    policy::bump(&scope).await?;
    Ok(scope.commit().await?)
}

async fn kind(scope: &TenantScope, user: UserId) -> Result<&'static str, StorageError> {
    let account = Accounts(scope).by_id(user).await?;
    Ok(account.map_or("staff", |account| account.kind.word()))
}

fn ended(object: String) -> AuditFact<'static> {
    AuditFact { action: "session.ended", object, estate: None, reason: None, detail: () }
}

/// Ends one session: the caller's own, or anybody's with the right to manage staff.
#[tracing::instrument(name = "usecase.sessions.revoke", skip_all, fields(session.id = %id))]
pub async fn revoke(identity: &Identity, caller: &Caller, id: SessionId) -> Outcome<()> {
    let scope = identity.db.write(caller.tenant()).await?;
    let sessions = Sessions(&scope);
    let session = sessions.lock(id).await?.ok_or_else(IdentityError::hidden)?;
    may_end(caller, session.user)?;
    sessions.end(session.user, Which::One(id), "revoked").await?;
    audit(&scope, caller, ended(id.to_string())).await?;
    policy::bump(&scope).await?;
    Ok(scope.commit().await?)
}

/// Ends every session of a user: the caller's own, or anybody's with the right to manage staff.
#[tracing::instrument(name = "usecase.sessions.sign_out_everywhere", skip_all, fields(user.id = %user))]
pub async fn sign_out_everywhere(
    identity: &Identity,
    caller: &Caller,
    user: UserId,
) -> Outcome<u64> {
    may_end(caller, user)?;
    let scope = identity.db.write(caller.tenant()).await?;
    if Accounts(&scope).by_id(user).await?.is_none() {
        return Err(IdentityError::hidden());
    }
    let count = end_all(&scope, user, "signed out everywhere").await?;
    audit(&scope, caller, ended(user.to_string())).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(count)
}

/// Signing out works in a suspended company too: it protects, it changes nothing.
fn may_end(caller: &Caller, user: UserId) -> Outcome<()> {
    if user != caller.user() {
        caller.read_company(STAFF_MANAGE)?;
    }
    Ok(())
}
