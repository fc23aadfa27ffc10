//! To what something may be attached. A feature registers its things here: a variant, its prefix,
//! who sees it and with which rights files are attached and taken away.

use crate::{
    Refused,
    community_events::{self, CommunityEventId, EVENT_PLAN, EVENT_READ},
    complaints::{self, COMPLAINT_CREATE, COMPLAINT_GRADE, COMPLAINT_READ, ComplaintId},
    contacts::{self, CONTACT_HANDLE, CONTACT_READ, CONTACT_RECORD, ContactId},
    memos::{self, MEMO_READ, MEMO_WRITE, MemoId},
    notices::{self, NOTICE_APPROVE, NOTICE_READ, NOTICE_WRITE, NoticeId},
    revisits::{self, REVISIT_MANAGE, REVISIT_READ, REVISIT_RECORD, REVISIT_REPLY, RevisitId},
    special_services::{self, ORDER_CREATE, ORDER_READ, ORDER_WORK, OrderId, SERVICE_MANAGE},
    work_orders::{self, WORK_ORDER_ASSIGN, WORK_ORDER_CREATE, WORK_ORDER_READ, WorkOrderId},
};
use authz::{Caller, Permission};
use db::{StorageError, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use std::str::FromStr;
use uuid::Uuid;

/// To what something is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parent {
    /// A contact.
    Contact(ContactId),
    /// A work order: photos before and after.
    WorkOrder(WorkOrderId),
    /// A complaint.
    Complaint(ComplaintId),
    /// A revisit: what was signed or shown there.
    Revisit(RevisitId),
    /// An order of a special service: photos before and after.
    SpecialOrder(OrderId),
    /// A community event: its poster, its photos.
    CommunityEvent(CommunityEventId),
    /// A notice: plans, forms.
    Notice(NoticeId),
    /// A contact sheet between posts.
    Memo(MemoId),
}

/// The rights over what is attached to a kind of things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rights {
    /// Any of these attaches files.
    pub attach: &'static [Permission],
    /// Takes files of others away.
    pub tidy: Permission,
    /// Sees the things.
    pub see: Permission,
}

impl Rights {
    /// Whether somebody may attach files, and with what they are refused otherwise.
    ///
    /// # Errors
    /// `FORBIDDEN`, or `NOT_FOUND` for who does not see all of the estate.
    pub(super) fn attaches(self, caller: &Caller, estate: EstateId) -> Result<(), Refused> {
        let mut tried = self.attach.iter().map(|right| caller.act(*right, self.see, estate));
        let first = tried.next().unwrap_or_else(|| caller.act(self.tidy, self.see, estate));
        if first.is_ok() || tried.any(|other| other.is_ok()) {
            return Ok(());
        }
        Ok(first.map(drop)?)
    }
}

/// With which rights somewhere one may upload a file.
pub(super) const UPLOAD: [Permission; 10] = [
    CONTACT_RECORD,
    WORK_ORDER_CREATE,
    COMPLAINT_CREATE,
    REVISIT_RECORD,
    REVISIT_REPLY,
    ORDER_WORK,
    ORDER_CREATE,
    EVENT_PLAN,
    NOTICE_WRITE,
    MEMO_WRITE,
];

impl FromStr for Parent {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = |_| Invalid::new("parentId", expected::id(ContactId::PREFIX));
        match text.split_once('_').map(|(kind, _)| kind) {
            Some(WorkOrderId::PREFIX) => text.parse().map(Self::WorkOrder).map_err(wrong),
            Some(ComplaintId::PREFIX) => text.parse().map(Self::Complaint).map_err(wrong),
            Some(RevisitId::PREFIX) => text.parse().map(Self::Revisit).map_err(wrong),
            Some(OrderId::PREFIX) => text.parse().map(Self::SpecialOrder).map_err(wrong),
            Some(CommunityEventId::PREFIX) => text.parse().map(Self::CommunityEvent).map_err(wrong),
            Some(NoticeId::PREFIX) => text.parse().map(Self::Notice).map_err(wrong),
            Some(MemoId::PREFIX) => text.parse().map(Self::Memo).map_err(wrong),
            _ => text.parse().map(Self::Contact).map_err(wrong),
        }
    }
}

impl std::fmt::Display for Parent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Contact(id) => id.fmt(f),
            Self::WorkOrder(id) => id.fmt(f),
            Self::Complaint(id) => id.fmt(f),
            Self::Revisit(id) => id.fmt(f),
            Self::SpecialOrder(id) => id.fmt(f),
            Self::CommunityEvent(id) => id.fmt(f),
            Self::Notice(id) => id.fmt(f),
            Self::Memo(id) => id.fmt(f),
        }
    }
}

impl serde::Serialize for Parent {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Parent {
    /// As it is kept: its kind and its id.
    pub(super) const fn kept(self) -> (&'static str, Uuid) {
        match self {
            Self::Contact(id) => ("CONTACT", id.as_uuid()),
            Self::WorkOrder(id) => ("WORK_ORDER", id.as_uuid()),
            Self::Complaint(id) => ("COMPLAINT", id.as_uuid()),
            Self::Revisit(id) => ("REVISIT", id.as_uuid()),
            Self::SpecialOrder(id) => ("SPECIAL_ORDER", id.as_uuid()),
            Self::CommunityEvent(id) => ("COMMUNITY_EVENT", id.as_uuid()),
            Self::Notice(id) => ("NOTICE", id.as_uuid()),
            Self::Memo(id) => ("MEMO", id.as_uuid()),
        }
    }

    /// As it was kept.
    ///
    /// # Errors
    /// When a newer version kept it.
    pub(super) fn of(kind: &str, id: Uuid) -> Result<Self, StorageError> {
        Ok(match kind {
            "CONTACT" => Self::Contact(ContactId::from_uuid(id)),
            "WORK_ORDER" => Self::WorkOrder(WorkOrderId::from_uuid(id)),
            "COMPLAINT" => Self::Complaint(ComplaintId::from_uuid(id)),
            "REVISIT" => Self::Revisit(RevisitId::from_uuid(id)),
            "SPECIAL_ORDER" => Self::SpecialOrder(OrderId::from_uuid(id)),
            "COMMUNITY_EVENT" => Self::CommunityEvent(CommunityEventId::from_uuid(id)),
            "NOTICE" => Self::Notice(NoticeId::from_uuid(id)),
            "MEMO" => Self::Memo(MemoId::from_uuid(id)),
            other => {
                return Err(StorageError::unreadable(format!("nothing is attached to a {other}")));
            }
        })
    }

    pub(super) const fn rights(self) -> Rights {
        let (attach, tidy, see): (&'static [Permission], _, _) = match self {
            Self::Contact(_) => (&[CONTACT_RECORD], CONTACT_HANDLE, CONTACT_READ),
            // Whoever reports things may show what they saw: the reporter, the engineer, the desk.
            Self::WorkOrder(_) => (&[WORK_ORDER_CREATE], WORK_ORDER_ASSIGN, WORK_ORDER_READ),
            Self::Complaint(_) => (&[COMPLAINT_CREATE], COMPLAINT_GRADE, COMPLAINT_READ),
            Self::Revisit(_) => (&[REVISIT_RECORD, REVISIT_REPLY], REVISIT_MANAGE, REVISIT_READ),
            // Who does the work, and who ordered it.
            Self::SpecialOrder(_) => (&[ORDER_WORK, ORDER_CREATE], SERVICE_MANAGE, ORDER_READ),
            Self::CommunityEvent(_) => (&[EVENT_PLAN], EVENT_PLAN, EVENT_READ),
            Self::Notice(_) => (&[NOTICE_WRITE], NOTICE_APPROVE, NOTICE_READ),
            Self::Memo(_) => (&[MEMO_WRITE], MEMO_WRITE, MEMO_READ),
        };
        Rights { attach, tidy, see }
    }

    /// Whether the caller sees such things as the staff do, and not only as their own.
    pub(super) fn inside(self, caller: &Caller, estate: EstateId) -> bool {
        caller.read(self.rights().see, estate).is_ok_and(|right| right.own_person().is_none())
    }

    /// The estate of what the caller may see.
    ///
    /// # Errors
    /// `NOT_FOUND`.
    pub(crate) async fn seen(
        self,
        scope: &TenantScope,
        caller: &Caller,
    ) -> Result<EstateId, Refused> {
        match self {
            Self::Contact(id) => contacts::seen(scope, caller, id).await,
            Self::WorkOrder(id) => work_orders::seen(scope, caller, id).await,
            Self::Complaint(id) => complaints::seen(scope, caller, id).await,
            Self::Revisit(id) => revisits::seen(scope, caller, id).await,
            Self::SpecialOrder(id) => special_services::seen(scope, caller, id).await,
            Self::CommunityEvent(id) => community_events::seen(scope, caller, id).await,
            Self::Notice(id) => notices::seen(scope, caller, id).await,
            Self::Memo(id) => memos::seen(scope, caller, id).await,
        }
    }

    /// Refuses more files where somebody approved what there is.
    ///
    /// # Errors
    /// `CONFLICT`.
    pub(super) async fn takes_more(self, scope: &TenantScope) -> Result<(), Refused> {
        match self {
            Self::Notice(id) => notices::takes_files(scope, id).await,
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        let id = Uuid::from_u128(7);
        for parent in [
            Parent::Contact(ContactId::from_uuid(id)),
            Parent::WorkOrder(WorkOrderId::from_uuid(id)),
            Parent::Complaint(ComplaintId::from_uuid(id)),
            Parent::Revisit(RevisitId::from_uuid(id)),
            Parent::SpecialOrder(OrderId::from_uuid(id)),
            Parent::CommunityEvent(CommunityEventId::from_uuid(id)),
            Parent::Notice(NoticeId::from_uuid(id)),
            Parent::Memo(MemoId::from_uuid(id)),
        ] {
            let (kind, id) = parent.kept();
            assert_eq!(Parent::of(kind, id).unwrap(), parent);
            assert_eq!(parent.to_string().parse::<Parent>().unwrap(), parent);
        }
        assert_eq!("unt_1".parse::<Parent>().unwrap_err().field, "parentId");
        assert!(Parent::of("MOON", id).is_err());
    }
}
