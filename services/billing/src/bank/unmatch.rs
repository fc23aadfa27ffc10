//! Taking back what a line was said to be.

use super::{
    BANK_MATCH, BANK_READ,
    domain::{Part, PartKind},
    parts_repo::Parts,
    repo::Bank,
};
use crate::{
    cashier::Deposits,
    error::checked_reason,
    estates,
    ids::{BankLineId, BankPartId, EntryId},
    ledger::{self, ReverseError},
    payments::PayError,
    refunds::take_back,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use money::Fen;
use serde::Serialize;

/// This line is not what was said.
#[derive(Clone, Debug, Serialize)]
pub(super) struct UnmatchLine {
    pub line: BankLineId,
    pub reason: String,
}

/// Undoes every part of a line; what was posted for it is reversed.
#[tracing::instrument(name = "usecase.bank.unmatch", skip_all, fields(line.id = %command.line))]
pub(super) async fn unmatch(
    db: &Db,
    caller: &Caller,
    command: UnmatchLine,
    key: &IdempotencyKey,
) -> Result<BankLineId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let line = Bank(&scope).line(command.line).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MATCH, BANK_READ, line.estate)?;
    drop(scope);
    let reason = checked_reason(&command.reason)?.to_owned();
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "unmatch_bank_line", key, &input, move |scope| {
        Box::pin(async move {
            Bank(scope).hold(line.estate).await?;
            let line = Bank(scope).line(line.id).await?.ok_or(Denied::Hidden)?;
            if !line.matched {
                return Err(PayError::Conflict(say::bank_not_matched()));
            }
            for part in Parts(scope).of_lines([line.id]).await? {
                undo(scope, &actor, &part, &reason).await?;
                Parts(scope).undo(part.id, actor.user()).await?;
            }
            Bank(scope).set_matched(line.id, false).await?;
            let fact = AuditFact {
                action: "bank_line.unmatched",
                object: line.id.to_string(),
                estate: Some(line.estate),
                reason: Some(&reason),
                detail: line.amount,
            };
            audit(scope, &actor, fact).await?;
            Ok(line.id)
        })
    })
    .await
}

async fn undo(
    scope: &TenantScope,
    actor: &Caller,
    part: &Part,
    reason: &str,
) -> Result<(), PayError> {
    match part.kind {
        PartKind::Booked | PartKind::Cleared => Ok(()),
        PartKind::BankFee | PartKind::Unallocated => reverse(scope, part.entry, reason).await,
        PartKind::CashDeposit => {
            reverse(scope, part.entry, reason).await?;
            let id = part.source.parse().map_err(|_| defect(part))?;
            Ok(Deposits(scope).set_arrived(id, None).await?)
        }
        PartKind::Account => {
            let payment = part.source.parse().map_err(|_| defect(part))?;
            let (refund, amount) = take_back(scope, actor, payment, reason).await?;
            clear(scope, actor, part, (&refund.to_string(), amount)).await
        }
    }
}

fn defect(part: &Part) -> PayError {
    PayError::Defect(format!("{} has the source {}", part.id, part.source))
}

pub(super) async fn reverse(
    scope: &TenantScope,
    entry: Option<EntryId>,
    reason: &str,
) -> Result<(), PayError> {
    let Some(entry) = entry else { return Ok(()) };
    match ledger::reverse(scope, entry, reason).await {
        Ok(_) => Ok(()),
        Err(ReverseError::Storage(error)) => Err(error.into()),
        Err(ReverseError::NotFound) => Err(Denied::Hidden.into()),
        Err(ReverseError::Already) => Err(PayError::Conflict(say::reversed_already())),
    }
}

/// A payment and what took it back cancel out in the books of the bank, and no statement will ever
/// show either.
async fn clear(
    scope: &TenantScope,
    actor: &Caller,
    part: &Part,
    (refund, amount): (&str, Fen),
) -> Result<(), PayError> {
    let estate = estates::find(scope, part.estate).await?.ok_or(Denied::Hidden)?;
    let cleared = |source: &str, amount: Fen| Part {
        id: BankPartId::from_uuid(scope.new_id()),
        line: None,
        estate: part.estate,
        kind: PartKind::Cleared,
        source: source.to_owned(),
        amount,
        day: estate.today(scope.clock()),
        entry: None,
        rule: None,
    };
    let pair = [cleared(&part.source, amount), cleared(refund, -amount)];
    Ok(Parts(scope).insert(&pair, actor.user()).await?)
}
