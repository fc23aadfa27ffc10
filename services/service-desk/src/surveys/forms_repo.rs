//! Forms that came back, in the database: whose they are is not kept, except of a comment that
//! somebody shall be visited about.

use super::{
    SurveyId,
    domain::{Answers, Channel, Form},
};
use authz::UserId;
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_forms")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub survey_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        pub building_id: Uuid,
        pub building_code: String,
        pub channel: String,
        pub entered_by: Option<Uuid>,
        pub answers: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod comment {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_comments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub survey_id: Uuid,
        pub unit_id: Uuid,
        pub person_id: Option<Uuid>,
        pub text: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, comment);

/// A form as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) code: String,
    pub(super) channel: Channel,
    pub(super) entered_by: Option<UserId>,
    pub(super) form: Form,
}

/// A comment of which the writer wants to hear.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    pub(super) id: Uuid,
    pub(super) unit: UnitId,
    pub(super) person: Option<PersonId>,
    pub(super) text: String,
}

/// A form as it was first kept.
pub(super) fn answers(text: &str) -> Result<Answers, StorageError> {
    stored::read_json(text)
}

fn read(row: row::Model) -> Result<Kept, StorageError> {
    Ok(Kept {
        code: row.code,
        channel: stored::read_word(&row.channel)?,
        entered_by: row.entered_by.map(UserId::from_uuid),
        form: Form {
            building: (row.building_id, row.building_code),
            answers: answers(&row.answers)?,
        },
    })
}

/// Adds forms.
pub(super) async fn insert(
    scope: &TenantScope,
    survey: SurveyId,
    forms: &[Kept],
) -> Result<(), StorageError> {
    let row = |kept: &Kept| -> Result<_, StorageError> {
        Ok(row::ActiveModel {
            survey_id: Set(survey.as_uuid()),
            code: Set(kept.code.clone()),
            building_id: Set(kept.form.building.0),
            building_code: Set(kept.form.building.1.clone()),
            channel: Set(stored::word(kept.channel)?),
            entered_by: Set(kept.entered_by.map(UserId::as_uuid)),
            answers: Set(stored::json(&kept.form.answers)?),
            ..Default::default()
        })
    };
    scope.insert_all(forms.iter().map(row).collect::<Result<Vec<_>, _>>()?).await
}

/// Every form of a survey by its code, which is random.
pub(super) async fn of_survey(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<Vec<Kept>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    rows.asc(C::Code).all().await?.into_iter().map(read).collect()
}

/// Forms of a survey by their codes.
pub(super) async fn by_code(
    scope: &TenantScope,
    survey: SurveyId,
    codes: &[String],
) -> Result<Vec<Kept>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    let rows = rows.filter_in(C::Code, codes.iter().map(String::as_str));
    rows.all().await?.into_iter().map(read).collect()
}

/// A page of the forms of a survey by code, or of those with some codes.
pub(super) async fn page(
    scope: &TenantScope,
    survey: SurveyId,
    codes: Option<Vec<String>>,
    (after, limit): (Option<&str>, u64),
) -> Result<Vec<Kept>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::SurveyId.eq(survey.as_uuid()))
        .filter_by(codes, |codes| scope.among(C::Code, codes))
        .filter_by(after, |last| C::Code.gt(last))
        .asc(C::Code)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// Adds comments.
pub(super) async fn insert_comments(
    scope: &TenantScope,
    survey: SurveyId,
    comments: Vec<Comment>,
) -> Result<(), StorageError> {
    let rows = comments.into_iter().map(|new| comment::ActiveModel {
        id: Set(new.id),
        survey_id: Set(survey.as_uuid()),
        unit_id: Set(new.unit.as_uuid()),
        person_id: Set(new.person.map(PersonId::as_uuid)),
        text: Set(new.text),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// The comments of a survey of which the writers want to hear.
pub(super) async fn comments(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<Vec<Comment>, StorageError> {
    use comment::Column as C;
    let rows = scope.find::<comment::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    let one = |row: comment::Model| Comment {
        id: row.id,
        unit: UnitId::from_uuid(row.unit_id),
        person: row.person_id.map(PersonId::from_uuid),
        text: row.text,
    };
    Ok(rows.asc(C::Id).all().await?.into_iter().map(one).collect())
}
