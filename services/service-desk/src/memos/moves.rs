//! Receiving and answering a sheet, by whom it is to; confirming it, by who sent it.

use super::{
    MEMO_READ, MEMO_WRITE, MemoId,
    domain::{MemoState, REPLIED_WITHIN, Step},
    repo,
    send::note,
};
use crate::Refused;
use authz::{Caller, Denied, PolicyStore};
use db::Db;
use errors::input;

/// Moves a sheet on; `reply` is what is answered.
#[tracing::instrument(name = "usecase.memos.move", skip_all, fields(memo.id = %id))]
pub(super) async fn step(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    (id, version): (MemoId, i32),
    (step, reply): (Step, Option<&str>),
) -> Result<MemoId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut memo = repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    caller.act(MEMO_WRITE, MEMO_READ, memo.estate)?;
    let mine = match step {
        Step::Confirm | Step::Return => memo.from == caller.user(),
        Step::Receive | Step::Reply => {
            let holders = policy.holders(caller.tenant(), memo.estate);
            let roles = holders.get(&caller.user()).cloned().unwrap_or_default();
            memo.to.include(caller.user(), &roles)
        }
    };
    if !mine {
        return Err(Denied::Missing(MEMO_WRITE).into());
    }
    if memo.version != version {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    memo.state = memo.after(step).map_err(Refused::Conflict)?;
    let (now, who) = (scope.now(), Some(caller.user()));
    match step {
        Step::Receive => (memo.received_by, memo.received_at) = (who, Some(now)),
        Step::Reply => {
            memo.reply = Some(input::lines("reply", reply.unwrap_or_default(), 2_000)?);
            (memo.replied_by, memo.replied_at) = (who, Some(now));
        }
        Step::Confirm => memo.confirmed_at = Some(now),
        Step::Return => memo.reply_by = memo.reply_by.max(now + REPLIED_WITHIN),
    }
    memo.version += 1;
    if !repo::save(&scope, &memo).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let action = match memo.state {
        MemoState::Replied => "memo.replied",
        MemoState::Confirmed => "memo.confirmed",
        MemoState::Sent | MemoState::Received => "memo.received",
    };
    note(&scope, caller, action, &memo).await?;
    scope.commit().await?;
    Ok(id)
}
