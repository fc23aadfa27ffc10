//! Rows of imports and of the fee settings their files named.

use crate::{
    charges::{Formula, Proration},
    ids::{FeeItemId, UserId},
};
use chrono::NaiveDate;
use contracts::{FileId, ImportId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod import {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fee_imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub file_id: Uuid,
        pub file_name: String,
        pub mapping: Option<String>,
        pub cut_over: Date,
        pub requested_by: String,
        pub state: String,
        pub total: i64,
        pub done: i64,
        pub items: i64,
        pub proposed: i64,
        pub unchanged: i64,
        pub left_out: i64,
        pub failure: Option<String>,
        pub decided_by: Option<Uuid>,
        pub decided_on: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod setting {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "fee_settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub item_id: Uuid,
        pub formula: String,
        pub proration: String,
        pub from_day: Option<Date>,
        pub to_day: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(import, setting);

/// How far billing's half of an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportState {
    /// Fee settings and links are being taken.
    Running,
    /// It stopped; it can be resumed.
    Failed,
    /// Everything is taken; the prices wait for somebody else's approval.
    Proposed,
    /// The prices are approved.
    Approved,
    /// The prices were given up.
    Withdrawn,
    /// There was nothing new to approve.
    Unchanged,
}

/// Billing's half of one import.
#[derive(Clone, Debug)]
pub struct FeeImport {
    /// The import.
    pub id: ImportId,
    /// The estate.
    pub estate: EstateId,
    /// The file, kept by residents.
    pub file: FileId,
    /// What it was called.
    pub file_name: String,
    /// How it is read, in JSON; recognised anew when not told.
    pub mapping: Option<String>,
    /// Nothing before this day is charged.
    pub cut_over: NaiveDate,
    /// Who asked for it: an account's id, or words such as `command line`.
    pub requested_by: String,
    /// How far it is.
    pub state: ImportState,
    /// Links there are; 0 before they are counted.
    pub total: i64,
    /// Links done.
    pub done: i64,
    /// Fee items that its settings name.
    pub items: i64,
    /// Prices proposed.
    pub proposed: i64,
    /// Links whose price stood so already.
    pub unchanged: i64,
    /// Links left out; the import's findings say why.
    pub left_out: i64,
    /// Why it stopped.
    pub failure: Option<String>,
    /// Who approved the prices or gave them up, and when.
    pub decided: Option<(UserId, NaiveDate)>,
}

impl FeeImport {
    /// The account that asked for it, if it was one.
    pub fn proposer(&self) -> Option<UserId> {
        self.requested_by.parse().ok()
    }
}

/// What a fee code of a file stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownSetting {
    /// The priced item.
    pub item: FeeItemId,
    /// The price of a month.
    pub formula: Formula,
    /// What a part of a month costs.
    pub proration: Proration,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// Keeps an import that residents told of, unless it is known.
pub(super) async fn keep(scope: &TenantScope, new: &FeeImport) -> Result<(), StorageError> {
    use import::Column as C;
    scope.insert_missing([row(new)?], [C::TenantId, C::Id]).await
}

/// Writes how far an import is.
pub(super) async fn save(scope: &TenantScope, changed: &FeeImport) -> Result<(), StorageError> {
    use import::Column as C;
    let columns = [
        C::State,
        C::Total,
        C::Done,
        C::Items,
        C::Proposed,
        C::Unchanged,
        C::LeftOut,
        C::Failure,
        C::DecidedBy,
        C::DecidedOn,
    ];
    scope.upsert([row(changed)?], [C::TenantId, C::Id], columns).await
}

fn row(import: &FeeImport) -> Result<import::ActiveModel, StorageError> {
    Ok(import::ActiveModel {
        id: Set(import.id.as_uuid()),
        estate_id: Set(import.estate.as_uuid()),
        file_id: Set(import.file.as_uuid()),
        file_name: Set(import.file_name.clone()),
        mapping: Set(import.mapping.clone()),
        cut_over: Set(import.cut_over),
        requested_by: Set(import.requested_by.clone()),
        state: Set(stored::word(import.state)?),
        total: Set(import.total),
        done: Set(import.done),
        items: Set(import.items),
        proposed: Set(import.proposed),
        unchanged: Set(import.unchanged),
        left_out: Set(import.left_out),
        failure: Set(import.failure.clone()),
        decided_by: Set(import.decided.map(|(by, _)| by.as_uuid())),
        decided_on: Set(import.decided.map(|(_, on)| on)),
        ..Default::default()
    })
}

fn read(row: import::Model) -> Result<FeeImport, StorageError> {
    Ok(FeeImport {
        id: ImportId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        file: FileId::from_uuid(row.file_id),
        file_name: row.file_name,
        mapping: row.mapping,
        cut_over: row.cut_over,
        requested_by: row.requested_by,
        state: stored::read_word(&row.state)?,
        total: row.total,
        done: row.done,
        items: row.items,
        proposed: row.proposed,
        unchanged: row.unchanged,
        left_out: row.left_out,
        failure: row.failure,
        decided: row.decided_by.map(UserId::from_uuid).zip(row.decided_on),
    })
}

/// One import.
pub(super) async fn one(
    scope: &TenantScope,
    id: ImportId,
) -> Result<Option<FeeImport>, StorageError> {
    let found = scope.find::<import::Entity>().filter(import::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// One import, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: ImportId,
) -> Result<Option<FeeImport>, StorageError> {
    let found = scope.find::<import::Entity>().filter(import::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// A page of an estate's imports, oldest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<FeeImport>, StorageError> {
    use import::Column as C;
    let found = scope
        .find::<import::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(after, |after| C::Id.gt(after));
    found.asc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Keeps what fee codes stand for; a later file's word replaces an earlier one's.
pub(super) async fn keep_settings(
    scope: &TenantScope,
    estate: EstateId,
    settings: &[(String, KnownSetting)],
) -> Result<(), StorageError> {
    use setting::Column as C;
    let rows: Result<Vec<_>, StorageError> = settings
        .iter()
        .map(|(code, known)| {
            Ok(setting::ActiveModel {
                estate_id: Set(estate.as_uuid()),
                code: Set(code.clone()),
                item_id: Set(known.item.as_uuid()),
                formula: Set(stored::json(known.formula)?),
                proration: Set(stored::word(known.proration)?),
                from_day: Set(known.from),
                to_day: Set(known.to),
                ..Default::default()
            })
        })
        .collect();
    let changed = [C::ItemId, C::Formula, C::Proration, C::FromDay, C::ToDay];
    scope.upsert(rows?, [C::TenantId, C::EstateId, C::Code], changed).await
}

/// What the fee codes of an estate stand for.
pub(super) async fn settings(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<HashMap<String, KnownSetting>, StorageError> {
    let rows =
        scope.find::<setting::Entity>().filter(setting::Column::EstateId.eq(estate.as_uuid()));
    let known = |row: setting::Model| {
        let known = KnownSetting {
            item: FeeItemId::from_uuid(row.item_id),
            formula: stored::read_json(&row.formula)?,
            proration: stored::read_word(&row.proration)?,
            from: row.from_day,
            to: row.to_day,
        };
        Ok((row.code, known))
    };
    rows.all().await?.into_iter().map(known).collect()
}
