//! Proposing, approving by another person, giving back and taking back.

use super::{
    NOTICE_APPROVE, NOTICE_READ, NOTICE_WRITE, NoticeId, audience,
    domain::{Notice, Step},
    publish::JOB,
    say,
    write::{held, note, store},
};
use crate::{Refused, messages};
use authz::{Caller, Denied};
use chrono::Duration;
use db::{Db, enqueue_job_after};
use errors::input;
use ids::EstateId;

/// Puts a notice before who approves.
#[tracing::instrument(name = "usecase.notices.propose", skip_all)]
pub(super) async fn propose(
    db: &Db,
    caller: &Caller,
    (id, version): (NoticeId, i32),
) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let permit = |estate| writes(caller, estate);
    let mut notice = held(&scope, id, version, permit).await?;
    notice.state = notice.after(Step::Propose).map_err(Refused::Conflict)?;
    notice.content.check_times(scope.now())?;
    notice.reason = None;
    store(&scope, &mut notice).await?;
    note(&scope, caller, "notice.proposed", &notice).await?;
    scope.commit().await?;
    Ok(id)
}

/// Approves a notice that somebody else wrote; it is published at its time.
#[tracing::instrument(name = "usecase.notices.approve", skip_all)]
pub(super) async fn approve(
    db: &Db,
    caller: &Caller,
    (id, version): (NoticeId, i32),
) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut notice = held(&scope, id, version, |estate| decides(caller, estate)).await?;
    notice.state = notice.after(Step::Approve).map_err(Refused::Conflict)?;
    if notice.written_by == caller.user() {
        return Err(Denied::SamePerson(say::writer_cannot_approve()).into());
    }
    let now = scope.now();
    if notice.content.check_times(now).is_err() {
        return Err(Refused::Conflict(say::time_has_passed()));
    }
    decided(&mut notice, caller, now);
    let pause = notice.content.publish_at.map_or(Duration::zero(), |at| at - now);
    enqueue_job_after(&scope, JOB, id.as_uuid(), pause).await?;
    store(&scope, &mut notice).await?;
    note(&scope, caller, "notice.approved", &notice).await?;
    scope.commit().await?;
    Ok(id)
}

/// Gives a proposed notice back to be changed.
#[tracing::instrument(name = "usecase.notices.give_back", skip_all)]
pub(super) async fn give_back(
    db: &Db,
    caller: &Caller,
    (id, version): (NoticeId, i32),
    reason: &str,
) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut notice = held(&scope, id, version, |estate| decides(caller, estate)).await?;
    notice.state = notice.after(Step::GiveBack).map_err(Refused::Conflict)?;
    notice.reason = Some(input::lines("reason", reason, 500)?);
    decided(&mut notice, caller, scope.now());
    store(&scope, &mut notice).await?;
    note(&scope, caller, "notice.given_back", &notice).await?;
    scope.commit().await?;
    Ok(id)
}

/// Takes a notice back with its letters, at any time; who writes or approves notices may.
#[tracing::instrument(name = "usecase.notices.withdraw", skip_all)]
pub(super) async fn withdraw(
    db: &Db,
    caller: &Caller,
    (id, version): (NoticeId, i32),
    reason: &str,
) -> Result<NoticeId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let permit = |estate| decides(caller, estate).or_else(|_| writes(caller, estate));
    let mut notice = held(&scope, id, version, permit).await?;
    notice.state = notice.after(Step::Withdraw).map_err(Refused::Conflict)?;
    notice.reason = Some(input::lines("reason", reason, 500)?);
    store(&scope, &mut notice).await?;
    messages::withdraw(&scope, audience::letters(&scope, id).await?).await?;
    note(&scope, caller, "notice.withdrawn", &notice).await?;
    scope.commit().await?;
    Ok(id)
}

fn decides(caller: &Caller, estate: EstateId) -> Result<(), Refused> {
    Ok(caller.act(NOTICE_APPROVE, NOTICE_READ, estate).map(drop)?)
}

pub(super) fn writes(caller: &Caller, estate: EstateId) -> Result<(), Refused> {
    Ok(caller.act(NOTICE_WRITE, NOTICE_READ, estate).map(drop)?)
}

fn decided(notice: &mut Notice, caller: &Caller, now: chrono::DateTime<chrono::Utc>) {
    notice.decided_by = Some(caller.user());
    notice.decided_at = Some(now);
}
