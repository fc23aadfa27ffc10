//! Taking a deposit at the counter.

use crate::{
    cashier::{CashMove, CashMoved, cash_moved},
    deposits::{
        DEPOSIT_TAKE, Deposits,
        access::{lock, may},
        domain::{DepositKind, DepositState, Taken},
        tell,
    },
    estates,
    ids::DepositId,
    ledger::{self, Entry, Posting, Till},
    payments::{PayError, ReceiptKind},
    receipts, say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use serde::Serialize;
use texts::Text;

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
            let (account, mut deposit) = lock(scope, &deposit).await?;
            if deposit.state() != DepositState::Due {
                return Err(PayError::Conflict(say::deposit_not_due()));
            }
            let (amount, on) = (deposit.amount, estate.today(scope.clock()));
            let entry = Entry::deposit(command.till, account.id, amount, deposit.currency)?;
            let posting = Posting {
                estate: estate.id,
                entry,
                date: on,
                source: deposit.id.to_string(),
                memo: command.channel_reference.clone().unwrap_or_default(),
            };
            deposit.taken = Some(Taken {
                till: Some(command.till),
                on,
                at: scope.now(),
                by: actor.user(),
                channel_reference: command.channel_reference,
                entry: ledger::post(scope, posting).await?,
            });
            Deposits(scope).save(&deposit).await?;
            if command.till == Till::Cash {
                let moved = CashMoved {
                    estate: estate.id,
                    person: actor.user(),
                    kind: CashMove::Deposit,
                    amount,
                    source: deposit.id.to_string(),
                };
                cash_moved(scope, &moved).await?;
            }
            let fact = AuditFact {
                action: "deposit.taken",
                object: deposit.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (command.till, amount),
            };
            audit(scope, &actor, fact).await?;
            tell::held(scope, &deposit).await?;
            let draft = receipts::Draft {
                kind: ReceiptKind::Deposit,
                account: account.id,
                source: deposit.id.as_uuid(),
                payer: account.name.full,
                lines: vec![(kind_name(deposit.kind).bilingual(), amount)],
                by: Some(actor.user()),
                replaces: None,
            };
            receipts::issue(scope, &estate, draft).await?;
            Ok(deposit.id)
        })
    })
    .await
}

/// What a deposit is called.
pub(crate) fn kind_name(kind: DepositKind) -> Text {
    match kind {
        DepositKind::Renovation => say::deposit_renovation(),
        DepositKind::Pass => say::deposit_pass(),
        DepositKind::KeyCard => say::deposit_key_card(),
        DepositKind::ParkingCard => say::deposit_parking_card(),
        DepositKind::Venue => say::deposit_venue(),
        DepositKind::Other => say::deposit_other(),
    }
}
