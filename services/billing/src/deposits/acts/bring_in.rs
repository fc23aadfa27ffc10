//! Deposits that an earlier manager took and that came with the opening balances: held here like
//! any other, but no till moved for them and no receipt of ours was written.

use super::due;
use crate::{
    accounts::BillingAccount,
    deposits::{
        Deposit, Deposits,
        domain::{DepositKind, Taken},
        refunds::reserved,
    },
    ids::{DepositId, EntryId, OpeningId},
};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::{Currency, Fen};

/// A deposit that opening balances bring in.
#[derive(Clone, Debug)]
pub(crate) struct BroughtIn {
    /// Whose money it is.
    pub account: BillingAccount,
    /// How much, above zero.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// What it is for, in the words of the earlier manager's list; its agreement.
    pub agreement: String,
    /// Which opening balances.
    pub opening: OpeningId,
    /// Who drafted them; they do not decide on giving it back.
    pub by: UserId,
    /// The day they are posted on.
    pub on: NaiveDate,
    /// Its entry in the ledger, against the opening balance.
    pub entry: EntryId,
}

/// Makes them deposits that are held; their ids in the same order.
pub(crate) async fn bring_in(
    scope: &TenantScope,
    all: Vec<BroughtIn>,
) -> Result<Vec<DepositId>, StorageError> {
    let deposit = |one: BroughtIn| Deposit {
        opening: Some(one.opening),
        requested_by: Some(one.by),
        taken: Some(Taken {
            till: None,
            on: one.on,
            at: scope.now(),
            by: one.by,
            channel_reference: None,
            entry: one.entry,
        }),
        agreement: one.agreement.clone(),
        ..due(scope, &one.account, DepositKind::of_words(&one.agreement), one.amount, one.currency)
    };
    let deposits: Vec<Deposit> = all.into_iter().map(deposit).collect();
    Deposits(scope).insert_all(&deposits).await?;
    Ok(deposits.into_iter().map(|deposit| deposit.id).collect())
}

/// Undoes one whose account is locked and whose entry is being reversed: it was brought in by
/// mistake. `false`, and nothing done, when something of it was kept, went back or is spoken for.
pub(crate) async fn send_back(scope: &TenantScope, id: DepositId) -> Result<bool, StorageError> {
    let Some(mut deposit) = Deposits(scope).lock(id).await? else { return Ok(false) };
    if deposit.free(reserved(scope, id).await?) != deposit.amount {
        return Ok(false);
    }
    deposit.cancelled = true;
    deposit.taken = None;
    Deposits(scope).save(&deposit).await?;
    Ok(true)
}
