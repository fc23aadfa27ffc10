//! Of what a caller hears.

use super::Change;
use crate::{Refused, responders::RESPONDER_READ};
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

async fn seen(_db: &Db, caller: &Caller, change: &Change) -> Result<(), Refused> {
    match change.object.split_once('_').map(|(kind, _)| kind) {
        Some("usr") => Ok(caller.read(RESPONDER_READ, change.estate).map(drop)?),
        _ => Err(Refused::not_found()),
    }
}
