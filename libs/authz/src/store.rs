//! A service's copy of the policy.

use crate::{
    Caller, Claims, Grant, PolicyPage, Rights, Role, Subject, SubjectKind, TOKEN_ISSUER,
    TenantPolicy, TenantState, UserId,
};
use chrono::{DateTime, TimeDelta, Utc};
use clock::Clock;
use errors::{Code, Coded, expected};
use ids::{EstateId, TenantId};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use parking_lot::{Mutex, RwLock};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};
use texts::Text;
use uuid::Uuid;

/// How long the last copy stays valid when identity cannot be reached.
const MAX_AGE: Duration = Duration::from_mins(15);

/// How many verified tokens are kept; a token has some 400 bytes.
const MOST_VERIFIED: usize = 4_096;

/// The policy of all companies as last heard from identity.
#[derive(Clone)]
pub struct PolicyStore(Arc<Shared>);

struct Shared {
    clock: Clock,
    policy: RwLock<Policy>,
    /// What tokens say whose signature was found good under the current keys.
    verified: RwLock<HashMap<String, Claims>>,
    /// How often each API client asked in its current minute.
    asked: Mutex<HashMap<Uuid, (DateTime<Utc>, u32)>>,
    version: tokio::sync::watch::Sender<i64>,
}

#[derive(Default)]
struct Policy {
    templates: Arc<HashMap<String, Role>>,
    keys: HashMap<String, DecodingKey>,
    tenants: HashMap<TenantId, Arc<Tenant>>,
    heard: Option<Instant>,
}

struct Tenant {
    state: TenantState,
    templates: Arc<HashMap<String, Role>>,
    roles: HashMap<String, Role>,
    grants: HashMap<Uuid, Vec<Grant>>,
    revoked: HashSet<Uuid>,
    support: HashMap<Uuid, DateTime<Utc>>,
    client_limits: HashMap<Uuid, u32>,
    compiled: RwLock<HashMap<(Uuid, SubjectKind), Arc<Rights>>>,
}

/// A token does not let its bearer in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not ours, expired, or its session has ended.
    #[error("the token is not valid (any more); sign in again")]
    NotValid,
    /// Identity was not heard from for too long to trust the copy of the policy.
    #[error("the policy is out of date")]
    PolicyTooOld,
    /// The API client asked more often than its limit allows.
    #[error("too many requests; try again in {seconds} seconds")]
    TooManyRequests {
        /// When its next minute begins.
        seconds: u64,
    },
}

impl Coded for TokenError {
    fn code(&self) -> Code {
        match self {
            Self::NotValid => Code::Unauthenticated,
            Self::PolicyTooOld => Code::Unavailable,
            Self::TooManyRequests { .. } => Code::RateLimited,
        }
    }

    fn text(&self) -> Text {
        match self {
            Self::NotValid | Self::PolicyTooOld => self.code().text(),
            Self::TooManyRequests { seconds } => expected::patience(*seconds),
        }
    }

    fn retry_after_seconds(&self) -> Option<u64> {
        match self {
            Self::TooManyRequests { seconds } => Some(*seconds),
            _ => None,
        }
    }
}

impl std::fmt::Debug for PolicyStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PolicyStore(version {})", self.version())
    }
}

impl PolicyStore {
    /// An empty copy, which lets nobody in.
    pub fn new(clock: Clock) -> Self {
        let version = tokio::sync::watch::Sender::new(0);
        let (policy, asked) = (RwLock::default(), Mutex::default());
        Self(Arc::new(Shared { clock, policy, verified: RwLock::default(), asked, version }))
    }

    /// The version of the copy.
    pub fn version(&self) -> i64 {
        *self.0.version.borrow()
    }

    /// Waits until the copy is at least at `version`.
    pub async fn reached(&self, version: i64) {
        let mut seen = self.0.version.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = seen.wait_for(|now| *now >= version).await;
    }

    /// How long ago identity was heard from; `None` before the first time.
    pub fn age(&self) -> Option<Duration> {
        self.0.policy.read().heard.map(|at| at.elapsed())
    }

    /// Takes in an answer of identity.
    pub fn apply(&self, page: PolicyPage) {
        let mut policy = self.0.policy.write();
        policy.heard = Some(Instant::now());
        if page.version <= self.version() && page.tenants.is_empty() {
            return;
        }
        policy.templates =
            Arc::new(page.templates.into_iter().map(|role| (role.code.clone(), role)).collect());
        policy.keys = page
            .keys
            .into_iter()
            .filter_map(|key| DecodingKey::from_ed_components(&key.x).ok().map(|k| (key.kid, k)))
            .collect();
        let templates = Arc::clone(&policy.templates);
        for tenant in page.tenants {
            policy.tenants.insert(tenant.tenant, Arc::new(Tenant::new(tenant, &templates)));
        }
        // Whoever verifies holds the policy meanwhile: nothing found under an old key comes after.
        self.0.verified.write().clear();
        drop(policy);
        self.0.version.send_replace(page.version);
    }

    /// Who the bearer of a token is; `origin` is the address the call came from.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn caller(&self, token: &str, origin: &str) -> Result<Caller, TokenError> {
        self.identified(token, origin, |client, limit| self.count(client, limit))
    }

    /// Whether who once asked with this token might ask again and may do the same still. It counts
    /// as no request of an API client: whoever listens for long is looked after so.
    pub fn still(&self, token: &str, caller: &Caller) -> bool {
        let now = self.identified(token, caller.origin(), |_, _| Ok(()));
        now.is_ok_and(|now| now.may_the_same(caller))
    }

    fn identified(
        &self,
        token: &str,
        origin: &str,
        count: impl FnOnce(Uuid, u32) -> Result<(), TokenError>,
    ) -> Result<Caller, TokenError> {
        if self.age().is_none_or(|age| age > MAX_AGE) {
            return Err(TokenError::PolicyTooOld);
        }
        let claims = self.verify(token)?;
        let tenant = self.0.policy.read().tenants.get(&claims.cmp).cloned();
        let tenant = tenant.ok_or(TokenError::NotValid)?;
        if tenant.state == TenantState::Closed || tenant.revoked.contains(&claims.sid.as_uuid()) {
            return Err(TokenError::NotValid);
        }
        let subject = match (claims.kind, claims.person) {
            (SubjectKind::Staff, _) => Subject::Staff(claims.sub),
            (SubjectKind::Client, _) => {
                let client = claims.sub.as_uuid();
                // A client that is not in the policy was revoked or has expired.
                let limit = tenant.client_limits.get(&client).ok_or(TokenError::NotValid)?;
                count(client, *limit)?;
                Subject::Client(claims.sub)
            }
            (SubjectKind::Resident, Some(person)) => Subject::Resident { user: claims.sub, person },
            (SubjectKind::Resident, None) => return Err(TokenError::NotValid),
            (SubjectKind::Support, _) => {
                let until = tenant.support.get(&claims.sub.as_uuid());
                if until.is_none_or(|until| *until <= self.0.clock.now()) {
                    return Err(TokenError::NotValid);
                }
                Subject::Support(claims.sub)
            }
        };
        let rights = tenant.rights(claims.sub.as_uuid(), claims.kind);
        let suspended = tenant.state == TenantState::Suspended;
        Ok(Caller::new(claims.cmp, subject, claims.sid, rights, suspended, origin.to_owned()))
    }

    /// Counts one request of an API client.
    fn count(&self, client: Uuid, per_minute: u32) -> Result<(), TokenError> {
        let now = self.0.clock.now();
        let mut asked = self.0.asked.lock();
        let (since, count) = asked.entry(client).or_insert((now, 0));
        if now - *since >= TimeDelta::minutes(1) {
            (*since, *count) = (now, 0);
        }
        if *count >= per_minute {
            let wait = (*since + TimeDelta::minutes(1) - now).num_seconds();
            return Err(TokenError::TooManyRequests { seconds: wait.max(1).unsigned_abs() });
        }
        *count += 1;
        Ok(())
    }

    /// A client sends one token many times; its signature is checked once.
    fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let known = self.0.verified.read().get(token).cloned();
        let claims = match known {
            Some(claims) => claims,
            None => self.check_signature(token)?,
        };
        if claims.expires() > self.0.clock.now() { Ok(claims) } else { Err(TokenError::NotValid) }
    }

    fn check_signature(&self, token: &str) -> Result<Claims, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::NotValid)?;
        let policy = self.0.policy.read();
        let key = header.kid.and_then(|kid| policy.keys.get(&kid)).ok_or(TokenError::NotValid)?;
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[TOKEN_ISSUER]);
        rules.validate_aud = false;
        // The clock is ours: expiry is checked by whoever asks, against it.
        rules.validate_exp = false;
        let decoded = decode::<Claims>(token, key, &rules).map_err(|_| TokenError::NotValid)?;
        let mut verified = self.0.verified.write();
        if verified.len() >= MOST_VERIFIED {
            verified.clear();
        }
        verified.insert(token.to_owned(), decoded.claims.clone());
        drop(verified);
        drop(policy);
        Ok(decoded.claims)
    }

    /// What a user may do, as compiled from the current copy; empty for an unknown company.
    pub fn rights(&self, tenant: TenantId, user: Uuid, kind: SubjectKind) -> Arc<Rights> {
        let tenant = self.0.policy.read().tenants.get(&tenant).cloned();
        tenant.map_or_else(Arc::default, |tenant| tenant.rights(user, kind))
    }

    /// Who holds which role in an estate, be it for this one or for all of them; each user with the
    /// codes of their roles.
    pub fn holders(
        &self,
        tenant: TenantId,
        estate: EstateId,
    ) -> BTreeMap<UserId, BTreeSet<String>> {
        let tenant = self.0.policy.read().tenants.get(&tenant).cloned();
        let mut all: BTreeMap<UserId, BTreeSet<String>> = BTreeMap::new();
        let grants = tenant.iter().flat_map(|tenant| tenant.grants.values().flatten());
        for grant in grants.filter(|grant| grant.estate.is_none_or(|of| of == estate)) {
            all.entry(UserId::from_uuid(grant.user)).or_default().insert(grant.role.clone());
        }
        all
    }
}

impl Tenant {
    fn new(policy: TenantPolicy, templates: &Arc<HashMap<String, Role>>) -> Self {
        let mut grants: HashMap<Uuid, Vec<Grant>> = HashMap::new();
        for grant in policy.grants {
            grants.entry(grant.user).or_default().push(grant);
        }
        Self {
            state: policy.state,
            templates: Arc::clone(templates),
            roles: policy.roles.into_iter().map(|role| (role.code.clone(), role)).collect(),
            grants,
            revoked: policy.revoked_sessions.into_iter().collect(),
            support: policy.support.into_iter().map(|s| (s.operator, s.until)).collect(),
            client_limits: policy
                .client_limits
                .into_iter()
                .map(|limit| (limit.client, limit.per_minute))
                .collect(),
            compiled: RwLock::default(),
        }
    }

    /// Compiled when the user is first seen, kept until the company's policy changes.
    fn rights(&self, user: Uuid, kind: SubjectKind) -> Arc<Rights> {
        if let Some(rights) = self.compiled.read().get(&(user, kind)) {
            return Arc::clone(rights);
        }
        let everywhere =
            |role: &str| Grant { user, role: role.to_owned(), estate: None, zone: Vec::new() };
        let given: Vec<Grant> = match kind {
            SubjectKind::Staff | SubjectKind::Client => {
                self.grants.get(&user).cloned().unwrap_or_default()
            }
            // A resident's rights come from occupancy: what is covered is decided by `Reach::Own`.
            SubjectKind::Resident => vec![everywhere("OWN"), everywhere("OCC")],
            SubjectKind::Support => vec![everywhere("PLAT")],
        };
        let role = |code: &str| self.roles.get(code).or_else(|| self.templates.get(code));
        let rights = Arc::new(Rights::compile(&given, role));
        self.compiled.write().insert((user, kind), Arc::clone(&rights));
        rights
    }
}
