//! Making a session and its tokens.

use super::repo::{Session, Sessions};
use crate::{
    app::{Identity, Outcome},
    credentials::{Account, AccountKind},
    opaque::OpaqueToken,
};
use authz::{
    Actor, AuditFact, Claims, SessionId, SubjectKind, TOKEN_ISSUER, TOKEN_LIFETIME_MINUTES, UserId,
    audit_as,
};
use chrono::{DateTime, Duration, Utc};
use db::TenantScope;
use hmac::{Hmac, Mac as _};
use ids::TenantId;
use sha2::Sha256;
use uuid::Uuid;

/// How long a session lasts without use.
pub const IDLE: Duration = Duration::days(14);
/// How long a session lasts at most.
const LONGEST: Duration = Duration::days(30);

/// Where a request came from.
#[derive(Clone, Debug)]
pub struct Origin {
    /// The client's address.
    pub address: String,
    /// Its `User-Agent`, cut short.
    pub agent: String,
}

/// What a client gets at sign-in and refresh.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub user: UserId,
    pub kind: SubjectKind,
    pub access: String,
    pub refresh: String,
}

/// Starts a session of an account, in the transaction.
pub async fn start(
    identity: &Identity,
    scope: &TenantScope,
    account: &Account,
    origin: Origin,
) -> Outcome<Tokens> {
    let now = scope.now();
    let token = OpaqueToken::new(scope.clock(), scope.tenant(), scope.new_id());
    let id = SessionId::from_uuid(token.id);
    let pepper: [u8; 32] = scope.clock().bytes();
    let sessions = Sessions(scope);
    sessions.forget_old(account.id, now - LONGEST).await?;
    let address = origin.address.clone();
    sessions
        .insert(Session {
            id,
            user: account.id,
            refresh_hash: token.hash(),
            previous_hash: None,
            pepper: hex::encode(pepper),
            rotated_at: now,
            created_at: now,
            last_used_at: now,
            expires_at: now + IDLE,
            ended_at: None,
            origin: origin.address,
            agent: origin.agent,
        })
        .await?;
    let user = account.id.to_string();
    let actor = Actor { kind: account.kind.word(), id: &user, origin: &address };
    let object = id.to_string();
    let fact =
        AuditFact { action: "session.started", object, estate: None, reason: None, detail: () };
    audit_as(scope, actor, fact).await?;
    issue(identity, scope.tenant(), account, id, token.text()).await
}

/// Signs an access token for the session and puts it beside the refresh token.
pub async fn issue(
    identity: &Identity,
    tenant: TenantId,
    account: &Account,
    session: SessionId,
    refresh: String,
) -> Outcome<Tokens> {
    let (kind, person) = match account.kind {
        AccountKind::Staff => (SubjectKind::Staff, None),
        AccountKind::Resident(person) => (SubjectKind::Resident, Some(person)),
    };
    let access = access_token(identity, tenant, account.id, kind, person, session).await?;
    Ok(Tokens { user: account.id, kind, access, refresh })
}

/// Signs an access token.
pub async fn access_token(
    identity: &Identity,
    tenant: TenantId,
    user: UserId,
    kind: SubjectKind,
    person: Option<Uuid>,
    session: SessionId,
) -> Outcome<String> {
    let now = identity.clock.now().timestamp();
    let claims = Claims {
        iss: TOKEN_ISSUER.to_owned(),
        sub: user,
        cmp: tenant,
        sid: session,
        kind,
        person,
        iat: now,
        exp: now + TOKEN_LIFETIME_MINUTES * 60,
    };
    identity.keys.sign(&claims).await
}

/// The refresh token that follows another one: always the same, and nobody can compute it who has
/// not both the token and the session's row.
pub fn successor(token: &OpaqueToken, pepper: &str) -> OpaqueToken {
    let mut mac = <Hmac<Sha256> as hmac::Mac>::new_from_slice(pepper.as_bytes())
        .expect("HMAC takes a key of any length");
    mac.update(&token.secret);
    OpaqueToken { secret: mac.finalize().into_bytes().into(), ..token.clone() }
}

/// Until when a session that is used now lasts.
pub fn lasts_until(created: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    (now + IDLE).min(created + LONGEST)
}
