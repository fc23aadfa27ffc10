//! Of what a caller hears.

use super::Change;
use crate::{
    Refused,
    attachments::{self, AttachmentId, Parent},
    responders::RESPONDER_READ,
    work_orders::{self, IncidentId},
};
use authz::{Caller, Subject};
use db::{Db, StorageError};

/// What happens to promises of time, which is the staff's to know.
const PROMISES: &str = "sla.";

/// Whether a caller may see the thing that changed: nobody hears of what they could not ask for.
pub(super) async fn to(db: &Db, caller: &Caller, change: &Change) -> Result<bool, StorageError> {
    match seen(db, caller, change).await {
        Ok(()) => Ok(true),
        Err(Refused::Storage(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

async fn seen(db: &Db, caller: &Caller, change: &Change) -> Result<(), Refused> {
    if change.action.starts_with(PROMISES) && matches!(caller.subject(), Subject::Resident { .. }) {
        return Err(Refused::not_found());
    }
    let scope = db.read(caller.tenant()).await?;
    match change.object.split_once('_').map(|(kind, _)| kind) {
        // A member of staff, who went on duty or off.
        Some("usr") => Ok(caller.read(RESPONDER_READ, change.estate).map(drop)?),
        Some(IncidentId::PREFIX) => {
            work_orders::sees_incidents(&scope, caller, change.estate).await.map(drop)
        }
        Some(AttachmentId::PREFIX) => {
            let id = change.object.parse().map_err(|_| Refused::not_found())?;
            attachments::seen(&scope, caller, id).await.map(drop)
        }
        _ => change.object.parse::<Parent>()?.seen(&scope, caller).await.map(drop),
    }
}
