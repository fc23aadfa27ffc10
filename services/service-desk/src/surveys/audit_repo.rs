//! The audit of a survey in the database: forms keyed again, homes phoned.

use super::{SurveyId, domain::Answers, forms_repo};
use authz::UserId;
use chrono::{DateTime, Utc};
use contracts::UnitId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod rekey {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_rekeys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub survey_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub keyed_by: Uuid,
        pub keyed_at: DateTimeUtc,
        pub answers: String,
        pub same: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod call {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_calls")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub survey_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub label: String,
        pub called_by: Option<Uuid>,
        pub called_at: Option<DateTimeUtc>,
        pub note: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(rekey, call);

/// A form keyed again.
#[derive(Clone, Debug)]
pub(super) struct Rekey {
    pub(super) code: String,
    pub(super) by: UserId,
    pub(super) at: DateTime<Utc>,
    pub(super) answers: Answers,
    pub(super) same: bool,
}

/// A home that returned nothing and is phoned.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) survey: SurveyId,
    pub(super) unit: UnitId,
    pub(super) label: String,
    pub(super) called: Option<(UserId, DateTime<Utc>)>,
    pub(super) note: Option<String>,
}

/// Adds forms keyed again.
pub(super) async fn insert_rekeys(
    scope: &TenantScope,
    survey: SurveyId,
    rekeys: &[Rekey],
) -> Result<(), StorageError> {
    let row = |it: &Rekey| -> Result<_, StorageError> {
        Ok(rekey::ActiveModel {
            survey_id: Set(survey.as_uuid()),
            code: Set(it.code.clone()),
            keyed_by: Set(it.by.as_uuid()),
            keyed_at: Set(it.at),
            answers: Set(stored::json(&it.answers)?),
            same: Set(it.same),
            ..Default::default()
        })
    };
    scope.insert_all(rekeys.iter().map(row).collect::<Result<Vec<_>, _>>()?).await
}

/// Every form of a survey that was keyed again, by code.
pub(super) async fn rekeys(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<HashMap<String, Rekey>, StorageError> {
    use rekey::Column as C;
    let rows = scope.find::<rekey::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    let one = |row: rekey::Model| {
        let answers = forms_repo::answers(&row.answers)?;
        let by = UserId::from_uuid(row.keyed_by);
        let one = Rekey { code: row.code, by, at: row.keyed_at, answers, same: row.same };
        Ok((one.code.clone(), one))
    };
    rows.all().await?.into_iter().map(one).collect()
}

/// Adds homes to phone.
pub(super) async fn insert_calls(scope: &TenantScope, calls: &[Call]) -> Result<(), StorageError> {
    let rows = calls.iter().map(|it| call::ActiveModel {
        survey_id: Set(it.survey.as_uuid()),
        unit_id: Set(it.unit.as_uuid()),
        label: Set(it.label.clone()),
        called_by: Set(None),
        called_at: Set(None),
        note: Set(None),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// Notes a call; whether the home was to be phoned and was not yet.
pub(super) async fn note_call(scope: &TenantScope, made: &Call) -> Result<bool, StorageError> {
    use call::Column as C;
    let update = scope
        .update::<call::Entity>()
        .set(C::CalledBy, made.called.map(|(by, _)| by.as_uuid()))
        .set(C::CalledAt, made.called.map(|(_, at)| at))
        .set(C::Note, made.note.clone())
        .filter(C::SurveyId.eq(made.survey.as_uuid()))
        .filter(C::UnitId.eq(made.unit.as_uuid()))
        .filter(C::CalledAt.is_null());
    Ok(update.exec().await? == 1)
}

/// The homes of some surveys that are phoned, by label.
pub(super) async fn calls(
    scope: &TenantScope,
    surveys: impl IntoIterator<Item = SurveyId>,
) -> Result<Vec<Call>, StorageError> {
    use call::Column as C;
    let ids = surveys.into_iter().map(SurveyId::as_uuid);
    let rows = scope.find::<call::Entity>().filter_in(C::SurveyId, ids).asc(C::Label);
    let one = |row: call::Model| Call {
        survey: SurveyId::from_uuid(row.survey_id),
        unit: UnitId::from_uuid(row.unit_id),
        label: row.label,
        called: row.called_by.map(UserId::from_uuid).zip(row.called_at),
        note: row.note,
    };
    Ok(rows.all().await?.into_iter().map(one).collect())
}
