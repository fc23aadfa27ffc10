//! Plans to improve weak items, in the database.

use super::{
    ImprovementId, SurveyId,
    domain::{Improvement, ImprovementState},
    repo::column,
};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_improvements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub survey_id: Uuid,
        pub estate_id: Uuid,
        pub question: String,
        pub item_zh: String,
        pub item_en: String,
        pub rate: i32,
        pub due: Date,
        pub owner_id: Option<Uuid>,
        pub cause: Option<String>,
        pub action: Option<String>,
        pub effect: Option<String>,
        pub state: String,
        pub measured_in: Option<Uuid>,
        pub later_rate: Option<i32>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn points(column: i32) -> Result<u32, StorageError> {
    u32::try_from(column).map_err(|_| StorageError::unreadable("basis points"))
}

fn read(row: row::Model) -> Result<Improvement, StorageError> {
    Ok(Improvement {
        id: ImprovementId::from_uuid(row.id),
        survey: SurveyId::from_uuid(row.survey_id),
        estate: EstateId::from_uuid(row.estate_id),
        question: row.question,
        item: (row.item_zh, row.item_en),
        rate: points(row.rate)?,
        due: row.due,
        owner: row.owner_id.map(UserId::from_uuid),
        cause: row.cause,
        action: row.action,
        effect: row.effect,
        state: stored::read_word(&row.state)?,
        measured_in: row.measured_in.map(SurveyId::from_uuid),
        later_rate: row.later_rate.map(points).transpose()?,
        version: row.version,
    })
}

/// Adds plans.
pub(super) async fn insert(
    scope: &TenantScope,
    plans: &[Improvement],
) -> Result<(), StorageError> {
    let row = |plan: &Improvement| -> Result<_, StorageError> {
        Ok(row::ActiveModel {
            id: Set(plan.id.as_uuid()),
            survey_id: Set(plan.survey.as_uuid()),
            estate_id: Set(plan.estate.as_uuid()),
            question: Set(plan.question.clone()),
            item_zh: Set(plan.item.0.clone()),
            item_en: Set(plan.item.1.clone()),
            rate: Set(column(plan.rate)),
            due: Set(plan.due),
            owner_id: Set(plan.owner.map(UserId::as_uuid)),
            cause: Set(plan.cause.clone()),
            action: Set(plan.action.clone()),
            effect: Set(plan.effect.clone()),
            state: Set(stored::word(plan.state)?),
            measured_in: Set(plan.measured_in.map(SurveyId::as_uuid)),
            later_rate: Set(plan.later_rate.map(column)),
            version: Set(plan.version),
            ..Default::default()
        })
    };
    scope.insert_all(plans.iter().map(row).collect::<Result<Vec<_>, _>>()?).await
}

/// Takes a survey's plans away that nobody began, e.g. after its forms were corrected.
pub(super) async fn remove_untouched(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = scope.delete::<row::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    rows.filter(C::Version.eq(1)).exec().await.map(drop)
}

/// Writes a plan that had this version, which then counts one more; whether it still had it.
pub(super) async fn save(scope: &TenantScope, plan: &Improvement) -> Result<bool, StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::OwnerId, plan.owner.map(UserId::as_uuid))
        .set(C::Cause, plan.cause.clone())
        .set(C::Action, plan.action.clone())
        .set(C::Effect, plan.effect.clone())
        .set(C::State, stored::word(plan.state)?)
        .set(C::MeasuredIn, plan.measured_in.map(SurveyId::as_uuid))
        .set(C::LaterRate, plan.later_rate.map(column))
        .set(C::Version, plan.version + 1)
        .filter(C::Id.eq(plan.id.as_uuid()))
        .filter(C::Version.eq(plan.version));
    Ok(update.exec().await? == 1)
}

/// The plan, if there is one.
pub(super) async fn find(
    scope: &TenantScope,
    id: ImprovementId,
) -> Result<Option<Improvement>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// The plans of some surveys, oldest first.
pub(super) async fn of_surveys(
    scope: &TenantScope,
    surveys: impl IntoIterator<Item = SurveyId>,
) -> Result<Vec<Improvement>, StorageError> {
    let ids = surveys.into_iter().map(SurveyId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::SurveyId, ids);
    rows.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
}

/// A page of an estate's plans, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    state: Option<ImprovementState>,
    page: &PageArgs,
) -> Result<Vec<Improvement>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<ImprovementId>().ok());
    let state = state.map(stored::word).transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}
