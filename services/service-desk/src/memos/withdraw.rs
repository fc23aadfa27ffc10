//! Taking a sheet back that nobody has answered yet.

use super::{
    MemoId, clock,
    domain::Step,
    moves::{answers_for_sender, held, keep, unchanged},
};
use crate::{Refused, sla};
use authz::{Caller, PolicyStore};
use db::Db;
use errors::input;

/// Ends a sheet without an answer; nothing is promised for it any more.
#[tracing::instrument(name = "usecase.memos.withdraw", skip_all, fields(memo.id = %of.0))]
pub(super) async fn withdraw(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    of: (MemoId, i32),
    reason: &str,
) -> Result<MemoId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (mut memo, part) = held(&scope, caller, of).await?;
    answers_for_sender(&scope, (caller, policy), &memo, part).await?;
    unchanged(&memo, of.1)?;
    memo.state = memo.after(Step::Withdraw).map_err(Refused::Conflict)?;
    memo.reason = Some(input::lines("reason", reason, 500)?);
    sla::cancelled(&scope, clock::of(memo.id)).await?;
    keep(&scope, caller, "memo.withdrawn", &mut memo).await?;
    scope.commit().await?;
    Ok(memo.id)
}
