//! The policy as identity publishes it and services keep it.

use chrono::{DateTime, Utc};
use ids::{EstateId, TenantId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An answer of identity's `/internal/policy?after=N`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PolicyPage {
    /// The version this answer brings the reader to.
    pub version: i64,
    /// The role templates that every company has.
    pub templates: Vec<Role>,
    /// The keys that sign access tokens.
    pub keys: Vec<PublicKey>,
    /// Every company that changed since the asked version, whole.
    pub tenants: Vec<TenantPolicy>,
}

/// One company's policy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TenantPolicy {
    /// The company.
    pub tenant: TenantId,
    /// Whether it may write, read, or neither.
    pub state: TenantState,
    /// The company's own roles, beside the templates.
    pub roles: Vec<Role>,
    /// Who has which role where.
    pub grants: Vec<Grant>,
    /// Sessions that ended while their access tokens may still be around.
    pub revoked_sessions: Vec<Uuid>,
    /// Platform operators the company lets in for a while.
    pub support: Vec<SupportGrant>,
    /// How often each API client may ask.
    #[serde(default)]
    pub client_limits: Vec<ClientLimit>,
}

/// An API client's own rate limit.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClientLimit {
    /// The client.
    pub client: Uuid,
    /// Requests that one process of a service takes from it in a minute.
    pub per_minute: u32,
}

/// The life of a company on the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TenantState {
    /// Works.
    Active,
    /// Reads and exports only.
    Suspended,
    /// Nobody gets in.
    Closed,
}

/// A role: a template, or one that a company made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Its code, e.g. `DESK`.
    pub code: String,
    /// What it may do.
    pub permissions: Vec<RolePermission>,
}

/// One right of a role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolePermission {
    /// `resource.action`.
    pub permission: String,
    /// `all`, `zone`, `assigned` or `own`.
    pub reach: String,
    /// The largest amount in fen, if there is a limit.
    pub limit: Option<i64>,
}

/// A user has a role in one estate or in the whole company.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Grant {
    /// The user.
    pub user: Uuid,
    /// The role's code.
    pub role: String,
    /// The estate; `None` for all estates of the company.
    pub estate: Option<EstateId>,
    /// The buildings of a zone role.
    pub zone: Vec<Uuid>,
}

/// A platform operator may look into the company until a certain time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SupportGrant {
    /// The operator.
    pub operator: Uuid,
    /// When it ends (at most four hours after it was given).
    pub until: DateTime<Utc>,
}

/// An Ed25519 public key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PublicKey {
    /// Key id, in the header of a token.
    pub kid: String,
    /// The 32 bytes, base64url without padding (the `x` of a JWK).
    pub x: String,
}
