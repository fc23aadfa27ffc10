//! Rows of fee standards by the import they came with, and those an export writes.

use super::{
    domain::{FeeStandard, StandardStatus},
    repo::{read_standard, standard},
};
use crate::{
    charges::{Formula, Proration},
    ids::{FeeItemId, FeeStandardId, UserId},
};
use chrono::NaiveDate;
use contracts::ImportId;
use db::{StorageError, TenantScope, stored};
use ids::EstateId;
use sea_orm::{ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

/// A page of the open proposals of an import, oldest first.
pub(crate) async fn proposed_by_import(
    scope: &TenantScope,
    import: ImportId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<FeeStandard>, StorageError> {
    use standard::Column as C;
    let found = scope
        .find::<standard::Entity>()
        .filter(C::ImportId.eq(import.as_uuid()))
        .filter(C::Status.eq(stored::word(StandardStatus::Proposed)?))
        .filter_by(after, |after| C::Id.gt(after));
    let rows = found.asc(C::Id).limit(limit).all().await?.into_iter();
    rows.map(|row| Ok(read_standard(row)?.standard)).collect()
}

/// Makes open proposals of an earlier import part of a later one.
pub(crate) async fn adopt(
    scope: &TenantScope,
    import: ImportId,
    by: Option<UserId>,
    ids: &[FeeStandardId],
) -> Result<(), StorageError> {
    use standard::Column as C;
    if ids.is_empty() {
        return Ok(());
    }
    let update = scope
        .update::<standard::Entity>()
        .filter_in(C::Id, ids.iter().map(|id| id.as_uuid()))
        .set(C::ImportId, import.as_uuid())
        .set(C::ProposedBy, by.map(UserId::as_uuid));
    update.exec().await.map(drop)
}

/// Marks proposals as approved; the versions they end are saved by themselves.
pub(crate) async fn approve_all(
    scope: &TenantScope,
    ids: &[FeeStandardId],
    by: UserId,
    on: NaiveDate,
) -> Result<(), StorageError> {
    use standard::Column as C;
    let update = scope
        .update::<standard::Entity>()
        .filter_in(C::Id, ids.iter().map(|id| id.as_uuid()))
        .set(C::Status, stored::word(StandardStatus::Approved)?)
        .set(C::ApprovedBy, by.as_uuid())
        .set(C::ApprovedOn, on);
    update.exec().await.map(drop)
}

/// Gives up the open proposals of an import; how many they were.
pub(crate) async fn withdraw_import(
    scope: &TenantScope,
    import: ImportId,
) -> Result<u64, StorageError> {
    use standard::Column as C;
    let update = scope
        .update::<standard::Entity>()
        .filter(C::ImportId.eq(import.as_uuid()))
        .filter(C::Status.eq(stored::word(StandardStatus::Proposed)?))
        .set(C::Status, stored::word(StandardStatus::Withdrawn)?);
    update.exec().await
}

/// A price without its place: what a fee setting of a file is.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) item: FeeItemId,
    pub(crate) formula: Formula,
    pub(crate) proration: Proration,
}

#[derive(FromQueryResult)]
struct VariantRow {
    item_id: Uuid,
    formula: String,
    proration: String,
}

/// The different prices of an estate that are approved and not over on `today`.
pub(crate) async fn variants(
    scope: &TenantScope,
    estate: EstateId,
    today: NaiveDate,
) -> Result<Vec<Variant>, StorageError> {
    let sql = "SELECT DISTINCT item_id, formula, proration FROM fee_standards WHERE tenant_id = $1 \
               AND estate_id = $2 AND status = $3 AND (to_day IS NULL OR to_day >= $4) \
               AND (ended_on IS NULL OR ended_on >= $4)";
    let status = stored::word(StandardStatus::Approved)?;
    let values = [estate.as_uuid().into(), status.into(), today.into()];
    let rows: Vec<VariantRow> = scope.rows(sql, values).await?;
    let read = |row: VariantRow| {
        Ok(Variant {
            item: FeeItemId::from_uuid(row.item_id),
            formula: stored::read_json(&row.formula)?,
            proration: stored::read_word(&row.proration)?,
        })
    };
    rows.into_iter().map(read).collect()
}

/// A page of all standards of an estate that are approved, by id.
pub(crate) async fn approved_page(
    scope: &TenantScope,
    estate: EstateId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<FeeStandard>, StorageError> {
    use standard::Column as C;
    let found = scope
        .find::<standard::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::Status.eq(stored::word(StandardStatus::Approved)?))
        .filter_by(after, |after| C::Id.gt(after));
    let rows = found.asc(C::Id).limit(limit).all().await?.into_iter();
    rows.map(|row| Ok(read_standard(row)?.standard)).collect()
}
