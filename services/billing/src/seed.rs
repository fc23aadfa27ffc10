//! Demo data: fee items, approved prices and billing terms of the handbook's table.

use crate::{
    charges::{Formula, Proration},
    fees::{FeeStandard, NewStandard, Scope, StandardStatus, repo},
    ids::{FeeItemId, FeeStandardId, UserId},
};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use ids::EstateId;

/// A price to write.
#[derive(Clone, Copy, Debug)]
pub struct Price {
    /// The priced item.
    pub item: FeeItemId,
    /// Where it applies.
    pub place: Scope,
    /// The price of a month.
    pub formula: Formula,
    /// First day of effect; also the day of its approval.
    pub from: NaiveDate,
}

/// Writes a price that was approved in the past, as no mutation can.
///
/// # Errors
/// When the database refuses it.
pub async fn price(
    scope: &TenantScope,
    estate: EstateId,
    price: &Price,
) -> Result<FeeStandardId, StorageError> {
    let id = FeeStandardId::from_uuid(scope.new_id());
    let standard = FeeStandard {
        id,
        terms: NewStandard {
            item: price.item,
            scope: price.place,
            formula: price.formula,
            proration: Proration::ActualDays,
            from: price.from,
            to: None,
        },
        status: StandardStatus::Approved,
        proposed_by: Some(UserId::from_uuid(scope.new_id())),
        approved_by: Some(UserId::from_uuid(scope.new_id())),
        approved_on: Some(price.from),
        ended: None,
    };
    repo::insert_standards(scope, estate, None, &[standard]).await?;
    Ok(id)
}
