//! Identity, played: policy and events from memory.

use authz::{
    Claims, Grant, PolicyPage, PublicKey, SessionId, SubjectKind, TOKEN_ISSUER,
    TOKEN_LIFETIME_MINUTES, TenantPolicy, TenantState, UserId, role_templates,
};
use axum::{
    Json, Router,
    extract::{Query, State},
    routing::get,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use clock::Clock;
use db::StoredEvent;
use events::{Bus, Event};
use ids::TenantId;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use parking_lot::Mutex;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use uuid::Uuid;

/// A service that exists in memory only: it has a policy, keys and an event log.
#[derive(Clone)]
pub struct StandIn(Arc<Inner>);

struct Inner {
    clock: Clock,
    key: EncodingKey,
    public: PublicKey,
    state: Mutex<State_>,
    version: tokio::sync::watch::Sender<i64>,
}

#[derive(Default)]
struct State_ {
    tenants: BTreeMap<TenantId, (i64, TenantPolicy)>,
    events: Vec<StoredEvent>,
}

#[derive(serde::Deserialize)]
struct After {
    after: i64,
}

impl StandIn {
    /// A stand-in with a fresh signing key.
    pub fn new(clock: Clock) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(&clock.bytes());
        let public = secret.verifying_key();
        // PKCS#8 of an Ed25519 key: a fixed prefix and the 32 secret bytes.
        let mut der = vec![
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ];
        der.extend(secret.to_bytes());
        Self(Arc::new(Inner {
            clock,
            key: EncodingKey::from_ed_der(&der),
            public: PublicKey {
                kid: "test".to_owned(),
                x: URL_SAFE_NO_PAD.encode(public.as_bytes()),
            },
            state: Mutex::default(),
            version: tokio::sync::watch::Sender::new(1),
        }))
    }

    /// What other services ask of it.
    pub fn routes(&self) -> Router {
        Router::new()
            .route("/internal/policy", get(policy))
            .route("/internal/events", get(events))
            .with_state(self.clone())
    }

    /// Changes a company's policy and returns the version from which on it holds.
    pub fn policy(&self, tenant: TenantId, change: impl FnOnce(&mut TenantPolicy)) -> i64 {
        let mut state = self.0.state.lock();
        let version = *self.0.version.borrow() + 1;
        let entry = state.tenants.entry(tenant).or_insert_with(|| {
            let empty = TenantPolicy {
                tenant,
                state: TenantState::Active,
                roles: Vec::new(),
                grants: Vec::new(),
                revoked_sessions: Vec::new(),
                support: Vec::new(),
                client_limits: Vec::new(),
            };
            (version, empty)
        });
        entry.0 = version;
        change(&mut entry.1);
        drop(state);
        self.0.version.send_replace(version);
        version
    }

    /// What changed after a version.
    pub fn page(&self, after: i64) -> PolicyPage {
        let state = self.0.state.lock();
        let changed = state.tenants.values().filter(|(at, _)| *at > after);
        PolicyPage {
            version: *self.0.version.borrow(),
            templates: role_templates(),
            keys: vec![self.0.public.clone()],
            tenants: changed.map(|(_, policy)| policy.clone()).collect(),
        }
    }

    /// Gives a new user a role and returns the user.
    pub fn grant(&self, tenant: TenantId, user: UserId, grant: impl FnOnce(Uuid) -> Grant) -> i64 {
        self.policy(tenant, |policy| policy.grants.push(grant(user.as_uuid())))
    }

    /// Records an event as if this service had published it; returns its position.
    ///
    /// # Panics
    /// When the event has no JSON form.
    pub fn publish<E: Event>(&self, source: &str, bus: &Bus, tenant: TenantId, event: &E) -> i64 {
        let mut state = self.0.state.lock();
        let position = i64::try_from(state.events.len()).expect("few events") + 1;
        state.events.push(StoredEvent {
            position,
            tenant: tenant.as_uuid(),
            id: self.0.clock.uuid(),
            kind: E::KIND.to_owned(),
            version: E::VERSION,
            aggregate: event.aggregate(),
            payload: serde_json::to_string(event).expect("an event is JSON"),
            traceparent: None,
            occurred_at: self.0.clock.now(),
        });
        drop(state);
        let (bus, source) = (bus.clone(), source.to_owned());
        tokio::spawn(async move { bus.announce(&source, position).await });
        position
    }

    /// An access token for a user.
    ///
    /// # Panics
    /// When signing fails.
    pub fn token(
        &self,
        tenant: TenantId,
        user: UserId,
        kind: SubjectKind,
        person: Option<Uuid>,
    ) -> String {
        let now = self.0.clock.now().timestamp();
        let claims = Claims {
            iss: TOKEN_ISSUER.to_owned(),
            sub: user,
            cmp: tenant,
            sid: SessionId::from_uuid(self.0.clock.uuid()),
            kind,
            person,
            iat: now,
            exp: now + TOKEN_LIFETIME_MINUTES * 60,
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(self.0.public.kid.clone());
        jsonwebtoken::encode(&header, &claims, &self.0.key).expect("a token")
    }
}

async fn policy(State(identity): State<StandIn>, Query(page): Query<After>) -> Json<PolicyPage> {
    let mut version = identity.0.version.subscribe();
    let newer = version.wait_for(|now| *now > page.after);
    let _ = tokio::time::timeout(Duration::from_secs(5), newer).await;
    Json(identity.page(page.after))
}

async fn events(
    State(identity): State<StandIn>,
    Query(page): Query<After>,
) -> Json<Vec<StoredEvent>> {
    let state = identity.0.state.lock();
    Json(
        state
            .events
            .iter()
            .filter(|event| event.position > page.after)
            .take(500)
            .cloned()
            .collect(),
    )
}
