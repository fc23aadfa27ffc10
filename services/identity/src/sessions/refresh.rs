//! A new access token for a refresh token, which is exchanged as well.

use super::{
    Tokens,
    repo::{Session, Sessions, Which},
    tokens::{issue, lasts_until, successor},
};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    companies,
    credentials::Accounts,
    opaque::OpaqueToken,
    policy,
};
use authz::{Actor, AuditFact, SessionId, TenantState, audit_as};
use chrono::{DateTime, Duration, Utc};
use db::TenantScope;

/// How long a refresh token that was just exchanged still gets its successor: two tabs may ask at
/// the same time, or an answer may be lost.
const GRACE: Duration = Duration::seconds(20);

/// What a refresh token is to its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// In force.
    Current,
    /// Exchanged a moment ago.
    JustExchanged,
    /// Exchanged long ago, or never ours: somebody else may have it.
    Reused,
}

fn standing(session: &Session, token: &OpaqueToken, now: DateTime<Utc>) -> Standing {
    if token.matches(&session.refresh_hash) {
        return Standing::Current;
    }
    let previous = session.previous_hash.as_deref().is_some_and(|hash| token.matches(hash));
    if previous && now - session.rotated_at <= GRACE {
        Standing::JustExchanged
    } else {
        Standing::Reused
    }
}

/// Exchanges a refresh token. One that was exchanged before ends the session: either its owner or
/// a thief is about to use it a second time, and nobody can tell which.
#[tracing::instrument(name = "usecase.sessions.refresh", skip_all)]
pub async fn refresh(identity: &Identity, token: &str, origin: &str) -> Outcome<Tokens> {
    let token = OpaqueToken::read(token).ok_or(IdentityError::NotSignedIn)?;
    let scope = identity.db.write(token.tenant).await?;
    let company = companies::own(&scope).await?.ok_or(IdentityError::NotSignedIn)?;
    let sessions = Sessions(&scope);
    let id = SessionId::from_uuid(token.id);
    let session = sessions.lock(id).await?.ok_or(IdentityError::NotSignedIn)?;
    let now = scope.now();
    let over = session.ended_at.is_some() || session.expires_at <= now;
    if over || company.state == TenantState::Closed {
        return Err(IdentityError::NotSignedIn);
    }
    let next = successor(&token, &session.pepper);
    match standing(&session, &token, now) {
        Standing::Current => {
            let until = lasts_until(session.created_at, now);
            sessions.rotate(id, next.hash(), token.hash(), until).await?;
        }
        Standing::JustExchanged => {}
        Standing::Reused => {
            end_reused(&scope, &session, origin).await?;
            scope.commit().await?;
            return Err(IdentityError::NotSignedIn);
        }
    }
    let account = Accounts(&scope).by_id(session.user).await?.filter(|account| !account.disabled);
    let account = account.ok_or(IdentityError::NotSignedIn)?;
    let tokens = issue(identity, token.tenant, &account, id, next.text()).await?;
    scope.commit().await?;
    Ok(tokens)
}

async fn end_reused(scope: &TenantScope, session: &Session, origin: &str) -> Outcome<()> {
    Sessions(scope).end(session.user, Which::One(session.id), "refresh token reused").await?;
    let user = session.user.to_string();
    let fact = AuditFact {
        action: "session.reuse_detected",
        object: session.id.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit_as(scope, Actor { kind: "system", id: &user, origin }, fact).await?;
    Ok(policy::bump(scope).await?)
}
