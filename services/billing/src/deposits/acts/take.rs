//! Taking a deposit at the counter.

use super::keep::{Came, keep};
use crate::{
    cashier::{CashMove, CashMoved, cash_moved},
    deposits::{
        DEPOSIT_TAKE,
        access::{lock, may},
    },
    estates,
    ids::DepositId,
    ledger::Till,
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use serde::Serialize;

/// The longest number of a card slip or transfer.
const MAX_REFERENCE: usize = 100;

/// Take this deposit, whole.
#[derive(Clone, Debug, Serialize)]
pub(super) struct TakeDeposit {
    pub deposit: DepositId,
    pub till: Till,
    pub channel_reference: Option<String>,
}

/// Takes the money: posted as a liability and receipted at once.
#[tracing::instrument(name = "usecase.deposits.take", skip_all, fields(deposit.id = %command.deposit))]
pub(super) async fn take(
    db: &Db,
    caller: &Caller,
    command: TakeDeposit,
    key: &IdempotencyKey,
) -> Result<DepositId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deposit, right) = may(&scope, caller, DEPOSIT_TAKE, command.deposit).await?;
    drop(scope);
    if command.till == Till::Online {
        return Err(Invalid::new("till", say::not_at_the_counter()).into());
    }
    let reference = command.channel_reference.as_deref().unwrap_or_default();
    if reference.chars().count() > MAX_REFERENCE {
        let reason = expected::length(0, MAX_REFERENCE);
        return Err(Invalid::new("channelReference", reason).into());
    }
    right.covers(deposit.amount)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "take_deposit", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (account, deposit) = lock(scope, &deposit).await?;
            if !deposit.is_due() {
                return Err(PayError::Conflict(say::deposit_not_due()));
            }
            if command.till == Till::Cash {
                let moved = CashMoved {
                    estate: estate.id,
                    person: actor.user(),
                    kind: CashMove::Deposit,
                    amount: deposit.amount,
                    source: deposit.id.to_string(),
                };
                cash_moved(scope, &moved).await?;
            }
            let fact = AuditFact {
                action: "deposit.taken",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (command.till, deposit.amount),
            };
            audit(scope, &actor, fact).await?;
            let id = deposit.id;
            let came = Came {
                till: command.till,
                by: actor.user(),
                at_counter: Some(actor.user()),
                reference: command.channel_reference,
                source: id.to_string(),
            };
            keep(scope, (&estate, &account), deposit, came).await?;
            Ok(id)
        })
    })
    .await
}
