//! What happened to one thing of the service desk.

use chrono::{DateTime, Utc};
use contracts::audit::AuditRecorded;
use db::StoredEvent;
use events::Event as _;
use ids::{EstateId, TenantId};

/// What happened to one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands in the log of the service; later is higher.
    pub position: i64,
    /// The company.
    pub tenant: TenantId,
    /// The estate.
    pub estate: EstateId,
    /// The thing's id, e.g. `wko_…`.
    pub object: String,
    /// What was done, e.g. `work_order.accepted`.
    pub action: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Change {
    /// What an event tells of a thing in an estate, if it does.
    pub fn of(event: &StoredEvent) -> Option<Self> {
        if event.kind != AuditRecorded::KIND {
            return None;
        }
        let recorded: AuditRecorded = events::read(event).ok()?;
        Some(Self {
            position: event.position,
            tenant: TenantId::from_uuid(event.tenant),
            estate: recorded.estate?,
            object: recorded.object,
            action: recorded.action,
            at: recorded.at,
        })
    }
}
