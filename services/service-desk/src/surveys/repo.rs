//! Surveys in the database, and the homes that could be asked.

use super::{
    SurveyId,
    domain::{Home, Survey, SurveyState, Targets},
};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "surveys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub period: String,
        pub title_zh: String,
        pub title_en: String,
        pub questions: String,
        pub rate: i32,
        pub returns: i32,
        pub satisfied: i32,
        pub state: String,
        pub version: i32,
        pub seed: Option<String>,
        pub occupied: i32,
        pub rotation: i32,
        pub drawn_by: Option<Uuid>,
        pub drawn_at: Option<DateTimeUtc>,
        pub closed_at: Option<DateTimeUtc>,
        pub audit_seed: Option<String>,
        pub recheck: bool,
        pub made_by: Uuid,
        pub closes_on: Option<Date>,
        pub cancelled_because: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod frame {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "survey_frames")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub survey_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub asked: bool,
        pub asked_last: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, frame);

fn points(column: i32) -> Result<u32, StorageError> {
    u32::try_from(column).map_err(|_| StorageError::unreadable("basis points"))
}

/// Basis points as a column.
pub(super) fn column(points: u32) -> i32 {
    i32::try_from(points).unwrap_or(i32::MAX)
}

fn read(row: row::Model) -> Result<Survey, StorageError> {
    Ok(Survey {
        id: SurveyId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        period: row.period,
        title: (row.title_zh, row.title_en),
        questions: stored::read_json(&row.questions)?,
        targets: Targets {
            rate: points(row.rate)?,
            returns: points(row.returns)?,
            satisfied: points(row.satisfied)?,
        },
        state: stored::read_word(&row.state)?,
        version: row.version,
        seed: row.seed,
        occupied: row.occupied,
        rotation: row.rotation,
        drawn_by: row.drawn_by.map(UserId::from_uuid),
        drawn_at: row.drawn_at,
        closed_at: row.closed_at,
        audit_seed: row.audit_seed,
        recheck: row.recheck,
        made_by: UserId::from_uuid(row.made_by),
        closes_on: row.closes_on,
        cancelled_because: row.cancelled_because,
    })
}

/// Adds a survey.
pub(super) async fn insert(scope: &TenantScope, survey: &Survey) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(survey.id.as_uuid()),
        estate_id: Set(survey.estate.as_uuid()),
        period: Set(survey.period.clone()),
        title_zh: Set(survey.title.0.clone()),
        title_en: Set(survey.title.1.clone()),
        questions: Set(stored::json(&survey.questions)?),
        rate: Set(column(survey.targets.rate)),
        returns: Set(column(survey.targets.returns)),
        satisfied: Set(column(survey.targets.satisfied)),
        state: Set(stored::word(survey.state)?),
        version: Set(survey.version),
        seed: Set(survey.seed.clone()),
        occupied: Set(survey.occupied),
        rotation: Set(survey.rotation),
        drawn_by: Set(survey.drawn_by.map(UserId::as_uuid)),
        drawn_at: Set(survey.drawn_at),
        closed_at: Set(survey.closed_at),
        audit_seed: Set(survey.audit_seed.clone()),
        recheck: Set(survey.recheck),
        made_by: Set(survey.made_by.as_uuid()),
        closes_on: Set(survey.closes_on),
        cancelled_because: Set(survey.cancelled_because.clone()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes a survey that had this version, which then counts one more; whether it still had it.
pub(super) async fn save(scope: &TenantScope, survey: &Survey) -> Result<bool, StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::Period, survey.period.clone())
        .set(C::TitleZh, survey.title.0.clone())
        .set(C::TitleEn, survey.title.1.clone())
        .set(C::Questions, stored::json(&survey.questions)?)
        .set(C::Rate, column(survey.targets.rate))
        .set(C::Returns, column(survey.targets.returns))
        .set(C::Satisfied, column(survey.targets.satisfied))
        .set(C::State, stored::word(survey.state)?)
        .set(C::Version, survey.version + 1)
        .set(C::Seed, survey.seed.clone())
        .set(C::Occupied, survey.occupied)
        .set(C::Rotation, survey.rotation)
        .set(C::DrawnBy, survey.drawn_by.map(UserId::as_uuid))
        .set(C::DrawnAt, survey.drawn_at)
        .set(C::ClosedAt, survey.closed_at)
        .set(C::AuditSeed, survey.audit_seed.clone())
        .set(C::Recheck, survey.recheck)
        .set(C::ClosesOn, survey.closes_on)
        .set(C::CancelledBecause, survey.cancelled_because.clone())
        .filter(C::Id.eq(survey.id.as_uuid()))
        .filter(C::Version.eq(survey.version));
    Ok(update.exec().await? == 1)
}

/// The survey, if there is one.
pub(super) async fn find(
    scope: &TenantScope,
    id: SurveyId,
) -> Result<Option<Survey>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// The survey, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: SurveyId,
) -> Result<Option<Survey>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// Surveys by id.
pub(super) async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = SurveyId>,
) -> Result<HashMap<SurveyId, Survey>, StorageError> {
    let ids = ids.into_iter().map(SurveyId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, ids).all().await?;
    let one = |row| read(row).map(|survey| (survey.id, survey));
    rows.into_iter().map(one).collect()
}

/// The estate's survey drawn before, and the round through all homes it belongs to.
pub(super) async fn last_drawn(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<Option<Survey>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::State.ne(stored::word(SurveyState::Cancelled)?));
    let drawn =
        rows.filter(C::DrawnAt.is_not_null()).desc(C::Rotation).desc(C::DrawnAt).desc(C::Id);
    drawn.limit(1).one().await?.map(read).transpose()
}

/// A page of an estate's surveys, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    states: Option<&[SurveyState]>,
    page: &PageArgs,
) -> Result<Vec<Survey>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<SurveyId>().ok());
    let words = |states: &[SurveyState]| states.iter().map(stored::word).collect();
    let words: Option<Vec<String>> = states.map(words).transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(words, |words| scope.among(C::State, words))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}

/// Keeps which homes could be asked.
pub(super) async fn keep_frame(
    scope: &TenantScope,
    survey: SurveyId,
    homes: &[Home],
) -> Result<(), StorageError> {
    let rows = homes.iter().map(|home| frame::ActiveModel {
        survey_id: Set(survey.as_uuid()),
        unit_id: Set(home.unit),
        building_id: Set(home.building),
        asked: Set(home.asked),
        asked_last: Set(home.asked_last),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// Which homes could be asked when the sample was drawn.
pub(super) async fn frame(
    scope: &TenantScope,
    survey: SurveyId,
) -> Result<Vec<Home>, StorageError> {
    use frame::Column as C;
    let rows = scope.find::<frame::Entity>().filter(C::SurveyId.eq(survey.as_uuid()));
    let home = |row: frame::Model| Home {
        unit: row.unit_id,
        building: row.building_id,
        asked: row.asked,
        asked_last: row.asked_last,
    };
    Ok(rows.asc(C::UnitId).all().await?.into_iter().map(home).collect())
}
