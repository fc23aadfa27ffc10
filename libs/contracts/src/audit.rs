//! What every service tells of the acts it records.

use chrono::{DateTime, Utc};
use events::Event;
use ids::EstateId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An act was recorded in the audit log of the service that publishes this; identity collects the
/// logs of all services.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecorded {
    /// The row.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// `staff`, `resident`, `client`, `support`, `operator` or `system`.
    pub actor_kind: String,
    /// Who: the account's id as text.
    pub actor: String,
    /// `noun.verb`.
    pub action: String,
    /// The object's id as text.
    pub object: String,
    /// The estate, if it is in one.
    pub estate: Option<EstateId>,
    /// Why, where the act asks for a reason.
    pub reason: Option<String>,
    /// What changed, JSON; never a secret and no unmasked personal data.
    pub detail: String,
    /// The address the call came from.
    pub origin: String,
}

impl Event for AuditRecorded {
    const KIND: &'static str = "audit_recorded";
    fn aggregate(&self) -> String {
        self.object.clone()
    }
}
