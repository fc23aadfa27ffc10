//! Who sees a contact sheet.

use super::{MEMO_READ, MemoId, repo};
use crate::Refused;
use authz::Caller;
use db::TenantScope;
use ids::EstateId;

/// The estate of a sheet that the caller may see, for what is attached to it.
///
/// # Errors
/// `NOT_FOUND`.
pub(crate) async fn seen(
    scope: &TenantScope,
    caller: &Caller,
    id: MemoId,
) -> Result<EstateId, Refused> {
    let memo = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    Ok(caller.read(MEMO_READ, memo.estate).map(|right| right.estate())?)
}
