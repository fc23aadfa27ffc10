//! Rows of texts.

use super::Wording;
use crate::{dunning::domain::Step, ids::DunningTemplateId};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_templates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub step: String,
        pub version: i32,
        pub text_zh: String,
        pub text_en: String,
        pub made_by: Uuid,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// One version of the text of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Its id.
    pub id: DunningTemplateId,
    /// The step.
    pub step: Step,
    /// The version, from 1 on.
    pub version: i32,
    /// The text.
    pub wording: Wording,
    /// Who set it.
    pub made_by: UserId,
    /// When.
    pub made_at: DateTime<Utc>,
}

/// The newest text of a step, with its version; the product's is version 0.
pub(crate) async fn in_force(
    scope: &TenantScope,
    estate: EstateId,
    step: Step,
) -> Result<(i32, Wording), StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter(row::Column::Step.eq(stored::word(step)?));
    let newest = rows.desc(row::Column::Version).one().await?;
    Ok(newest.map_or_else(
        || (0, Wording::product(step)),
        |row| (row.version, Wording { zh: row.text_zh, en: row.text_en }),
    ))
}

/// A page of an estate's texts, every version, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Template>, StorageError> {
    let rows = scope
        .find::<row::Entity>()
        .filter(row::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(before, |before| row::Column::Id.lt(before));
    rows.desc(row::Column::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Adds a version.
pub(super) async fn insert(
    scope: &TenantScope,
    estate: EstateId,
    template: &Template,
) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(template.id.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        step: Set(stored::word(template.step)?),
        version: Set(template.version),
        text_zh: Set(template.wording.zh.clone()),
        text_en: Set(template.wording.en.clone()),
        made_by: Set(template.made_by.as_uuid()),
        created_at: Set(template.made_at),
        ..Default::default()
    };
    scope.insert(row).await
}

fn read(row: row::Model) -> Result<Template, StorageError> {
    Ok(Template {
        id: DunningTemplateId::from_uuid(row.id),
        step: stored::read_word(&row.step)?,
        version: row.version,
        wording: Wording { zh: row.text_zh, en: row.text_en },
        made_by: UserId::from_uuid(row.made_by),
        made_at: row.created_at,
    })
}
