//! Sending a contact sheet.

use super::{
    MEMO_READ, MEMO_WRITE, MemoId, addressees_repo, clock,
    domain::{Addressees, Memo, MemoState, RECEIVED_WITHIN, REPLIED_WITHIN},
    repo, say,
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, PolicyStore, audit, keyed};
use chrono::{DateTime, Utc};
use db::{Db, IdempotencyKey, TenantScope};
use errors::input;
use ids::EstateId;
use serde::Serialize;

/// What is to be done, by whom and until when.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SendMemo {
    pub estate: EstateId,
    pub to: Addressees,
    pub matter: String,
    pub body: String,
    pub reply_by: Option<DateTime<Utc>>,
}

/// Keeps a sheet.
#[tracing::instrument(name = "usecase.memos.send", skip_all)]
pub(super) async fn send(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    command: SendMemo,
    key: &IdempotencyKey,
) -> Result<MemoId, Refused> {
    caller.act(MEMO_WRITE, MEMO_READ, command.estate)?;
    let meant = command.to.among(&policy.holders(caller.tenant(), command.estate))?;
    let (actor, given) = (caller.clone(), command.clone());
    keyed(db, caller, "send_memo", key, &given, move |scope| {
        Box::pin(async move {
            homes::estate(scope, command.estate).await?;
            let wanted = command.reply_by;
            let mut memo = memo(scope, &actor, command)?;
            clock::start(scope, &mut memo, (wanted, clock::assignee(&meant))).await?;
            repo::insert(scope, &memo).await?;
            addressees_repo::put(scope, memo.id, meant).await?;
            note(scope, &actor, "memo.sent", &memo).await?;
            Ok(memo.id)
        })
    })
    .await
}

fn memo(scope: &TenantScope, caller: &Caller, command: SendMemo) -> Result<Memo, Refused> {
    let now = scope.now();
    let reply_by = command.reply_by.unwrap_or(now + REPLIED_WITHIN);
    if reply_by <= now {
        return Err(Refused::invalid("replyBy", say::due_before_now()));
    }
    Ok(Memo {
        id: MemoId::from_uuid(scope.new_id()),
        estate: command.estate,
        from: caller.user(),
        to: command.to,
        matter: input::text("matter", &command.matter, 100)?,
        body: input::lines("body", &command.body, 2_000)?,
        sent_at: now,
        receive_by: reply_by.min(now + RECEIVED_WITHIN),
        reply_by,
        state: MemoState::Sent,
        received_by: None,
        received_at: None,
        reply: None,
        replied_by: None,
        replied_at: None,
        confirmed_at: None,
        reason: None,
        version: 1,
    })
}

/// Notes what was done to a sheet.
pub(super) async fn note(
    scope: &TenantScope,
    caller: &Caller,
    action: &'static str,
    memo: &Memo,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: memo.id.to_string(),
        estate: Some(memo.estate),
        reason: memo.reason.as_deref(),
        detail: memo.state,
    };
    Ok(audit(scope, caller, fact).await?)
}
