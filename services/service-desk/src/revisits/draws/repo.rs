//! Draws in the database.

use super::domain::Draw;
use crate::month::Month;
use crate::revisits::{RevisitDrawId, Source};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_draws")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub source: String,
        pub month: Date,
        pub seed: String,
        pub rate_bp: i32,
        pub candidates: i32,
        pub digest: String,
        pub chosen: String,
        pub drawn_at: DateTimeUtc,
        pub drawn_by: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Draw, StorageError> {
    let wrong = || StorageError::unreadable("a number of a draw");
    Ok(Draw {
        id: RevisitDrawId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        source: stored::read_word(&row.source)?,
        month: Month::of(row.month),
        seed: row.seed,
        rate_bp: u16::try_from(row.rate_bp).map_err(|_| wrong())?,
        candidates: u32::try_from(row.candidates).map_err(|_| wrong())?,
        digest: row.digest,
        chosen: stored::read_json(&row.chosen)?,
        drawn_at: row.drawn_at,
        drawn_by: row.drawn_by.map(UserId::from_uuid),
    })
}

/// Keeps a draw, unless the month has one.
pub(in crate::revisits) async fn insert(
    scope: &TenantScope,
    draw: &Draw,
) -> Result<(), StorageError> {
    use row::Column as C;
    let candidates = i32::try_from(draw.candidates);
    let row = row::ActiveModel {
        id: Set(draw.id.as_uuid()),
        estate_id: Set(draw.estate.as_uuid()),
        source: Set(stored::word(draw.source)?),
        month: Set(draw.month.first()),
        seed: Set(draw.seed.clone()),
        rate_bp: Set(draw.rate_bp.into()),
        candidates: Set(candidates.map_err(|_| StorageError::unreadable("too many candidates"))?),
        digest: Set(draw.digest.clone()),
        chosen: Set(stored::json(&draw.chosen)?),
        drawn_at: Set(draw.drawn_at),
        drawn_by: Set(draw.drawn_by.map(UserId::as_uuid)),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::EstateId, C::Source, C::Month]).await
}

/// The draw of a month.
pub(in crate::revisits) async fn of_month(
    scope: &TenantScope,
    estate: EstateId,
    source: Source,
    month: Month,
) -> Result<Option<Draw>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Source.eq(stored::word(source)?));
    rows.filter(C::Month.eq(month.first())).one().await?.map(read).transpose()
}

/// One draw.
pub(in crate::revisits) async fn find(
    scope: &TenantScope,
    id: RevisitDrawId,
) -> Result<Option<Draw>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// A page of an estate's draws, newest first.
pub(in crate::revisits) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    (source, month): (Option<Source>, Option<Month>),
    (after, limit): (Option<RevisitDrawId>, u64),
) -> Result<Vec<Draw>, StorageError> {
    use row::Column as C;
    let source = source.map(stored::word).transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(source, |source| C::Source.eq(source))
        .filter_by(month, |month| C::Month.eq(month.first()))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
