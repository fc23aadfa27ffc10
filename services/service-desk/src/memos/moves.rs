//! Receiving and answering a sheet, by whom it is for; confirming it, by who sent it.

use super::{
    MEMO_READ, MEMO_SUPERVISE, MEMO_WRITE, MemoId, clock,
    domain::{Memo, Step},
    repo, say,
    seen::{Part, part},
    send::note,
};
use crate::{Refused, sla};
use authz::{Caller, Denied, PolicyStore};
use db::{Db, TenantScope};
use errors::input;

/// Moves a sheet on; `reply` is what is answered.
#[tracing::instrument(name = "usecase.memos.move", skip_all, fields(memo.id = %of.0))]
pub(super) async fn step(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    of: (MemoId, i32),
    (step, reply): (Step, Option<&str>),
) -> Result<MemoId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let (mut memo, part) = held(&scope, caller, of).await?;
    match step {
        Step::Confirm | Step::Return => {
            answers_for_sender(&scope, (caller, policy), &memo, part).await?;
        }
        _ if part.acts => {}
        _ => return Err(Denied::Missing(MEMO_WRITE).into()),
    }
    unchanged(&memo, of.1)?;
    memo.state = memo.after(step).map_err(Refused::Conflict)?;
    let action = done(&scope, caller, &mut memo, (step, reply)).await?;
    keep(&scope, caller, action, &mut memo).await?;
    scope.commit().await?;
    Ok(memo.id)
}

/// Writes down what a step is, and tells the clock.
async fn done(
    scope: &TenantScope,
    caller: &Caller,
    memo: &mut Memo,
    (step, reply): (Step, Option<&str>),
) -> Result<&'static str, Refused> {
    let (now, who, clock) = (scope.now(), Some(caller.user()), clock::of(memo.id));
    match step {
        Step::Reply => {
            memo.reply = Some(input::lines("reply", reply.unwrap_or_default(), 2_000)?);
            (memo.replied_by, memo.replied_at) = (who, Some(now));
            sla::resolved(scope, clock, now).await?;
            Ok("memo.replied")
        }
        Step::Confirm => {
            memo.confirmed_at = Some(now);
            Ok("memo.confirmed")
        }
        Step::Return => {
            clock::again(scope, memo).await?;
            Ok("memo.returned")
        }
        _ => {
            (memo.received_by, memo.received_at) = (who, Some(now));
            sla::responded(scope, clock, now).await?;
            sla::assigned(scope, clock, who).await?;
            Ok("memo.received")
        }
    }
}

/// A sheet that the caller sees and may act on at all, and what they have to do with it.
pub(super) async fn held(
    scope: &TenantScope,
    caller: &Caller,
    (id, _): (MemoId, i32),
) -> Result<(Memo, Part), Refused> {
    let memo = repo::find(scope, id).await?.ok_or_else(Refused::not_found)?;
    let part = part(scope, caller, &memo).await?;
    caller.act(MEMO_WRITE, MEMO_READ, memo.estate)?;
    Ok((memo, part))
}

/// Refuses a version that is not the one that was read.
pub(super) fn unchanged(memo: &Memo, version: i32) -> Result<(), Refused> {
    if memo.version == version {
        Ok(())
    } else {
        Err(Refused::Conflict(crate::say::changed_meanwhile()))
    }
}

/// Writes a sheet as its next version, and what was done to it.
pub(super) async fn keep(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    memo: &mut Memo,
) -> Result<(), Refused> {
    memo.version += 1;
    if !repo::save(scope, memo).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    note(scope, caller, action, memo).await
}

/// Lets pass who sent a sheet; when they work here no more, who supervises and did not answer it
/// themself.
pub(super) async fn answers_for_sender(
    scope: &TenantScope,
    (caller, policy): (&Caller, &PolicyStore),
    memo: &Memo,
    part: Part,
) -> Result<(), Refused> {
    if part.sent {
        return Ok(());
    }
    if !part.supervises {
        return Err(Denied::Missing(MEMO_SUPERVISE).into());
    }
    let works = policy.holders(caller.tenant(), memo.estate).contains_key(&memo.from);
    let known = places::staff::find(scope, memo.from.as_uuid()).await?;
    if works && known.is_none_or(|colleague| colleague.active) {
        return Err(Denied::Missing(MEMO_WRITE).into());
    }
    if memo.replied_by == Some(caller.user()) {
        return Err(Denied::SamePerson(say::answered_oneself()).into());
    }
    Ok(())
}
