//! Recipients in the database.

use crate::{messages::LetterId, notices::NoticeId};
use chrono::{DateTime, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notice_recipients")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub notice_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub estate_id: Uuid,
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub posted: bool,
        pub letter_id: Option<Uuid>,
        pub read_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Somebody whom a notice concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::notices) struct Recipient {
    pub person: PersonId,
    /// The first of their units that it concerns.
    pub unit: UnitId,
    pub building: BuildingId,
}

fn model(
    (notice, estate): (NoticeId, EstateId),
    it: Recipient,
    (posted, letter): (bool, Option<LetterId>),
) -> row::ActiveModel {
    row::ActiveModel {
        notice_id: Set(notice.as_uuid()),
        person_id: Set(it.person.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        unit_id: Set(it.unit.as_uuid()),
        building_id: Set(it.building.as_uuid()),
        posted: Set(posted),
        letter_id: Set(letter.map(LetterId::as_uuid)),
        read_at: Set(None),
        ..Default::default()
    }
}

fn recipient(row: &row::Model) -> Recipient {
    Recipient {
        person: PersonId::from_uuid(row.person_id),
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
    }
}

/// Keeps whom a notice concerns; who is there already stays.
pub(in crate::notices) async fn put(
    scope: &TenantScope,
    of: (NoticeId, EstateId),
    people: Vec<Recipient>,
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows: Vec<_> = people.into_iter().map(|it| model(of, it, (false, None))).collect();
    scope.insert_missing(rows, [C::TenantId, C::NoticeId, C::PersonId]).await
}

/// Some of those who have no letter yet.
pub(in crate::notices) async fn unposted(
    scope: &TenantScope,
    notice: NoticeId,
    most: u64,
) -> Result<Vec<Recipient>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::NoticeId.eq(notice.as_uuid()))
        .filter(C::Posted.eq(false))
        .asc(C::PersonId)
        .limit(most)
        .lock();
    Ok(rows.all().await?.iter().map(recipient).collect())
}

/// Notes who has a letter; none is for who refused it.
pub(in crate::notices) async fn posted(
    scope: &TenantScope,
    of: (NoticeId, EstateId),
    letters: Vec<(Recipient, Option<LetterId>)>,
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows: Vec<_> =
        letters.into_iter().map(|(it, letter)| model(of, it, (true, letter))).collect();
    scope.upsert(rows, [C::TenantId, C::NoticeId, C::PersonId], [C::Posted, C::LetterId]).await
}

/// The letters of a notice.
pub(in crate::notices) async fn letters(
    scope: &TenantScope,
    notice: NoticeId,
) -> Result<Vec<LetterId>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::NoticeId.eq(notice.as_uuid()));
    let ids = rows.all().await?.into_iter().filter_map(|row| row.letter_id);
    Ok(ids.map(LetterId::from_uuid).collect())
}

/// What a notice is to a person.
#[derive(Clone, Copy, Debug)]
pub(in crate::notices) struct Concern {
    pub home: Recipient,
    pub letter: Option<Uuid>,
    pub read_at: Option<DateTime<Utc>>,
}

/// Of some notices those that concern a person.
pub(in crate::notices) async fn concerned(
    scope: &TenantScope,
    person: PersonId,
    notices: impl IntoIterator<Item = NoticeId>,
) -> Result<HashMap<NoticeId, Concern>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PersonId.eq(person.as_uuid()))
        .filter_in(C::NoticeId, notices.into_iter().map(NoticeId::as_uuid));
    let one = |row: row::Model| {
        let home = recipient(&row);
        let concern = Concern { home, letter: row.letter_id, read_at: row.read_at };
        (NoticeId::from_uuid(row.notice_id), concern)
    };
    Ok(rows.all().await?.into_iter().map(one).collect())
}

/// The notices that concern a person.
pub(in crate::notices) async fn of_person(
    scope: &TenantScope,
    person: PersonId,
    estate: EstateId,
) -> Result<Vec<Uuid>, StorageError> {
    use row::Column as C;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::PersonId.eq(person.as_uuid()))
        .filter(C::EstateId.eq(estate.as_uuid()));
    Ok(rows.all().await?.into_iter().map(|row| row.notice_id).collect())
}

/// Notes that a person read a notice, the first time. Who came to their home after it was published is
/// one of those whom it concerns from then on; there is no letter for them.
pub(in crate::notices) async fn mark_read(
    scope: &TenantScope,
    of: (NoticeId, EstateId),
    who: Recipient,
) -> Result<(), StorageError> {
    use row::Column as C;
    let row = model(of, who, (true, None));
    scope.insert_missing([row], [C::TenantId, C::NoticeId, C::PersonId]).await?;
    let rows = scope
        .update::<row::Entity>()
        .filter(C::NoticeId.eq(of.0.as_uuid()))
        .filter(C::PersonId.eq(who.person.as_uuid()))
        .filter(C::ReadAt.is_null());
    rows.set(C::ReadAt, scope.now()).exec().await.map(drop)
}

/// Notes that the letters of notices were read.
///
/// # Errors
/// When writing fails.
pub(crate) async fn letters_read(
    scope: &TenantScope,
    letters: Vec<LetterId>,
) -> Result<(), StorageError> {
    use row::Column as C;
    if letters.is_empty() {
        return Ok(());
    }
    let rows = scope
        .update::<row::Entity>()
        .filter_in(C::LetterId, letters.into_iter().map(LetterId::as_uuid))
        .filter(C::ReadAt.is_null());
    rows.set(C::ReadAt, scope.now()).exec().await.map(drop)
}

/// How far a notice came in one building.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::notices) struct BuildingReach {
    pub building_id: Uuid,
    pub code: Option<String>,
    /// Whom it concerned.
    pub audience: i64,
    /// Who had it in the inbox, or to whom a provider took it.
    pub delivered: i64,
    /// Who read it in the app.
    pub seen: i64,
}

/// How far a notice came, by building.
pub(in crate::notices) async fn reach(
    scope: &TenantScope,
    notice: NoticeId,
) -> Result<Vec<BuildingReach>, StorageError> {
    let sql = "SELECT r.building_id AS building_id, MIN(u.building_code) AS code, \
         COUNT(*) AS audience, SUM(CASE WHEN r.read_at IS NULL THEN 0 ELSE 1 END) AS seen, \
         SUM(CASE WHEN r.read_at IS NOT NULL OR l.in_inbox OR EXISTS (SELECT 1 FROM \
         message_deliveries d WHERE d.tenant_id = r.tenant_id AND d.letter_id = r.letter_id AND \
         d.state = 'SENT') THEN 1 ELSE 0 END) AS delivered FROM notice_recipients r \
         LEFT JOIN inbox_letters l ON l.tenant_id = r.tenant_id AND l.id = r.letter_id \
         LEFT JOIN units u ON u.tenant_id = r.tenant_id AND u.id = r.unit_id \
         WHERE r.tenant_id = $1 AND r.notice_id = $2 GROUP BY r.building_id ORDER BY code, building_id";
    scope.rows(sql, [notice.as_uuid().into()]).await
}
