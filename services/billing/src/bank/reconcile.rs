//! How an estate's bank agrees with its books on a day.

use super::{books_repo, domain::Agreement, domain::BankAccount, may_read, repo::Bank};
use crate::{ids::BankAccountId, payments::PayError};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use db::Db;
use money::Fen;

/// How the bank agrees with the books on a day.
#[derive(Clone, Debug)]
pub(super) struct Reconciliation {
    pub account: BankAccount,
    pub on: NaiveDate,
    /// What the statements say is on this account.
    pub balance: Fen,
    /// All accounts of the estate against its books.
    pub agreement: Agreement,
    pub open_items: i64,
    pub unmatched: i64,
}

/// Compares the books of the bank of an account's estate with all its statements.
pub(super) async fn reconcile(
    db: &Db,
    caller: &Caller,
    id: BankAccountId,
    on: NaiveDate,
) -> Result<Reconciliation, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let account = Bank(&scope).account(id).await?.ok_or(Denied::Hidden)?;
    may_read(caller, account.estate)?;
    let (mut balance, mut statements) = (Fen::ZERO, Fen::ZERO);
    for it in Bank(&scope).accounts(account.estate).await? {
        let there = Bank(&scope).balance(&it, on).await?;
        statements += there;
        if it.id == id {
            balance = there;
        }
    }
    let found = books_repo::agreement(&scope, account.estate, on, statements).await?;
    let (agreement, open_items, unmatched) = found;
    if !agreement.unexplained().is_zero() {
        let left = agreement.unexplained();
        tracing::error!(estate.id = %account.estate, %on, left = left.0, "a bank's difference has no reason");
    }
    Ok(Reconciliation { account, on, balance, agreement, open_items, unmatched })
}
