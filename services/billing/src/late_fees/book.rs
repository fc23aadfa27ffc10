//! The late fee in the books: charged when money meets it, taken back when the money goes back.

use crate::{
    estates::Estate,
    fees::{self, FeeItem, FeeKind},
    ids::{BillingAccountId, FeeItemId},
    ledger::{self, Entry, Posting},
};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;

/// The code of the fee item that late fees are revenue of.
const CODE: &str = "LATE_FEE";

/// The fee item of an estate's late fees, made on first need; the caller holds the estate where
/// somebody else may need it first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn item(scope: &TenantScope, estate: EstateId) -> Result<FeeItem, StorageError> {
    if let Some(item) = fees::item_by_code(scope, estate, CODE).await? {
        return Ok(item);
    }
    let item = FeeItem {
        id: FeeItemId::from_uuid(scope.new_id()),
        estate,
        code: CODE.to_owned(),
        name_zh: "违约金".to_owned(),
        name_en: "Late fee".to_owned(),
        kind: FeeKind::LateFee,
        partner: None,
    };
    fees::repo::insert_item(scope, &item).await?;
    Ok(item)
}

/// Books that a debtor owes so much late fee because money meets it now; below zero that it went
/// back, so that it is quoted again. `source` is the payment or refund.
///
/// # Errors
/// When the database fails.
pub(crate) async fn book(
    scope: &TenantScope,
    estate: &Estate,
    debtor: BillingAccountId,
    amount: Fen,
    source: String,
) -> Result<(), StorageError> {
    if amount.is_zero() {
        return Ok(());
    }
    let income = item(scope, estate.id).await?.income_account();
    let entry = Entry::late_fee(debtor, income, amount, estate.currency)
        .map_err(|error| StorageError::unreadable(error.to_string()))?;
    let date = estate.today(scope.clock());
    let posting = Posting { estate: estate.id, entry, date, source, memo: String::new() };
    ledger::post(scope, posting).await.map(drop)
}
