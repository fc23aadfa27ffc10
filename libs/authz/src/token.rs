//! Access tokens: signed by identity, read by every service.

use chrono::{DateTime, Utc};
use ids::TenantId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{SessionId, UserId};

/// The `iss` of every token.
pub const TOKEN_ISSUER: &str = "commonhold";

/// How long an access token is good for.
pub const TOKEN_LIFETIME_MINUTES: i64 = 10;

/// What kind of user a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A member of the company's staff.
    Staff,
    /// A resident; `person` says who.
    Resident,
    /// A program that the company let in.
    Client,
    /// A platform operator, let in by the company for a while.
    Support,
}

/// What a token says. It carries no rights: those come from the policy, so that a removed right
/// is gone at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Always [`TOKEN_ISSUER`].
    pub iss: String,
    /// Who.
    pub sub: UserId,
    /// In which company.
    pub cmp: TenantId,
    /// In which session.
    pub sid: SessionId,
    /// What kind of user.
    pub kind: SubjectKind,
    /// The resident's person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<Uuid>,
    /// Issued at, seconds.
    pub iat: i64,
    /// Good until, seconds.
    pub exp: i64,
}

impl Claims {
    /// When the token ends.
    pub fn expires(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.exp, 0).unwrap_or_default()
    }
}
