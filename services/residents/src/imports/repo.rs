//! Imports in the database.

use super::{Import, ImportState, WayOut};
use contracts::{FileId, ImportId};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use sheets::{Finding, Mapping, Severity};
use uuid::Uuid;

mod import {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub file_id: Uuid,
        pub file_name: String,
        pub cut_over: Date,
        pub state: String,
        pub mapping: String,
        pub choices: String,
        pub errors: i64,
        pub undecided: i64,
        pub warnings: i64,
        pub left_out: i64,
        pub done: i64,
        pub total: i64,
        pub requested_by: String,
        pub failure: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod finding {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "import_findings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub severity: String,
        pub finding: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(import, finding);

fn json<T: serde::Serialize>(value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|e| StorageError::unreadable(e.to_string()))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|e| StorageError::unreadable(e.to_string()))
}

fn stored(row: import::Model) -> Result<Import, StorageError> {
    Ok(Import {
        id: ImportId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        file: FileId::from_uuid(row.file_id),
        file_name: row.file_name,
        cut_over: row.cut_over,
        state: ImportState::from_stored(&row.state),
        mapping: read::<Mapping>(&row.mapping)?,
        choices: read::<Vec<WayOut>>(&row.choices)?,
        counts: [row.errors, row.undecided, row.warnings],
        left_out: row.left_out,
        done: row.done,
        total: row.total,
        requested_by: row.requested_by,
        failure: row.failure,
    })
}

/// Writes an import, new or known by id.
///
/// # Errors
/// When writing fails.
pub async fn save(scope: &TenantScope, import: &Import) -> Result<(), StorageError> {
    use import::Column as C;
    let [errors, undecided, warnings] = import.counts;
    let row = import::ActiveModel {
        id: Set(import.id.as_uuid()),
        estate_id: Set(import.estate.as_uuid()),
        file_id: Set(import.file.as_uuid()),
        file_name: Set(import.file_name.clone()),
        cut_over: Set(import.cut_over),
        state: Set(import.state.as_str().to_owned()),
        mapping: Set(json(&import.mapping)?),
        choices: Set(json(&import.choices)?),
        errors: Set(errors),
        undecided: Set(undecided),
        warnings: Set(warnings),
        left_out: Set(import.left_out),
        done: Set(import.done),
        total: Set(import.total),
        requested_by: Set(import.requested_by.clone()),
        failure: Set(import.failure.clone()),
        ..Default::default()
    };
    let changed = [
        C::State,
        C::Mapping,
        C::Choices,
        C::Errors,
        C::Undecided,
        C::Warnings,
        C::LeftOut,
        C::Done,
        C::Total,
        C::Failure,
    ];
    scope.upsert([row], [C::TenantId, C::Id], changed).await
}

/// One import, held until the transaction ends.
///
/// # Errors
/// When reading fails.
pub async fn lock(scope: &TenantScope, id: Uuid) -> Result<Option<Import>, StorageError> {
    let found = scope.find::<import::Entity>().filter(import::Column::Id.eq(id)).lock();
    found.one().await?.map(stored).transpose()
}

/// One import.
///
/// # Errors
/// When reading fails.
pub async fn one(scope: &TenantScope, id: Uuid) -> Result<Option<Import>, StorageError> {
    let found = scope.find::<import::Entity>().filter(import::Column::Id.eq(id));
    found.one().await?.map(stored).transpose()
}

/// Replaces the findings of an import.
///
/// # Errors
/// When writing fails.
pub async fn save_findings(
    scope: &TenantScope,
    id: ImportId,
    findings: &[Finding],
) -> Result<(), StorageError> {
    let old = scope.delete::<finding::Entity>();
    old.filter(finding::Column::ImportId.eq(id.as_uuid())).exec().await?;
    add_findings(scope, id, 0, findings).await
}

/// Adds findings behind the place `after` of the list.
///
/// # Errors
/// When writing fails.
pub async fn add_findings(
    scope: &TenantScope,
    id: ImportId,
    after: i64,
    findings: &[Finding],
) -> Result<(), StorageError> {
    let mut rows = Vec::with_capacity(findings.len());
    for (seq, finding) in (after + 1..).zip(findings) {
        rows.push(finding::ActiveModel {
            import_id: Set(id.as_uuid()),
            seq: Set(seq),
            severity: Set(severity(finding.severity).to_owned()),
            finding: Set(json(finding)?),
            ..Default::default()
        });
    }
    scope.insert_all(rows).await
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Warning => "warning",
        Severity::Choice => "choice",
        Severity::Error => "error",
    }
}

/// How many findings of an import are listed.
///
/// # Errors
/// When reading fails.
pub async fn listed(scope: &TenantScope, id: ImportId) -> Result<i64, StorageError> {
    let rows = scope.find::<finding::Entity>().filter(finding::Column::ImportId.eq(id.as_uuid()));
    Ok(i64::try_from(rows.count().await?).unwrap_or(i64::MAX))
}

/// A page of an import's findings with their places in the list.
///
/// # Errors
/// When reading fails.
pub async fn findings(
    scope: &TenantScope,
    id: ImportId,
    only: Option<Severity>,
    after: Option<i64>,
    limit: u64,
) -> Result<Vec<(i64, Finding)>, StorageError> {
    let rows = scope
        .find::<finding::Entity>()
        .filter(finding::Column::ImportId.eq(id.as_uuid()))
        .filter_by(only, |only| finding::Column::Severity.eq(severity(only)))
        .filter_by(after, |seq| finding::Column::Seq.gt(seq))
        .asc(finding::Column::Seq)
        .limit(limit);
    rows.all().await?.into_iter().map(|row| Ok((row.seq, read(&row.finding)?))).collect()
}
