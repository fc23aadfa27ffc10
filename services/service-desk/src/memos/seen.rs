//! Who sees a contact sheet: who sent it, who was meant, and who supervises the estate.

use super::{MEMO_READ, MEMO_SUPERVISE, MemoId, addressees_repo, domain::Memo, repo};
use crate::Refused;
use authz::Caller;
use db::TenantScope;
use ids::EstateId;

/// What somebody has to do with a sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// It is for them to act on.
    pub acts: bool,
    /// They sent it.
    pub sent: bool,
    /// They supervise the estate.
    pub supervises: bool,
}

/// Whether the caller sees every sheet of an estate.
pub(super) fn supervises(caller: &Caller, estate: EstateId) -> bool {
    caller.read(MEMO_SUPERVISE, estate).is_ok()
}

/// What the caller has to do with a sheet.
///
/// # Errors
/// `NOT_FOUND` for whom it does not concern.
pub(super) async fn part(
    scope: &TenantScope,
    caller: &Caller,
    memo: &Memo,
) -> Result<Part, Refused> {
    caller.read(MEMO_READ, memo.estate)?;
    let meant = addressees_repo::acts(scope, memo.id, caller.user()).await?;
    let part = Part {
        acts: meant == Some(true),
        sent: memo.from == caller.user(),
        supervises: supervises(caller, memo.estate),
    };
    if meant.is_some() || part.sent || part.supervises {
        Ok(part)
    } else {
        Err(Refused::not_found())
    }
}

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
    part(scope, caller, &memo).await?;
    Ok(memo.estate)
}
