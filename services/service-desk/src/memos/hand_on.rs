//! Handing a sheet on to whom it should have been for, by one of those it is for, by who sent it or
//! by who supervises, e.g. when all of them have left.

use super::{
    MEMO_WRITE, MemoId, addressees_repo, clock,
    domain::{Addressees, RECEIVED_WITHIN, Step},
    moves::{held, keep, unchanged},
};
use crate::{Refused, sla};
use authz::{Caller, Denied, PolicyStore};
use db::Db;

/// Makes a sheet others' to receive; when it is to be answered does not change.
#[tracing::instrument(name = "usecase.memos.hand_on", skip_all, fields(memo.id = %of.0))]
pub(super) async fn hand_on(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    of: (MemoId, i32),
    to: Addressees,
) -> Result<MemoId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (mut memo, part) = held(&scope, caller, of).await?;
    if !(part.acts || part.sent || part.supervises) {
        return Err(Denied::Missing(MEMO_WRITE).into());
    }
    unchanged(&memo, of.1)?;
    let meant = to.among(&policy.holders(caller.tenant(), memo.estate))?;
    memo.state = memo.after(Step::HandOn).map_err(Refused::Conflict)?;
    let soon = (scope.now() + RECEIVED_WITHIN).min(memo.reply_by);
    memo.receive_by = memo.receive_by.max(soon);
    (memo.received_by, memo.received_at) = (None, None);
    memo.to = to;
    sla::assigned(&scope, clock::of(memo.id), clock::assignee(&meant)).await?;
    addressees_repo::put(&scope, memo.id, meant).await?;
    keep(&scope, caller, "memo.handed_on", &mut memo).await?;
    scope.commit().await?;
    Ok(memo.id)
}
