//! What was paid ahead meets the bills that come.

use super::{Means, repo, settle};
use crate::{
    accounts, auto_pay,
    error::Refused,
    estates::Estate,
    ids::BillingAccountId,
    ledger::{self, Entry, Posting},
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;

/// Settles the principal of open bills of these accounts out of their prepayment, oldest due first;
/// answers how much. Money that came while a late fee was owed has met it before it was paid ahead.
///
/// # Errors
/// When reading or writing fails.
pub async fn apply_prepayments(
    scope: &TenantScope,
    estate: &Estate,
    billed: &[BillingAccountId],
    on: NaiveDate,
) -> Result<Fen, Refused> {
    let mut applied = Fen::ZERO;
    let ahead = ledger::prepaid(scope, estate.id, billed).await?;
    let keeping = auto_pay::keeping_prepayment(scope, &ahead).await?;
    for id in ahead.into_iter().filter(|id| !keeping.contains(id)) {
        let Some(account) = accounts::lock(scope, id).await? else { continue };
        let mut left = accounts::prepayment(scope, &account).await?;
        for bill in repo::lock_open(scope, id).await? {
            let part = left.min(bill.outstanding());
            if !part.is_positive() {
                continue;
            }
            settle::change(scope, bill.id, Means::Prepayment, part, 1).await?;
            let entry = Entry::prepayment_applied(id, part, estate.currency)
                .map_err(|error| StorageError::unreadable(error.to_string()))?;
            let posting = Posting {
                estate: estate.id,
                entry,
                date: on,
                source: bill.id.to_string(),
                memo: String::new(),
            };
            ledger::post(scope, posting).await?;
            left -= part;
            applied += part;
        }
        debug_assert!(left >= Fen::ZERO, "no more is applied than was paid ahead");
    }
    Ok(applied)
}
