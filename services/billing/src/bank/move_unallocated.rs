//! The payer of unallocated money was found.

use super::{
    BANK_MATCH, BANK_READ,
    domain::{PartKind, found_entry},
    match_line::Work,
    parts_repo::Parts,
    repo::Bank,
};
use crate::{
    accounts, estates,
    ids::{BankLineId, BankPartId, BillingAccountId},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use serde::Serialize;

/// This money is for this account.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MoveUnallocated {
    pub part: BankPartId,
    pub account: BillingAccountId,
}

/// Moves unallocated money to a payer: it leaves the unallocated, and is taken as a payment.
#[tracing::instrument(name = "usecase.bank.move_unallocated", skip_all, fields(part.id = %command.part))]
pub(super) async fn move_unallocated(
    db: &Db,
    caller: &Caller,
    command: MoveUnallocated,
    key: &IdempotencyKey,
) -> Result<BankLineId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = accounts::find(&scope, command.account).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MATCH, BANK_READ, account.estate)?;
    let (actor, input) = (caller.clone(), command.clone());
    drop(scope);
    keyed(db, caller, "move_unallocated", key, &input, move |scope| {
        Box::pin(async move {
            Bank(scope).hold(account.estate).await?;
            let part = Parts(scope).find(command.part).await?;
            let part = part.filter(|(it, _)| it.estate == account.estate);
            let (part, counts) = part.ok_or(Denied::Hidden)?;
            if !counts || part.kind != PartKind::Unallocated || !part.amount.is_positive() {
                return Err(PayError::Conflict(say::bank_not_unallocated()));
            }
            let line = part.line.ok_or(Denied::Hidden)?;
            let line = Bank(scope).line(line).await?.ok_or(Denied::Hidden)?;
            let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
            let work = Work { scope, actor: &actor, estate: &estate, line: &line, rule: None };
            let entry = found_entry(part.amount, estate.currency)?;
            work.post(entry, part.source.clone()).await?;
            let found = work.account(account.id, part.amount).await?;
            Parts(scope).undo(part.id, actor.user()).await?;
            Parts(scope).insert(&[found], actor.user()).await?;
            let fact = AuditFact {
                action: "bank_line.moved",
                object: line.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (part.amount, account.id.to_string()),
            };
            audit(scope, &actor, fact).await?;
            Ok(line.id)
        })
    })
    .await
}
