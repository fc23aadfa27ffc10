//! Which accounts of an estate a list may be about.

use super::{AccountId, repo, visible};
use crate::{error::Refused, estates};
use authz::{Denied, EstateScope, Reach};
use db::TenantScope;
use uuid::Uuid;

/// The accounts that a right to read covers, of them `one` alone if it is named; `None` is every
/// account of the estate.
///
/// # Errors
/// [`Denied::Hidden`] for an account that is not covered.
pub(crate) async fn reached(
    scope: &TenantScope,
    permit: &EstateScope,
    one: Option<AccountId>,
) -> Result<Option<Vec<Uuid>>, Refused> {
    if let Some(id) = one {
        let account = repo::find(scope, id).await?.ok_or(Denied::Hidden)?;
        visible(permit, &account)?;
        return Ok(Some(vec![id.as_uuid()]));
    }
    match permit.reach() {
        Reach::All => Ok(None),
        Reach::Zone(buildings) => {
            Ok(Some(repo::in_buildings(scope, permit.estate(), buildings).await?))
        }
        Reach::Own => {
            estates::visible(scope, permit).await?;
            let own = permit.own_person().unwrap_or_default();
            let accounts = repo::of_party(scope, own).await?;
            let here = accounts.into_iter().filter(|account| account.estate == permit.estate());
            Ok(Some(here.map(|account| account.id.as_uuid()).collect()))
        }
        Reach::Assigned => Err(Denied::Hidden.into()),
    }
}
