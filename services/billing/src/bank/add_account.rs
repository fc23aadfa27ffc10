//! A new bank account.

use super::{
    BANK_MANAGE, BANK_READ,
    domain::{BankAccount, masked},
    repo::Bank,
};
use crate::{
    estates,
    ids::BankAccountId,
    ledger::{self, Account, Entry, Posting},
    payments::PayError,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;
use serde::Serialize;

/// The longest name and number.
const MAX_NAME: usize = 60;

/// Add this account.
#[derive(Clone, Debug, Serialize)]
pub(super) struct AddAccount {
    pub estate: EstateId,
    pub name: String,
    pub number: String,
    /// What is on it before the first day that statements are imported for.
    pub opening: Fen,
}

/// Adds a bank account; what is on it is posted as an opening balance.
#[tracing::instrument(name = "usecase.bank.add_account", skip_all, fields(estate.id = %command.estate))]
pub(super) async fn add_account(
    db: &Db,
    caller: &Caller,
    command: AddAccount,
    key: &IdempotencyKey,
) -> Result<BankAccountId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    estates::find(&scope, command.estate).await?.ok_or(Denied::Hidden)?;
    caller.act(BANK_MANAGE, BANK_READ, command.estate)?;
    drop(scope);
    let name = command.name.trim().to_owned();
    if !(1..=MAX_NAME).contains(&name.chars().count()) {
        return Err(Invalid::new("name", expected::length(1, MAX_NAME)).into());
    }
    let number: String = command.number.split_whitespace().collect();
    if !(4..=MAX_NAME).contains(&number.chars().count()) {
        return Err(Invalid::new("number", expected::length(4, MAX_NAME)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "add_bank_account", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, command.estate).await?.ok_or(Denied::Hidden)?;
            let account = BankAccount {
                id: BankAccountId::from_uuid(scope.new_id()),
                estate: estate.id,
                name,
                number,
                currency: estate.currency,
                opening: command.opening,
            };
            insert(scope, &account, &actor).await?;
            if !account.opening.is_zero() {
                let posting = Posting {
                    estate: estate.id,
                    entry: Entry::opening(Account::Bank, account.opening, estate.currency)?,
                    date: estate.today(scope.clock()),
                    source: account.id.to_string(),
                    memo: account.name.clone(),
                };
                ledger::post(scope, posting).await?;
            }
            let fact = AuditFact {
                action: "bank_account.added",
                object: account.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (&account.name, masked(&account.number), account.opening),
            };
            audit(scope, &actor, fact).await?;
            Ok(account.id)
        })
    })
    .await
}

async fn insert(
    scope: &TenantScope,
    account: &BankAccount,
    actor: &Caller,
) -> Result<(), PayError> {
    match Bank(scope).insert_account(account, actor.user()).await {
        Err(error) if error.is_unique_violation() => {
            Err(Invalid::new("number", expected::unused()).into())
        }
        inserted => Ok(inserted?),
    }
}
