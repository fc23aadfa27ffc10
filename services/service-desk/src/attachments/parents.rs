//! To what something may be attached. A feature registers its things here: a variant, its prefix,
//! who sees it and with which rights files are attached and taken away.

use crate::{
    Refused,
    complaints::{self, COMPLAINT_CREATE, COMPLAINT_GRADE, COMPLAINT_READ, ComplaintId},
    contacts::{self, CONTACT_HANDLE, CONTACT_READ, CONTACT_RECORD, ContactId},
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
}

/// The rights over what is attached to a kind of things.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rights {
    /// Attaches files.
    pub attach: Permission,
    /// Takes files of others away.
    pub tidy: Permission,
    /// Sees the things.
    pub see: Permission,
}

/// With which rights somewhere one may upload a file.
pub(super) const UPLOAD: [Permission; 3] = [CONTACT_RECORD, WORK_ORDER_CREATE, COMPLAINT_CREATE];

impl FromStr for Parent {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = |_| Invalid::new("parentId", expected::id(ContactId::PREFIX));
        match text.split_once('_').map(|(kind, _)| kind) {
            Some(WorkOrderId::PREFIX) => text.parse().map(Self::WorkOrder).map_err(wrong),
            Some(ComplaintId::PREFIX) => text.parse().map(Self::Complaint).map_err(wrong),
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
        }
    }

    /// As it was kept.
    ///
    /// # Errors
    /// When a newer version kept it.
    pub(super) fn of(kind: &str, id: Uuid) -> Result<Self, StorageError> {
        match kind {
            "CONTACT" => Ok(Self::Contact(ContactId::from_uuid(id))),
            "WORK_ORDER" => Ok(Self::WorkOrder(WorkOrderId::from_uuid(id))),
            "COMPLAINT" => Ok(Self::Complaint(ComplaintId::from_uuid(id))),
            other => Err(StorageError::unreadable(format!("nothing is attached to a {other}"))),
        }
    }

    pub(super) const fn rights(self) -> Rights {
        match self {
            Self::Contact(_) => {
                Rights { attach: CONTACT_RECORD, tidy: CONTACT_HANDLE, see: CONTACT_READ }
            }
            // Whoever reports things may show what they saw: the reporter, the engineer, the desk.
            Self::WorkOrder(_) => {
                Rights { attach: WORK_ORDER_CREATE, tidy: WORK_ORDER_ASSIGN, see: WORK_ORDER_READ }
            }
            Self::Complaint(_) => {
                Rights { attach: COMPLAINT_CREATE, tidy: COMPLAINT_GRADE, see: COMPLAINT_READ }
            }
        }
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
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reads_back() {
        let parent = Parent::Contact(ContactId::from_uuid(Uuid::from_u128(7)));
        let (kind, id) = parent.kept();
        assert_eq!(Parent::of(kind, id).unwrap(), parent);
        assert_eq!(parent.to_string().parse::<Parent>().unwrap(), parent);
        assert_eq!("unt_1".parse::<Parent>().unwrap_err().field, "parentId");
        assert!(Parent::of("MOON", id).is_err());
    }
}
