//! The promises of time of contact sheets: received in two hours and answered in a day, unless the
//! estate decided otherwise (handbook ch. 25).

use super::{MemoId, domain::Memo};
use crate::{
    Refused, homes,
    sla::{self, Subject, SubjectKind},
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::TenantScope;
use std::collections::BTreeSet;

/// The class of a sheet in what is promised.
const CODE: &str = "ORDINARY";

/// What the promises of time know a sheet by.
pub(super) const fn of(id: MemoId) -> Subject {
    Subject::new(SubjectKind::Memo, id.as_uuid())
}

/// Who is warned first: whom alone it is for. Of several nobody has it before one received it.
pub(super) fn assignee(meant: &BTreeSet<UserId>) -> Option<UserId> {
    meant.first().copied().filter(|_| meant.len() == 1)
}

/// Starts the clock of a new sheet, towards the time that its sender asks for, if they do.
pub(super) async fn start(
    scope: &TenantScope,
    memo: &mut Memo,
    (wanted, assignee): (Option<DateTime<Utc>>, Option<UserId>),
) -> Result<(), Refused> {
    let estate = homes::estate(scope, memo.estate).await?;
    sla::start(scope, &estate, of(memo.id), CODE, memo.sent_at, assignee).await?;
    if let Some(until) = wanted {
        sla::extended(scope, of(memo.id), until).await?;
    }
    promised(scope, memo).await
}

/// Starts it again for a sheet that was not answered to its sender's satisfaction; what was allowed
/// for longer before stays so.
pub(super) async fn again(scope: &TenantScope, memo: &mut Memo) -> Result<(), Refused> {
    let before = memo.reply_by;
    sla::reopened(scope, of(memo.id)).await?;
    promised(scope, memo).await?;
    if memo.reply_by < before {
        sla::extended(scope, of(memo.id), before).await?;
        memo.reply_by = before;
    }
    Ok(())
}

/// Takes over what is promised.
async fn promised(scope: &TenantScope, memo: &mut Memo) -> Result<(), Refused> {
    let states = sla::states(scope, [of(memo.id)]).await?;
    let Some(state) = states.get(&of(memo.id)) else { return Ok(()) };
    memo.reply_by = state.resolve_by.unwrap_or(memo.reply_by);
    memo.receive_by = state.respond_by.unwrap_or(memo.receive_by).min(memo.reply_by);
    Ok(())
}
