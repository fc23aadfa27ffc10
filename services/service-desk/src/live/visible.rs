//! Of what a caller hears.

use super::Change;
use crate::{Refused, attachments::Parent, responders::RESPONDER_READ};
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
    if change.object.starts_with("usr_") {
        return Ok(caller.read(RESPONDER_READ, change.estate).map(drop)?);
    }
    let scope = db.read(caller.tenant()).await?;
    let thing: Parent = change.object.parse()?;
    thing.seen(&scope, caller).await.map(drop)
}
