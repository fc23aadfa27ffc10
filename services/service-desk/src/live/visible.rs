//! Of what a caller hears.

use super::Change;
use crate::{
    Refused,
    complaints::{self, ComplaintId},
    responders::RESPONDER_READ,
    revisits::{self, RevisitId},
};
use authz::Caller;
use db::{Db, StorageError};

/// Whether a caller may see the thing that changed: nobody hears of what they could not ask for.
pub(super) async fn to(db: &Db, caller: &Caller, change: &Change) -> Result<bool, StorageError> {
    match seen(db, caller, change).await {
        Ok(()) => Ok(true),
        Err(Refused::Storage(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

async fn seen(db: &Db, caller: &Caller, change: &Change) -> Result<(), Refused> {
    match change.object.split_once('_').map(|(kind, _)| kind) {
        Some(ComplaintId::PREFIX) => {
            let id = change.object.parse().map_err(|_| Refused::not_found())?;
            let scope = db.read(caller.tenant()).await?;
            complaints::seen(&scope, caller, id).await.map(drop)
        }
        Some(RevisitId::PREFIX) => {
            let id = change.object.parse().map_err(|_| Refused::not_found())?;
            let scope = db.read(caller.tenant()).await?;
            revisits::seen(&scope, caller, id).await.map(drop)
        }
        Some("usr") => Ok(caller.read(RESPONDER_READ, change.estate).map(drop)?),
        _ => Err(Refused::not_found()),
    }
}
