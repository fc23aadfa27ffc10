//! Who sees which part of a timeline.

use super::{
    Entry, Source,
    parts_repo::{self as parts, Part, Sight},
};
use crate::{
    Refused,
    community_events::{EVENT_CHECK_IN, EVENT_READ},
    complaints::COMPLAINT_READ,
    contacts::CONTACT_READ,
    messages::{INBOX_READ, MESSAGE_READ},
    notices::NOTICE_READ,
    revisits::REVISIT_READ,
    special_services::ORDER_READ,
    visits::VISIT_READ,
    work_orders::{self, WORK_ORDER_READ},
};
use authz::{Caller, Permission, Reach, Subject};
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::TenantScope;
use places::homes::Unit;
use uuid::Uuid;

/// A feature's part, with the rights that staff and residents need to see it.
pub(super) struct Listed {
    part: Part,
    staff: Permission,
    /// `None` where residents see nothing of it.
    resident: Option<Permission>,
}

/// Both see it by the same right.
const fn alike(part: Part, right: Permission) -> Listed {
    Listed { part, staff: right, resident: Some(right) }
}

pub(super) static COMPLAINTS: Listed = alike(parts::COMPLAINTS, COMPLAINT_READ);
pub(super) static WORK_ORDERS: Listed = alike(parts::WORK_ORDERS, WORK_ORDER_READ);
pub(super) static CALL_BACKS: Listed = alike(parts::CALL_BACKS, CONTACT_READ);
pub(super) static REVISITS: Listed = alike(parts::REVISITS, REVISIT_READ);
pub(super) static VISITS: Listed =
    Listed { part: parts::VISITS, staff: VISIT_READ, resident: None };
pub(super) static SPECIAL_ORDERS: Listed = alike(parts::SPECIAL_ORDERS, ORDER_READ);
/// Who comes to an event is for who checks them in.
pub(super) static SIGN_UPS: Listed =
    Listed { part: parts::SIGN_UPS, staff: EVENT_CHECK_IN, resident: Some(EVENT_READ) };
pub(super) static NOTICES: Listed = alike(parts::NOTICES, NOTICE_READ);
pub(super) static LETTERS: Listed =
    Listed { part: parts::LETTERS, staff: MESSAGE_READ, resident: Some(INBOX_READ) };

impl Listed {
    /// How the caller sees this part of a unit; `None` when not at all.
    async fn sight(
        &self,
        scope: &TenantScope,
        caller: &Caller,
        unit: &Unit,
    ) -> Result<Option<Sight>, Refused> {
        if let Subject::Resident { .. } = caller.subject() {
            let right = self.resident.map(|right| caller.read(right, unit.estate));
            let Some(Ok(right)) = right else { return Ok(None) };
            let Some(person) = right.own_person() else { return Ok(None) };
            let units = work_orders::since(scope, unit.estate, PersonId::from_uuid(person)).await?;
            let since = units.into_iter().find(|(of, _)| *of == unit.id);
            return Ok(since.map(|(_, since)| Sight::Own(person, since)));
        }
        let Ok(right) = caller.read(self.staff, unit.estate) else { return Ok(None) };
        let all = match right.reach() {
            Reach::All => true,
            Reach::Zone(buildings) => buildings.contains(&unit.building.as_uuid()),
            _ => false,
        };
        Ok(all.then(|| Sight::Staff(caller.user().as_uuid())))
    }
}

#[async_trait::async_trait]
impl Source for Listed {
    async fn page(
        &self,
        scope: &TenantScope,
        caller: &Caller,
        unit: &Unit,
        after: Option<(DateTime<Utc>, Uuid)>,
        limit: u64,
    ) -> Result<Vec<Entry>, Refused> {
        match self.sight(scope, caller, unit).await? {
            Some(sight) => Ok(self.part.page(scope, (unit.id, sight), after, limit).await?),
            None => Ok(Vec::new()),
        }
    }
}
