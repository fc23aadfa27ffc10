//! Places and queues of events in the database.

use super::{
    CommunityEventId, SignUpId,
    domain::{SignUp, SignUpState},
    figures::People,
};
use authz::UserId;
use contracts::{BuildingId, PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "community_sign_ups")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub event_id: Uuid,
        pub unit_id: Uuid,
        pub building_id: Uuid,
        pub person_id: Uuid,
        pub companions: i32,
        pub state: String,
        pub number: i32,
        pub photo_consent: bool,
        pub signed_at: DateTimeUtc,
        pub checked_in_at: Option<DateTimeUtc>,
        pub checked_in_by: Option<Uuid>,
        pub present: i32,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn stored_count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

fn read(row: row::Model) -> Result<SignUp, StorageError> {
    Ok(SignUp {
        id: SignUpId::from_uuid(row.id),
        event: CommunityEventId::from_uuid(row.event_id),
        unit: UnitId::from_uuid(row.unit_id),
        building: BuildingId::from_uuid(row.building_id),
        person: PersonId::from_uuid(row.person_id),
        companions: count(row.companions),
        state: stored::read_word(&row.state)?,
        number: row.number,
        photo_consent: row.photo_consent,
        signed_at: row.signed_at,
        checked_in: row.checked_in_by.map(UserId::from_uuid).zip(row.checked_in_at),
        present: count(row.present),
        version: row.version,
    })
}

/// Adds a place.
pub(super) async fn insert(scope: &TenantScope, place: &SignUp) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(place.id.as_uuid()),
        event_id: Set(place.event.as_uuid()),
        unit_id: Set(place.unit.as_uuid()),
        building_id: Set(place.building.as_uuid()),
        person_id: Set(place.person.as_uuid()),
        companions: Set(stored_count(place.companions)),
        state: Set(stored::word(place.state)?),
        number: Set(place.number),
        photo_consent: Set(place.photo_consent),
        signed_at: Set(place.signed_at),
        checked_in_at: Set(None),
        checked_in_by: Set(None),
        present: Set(0),
        version: Set(place.version),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what changed, counting the version up; whether it was still the place's version.
pub(super) async fn save(scope: &TenantScope, place: &SignUp) -> Result<bool, StorageError> {
    use row::Column as C;
    let (by, at) = place.checked_in.unzip();
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(place.id.as_uuid()));
    let rows = rows
        .filter(C::Version.eq(place.version))
        .set(C::Version, place.version + 1)
        .set(C::State, stored::word(place.state)?)
        .set(C::CheckedInAt, at)
        .set(C::CheckedInBy, by.map(UserId::as_uuid))
        .set(C::Present, stored_count(place.present));
    Ok(rows.exec().await? > 0)
}

/// Gives places to those who waited.
pub(super) async fn confirm(scope: &TenantScope, moved: &[SignUpId]) -> Result<(), StorageError> {
    use row::Column as C;
    let ids = moved.iter().map(|id| id.as_uuid());
    let rows = scope.update::<row::Entity>().filter_in(C::Id, ids);
    rows.set(C::State, stored::word(SignUpState::Confirmed)?).exec().await.map(drop)
}

/// Notes, when an event is over, who had a place and did not come.
pub(super) async fn close(
    scope: &TenantScope,
    event: CommunityEventId,
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::EventId.eq(event.as_uuid()));
    let rows = rows.filter(C::State.eq(stored::word(SignUpState::Confirmed)?));
    rows.set(C::State, stored::word(SignUpState::NoShow)?).exec().await.map(drop)
}

/// One place.
pub(super) async fn find(
    scope: &TenantScope,
    id: SignUpId,
) -> Result<Option<SignUp>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The place of a person at an event that they have not given back.
pub(super) async fn of_person(
    scope: &TenantScope,
    event: CommunityEventId,
    person: PersonId,
) -> Result<Option<SignUp>, StorageError> {
    Ok(of_person_at(scope, [event], person).await?.remove(&event))
}

/// The places of a person at some events that they have not given back.
pub(super) async fn of_person_at(
    scope: &TenantScope,
    events: impl IntoIterator<Item = CommunityEventId>,
    person: PersonId,
) -> Result<HashMap<CommunityEventId, SignUp>, StorageError> {
    use row::Column as C;
    let events = events.into_iter().map(CommunityEventId::as_uuid);
    let rows = scope
        .find::<row::Entity>()
        .filter_in(C::EventId, events)
        .filter(C::PersonId.eq(person.as_uuid()))
        .filter(C::State.ne(stored::word(SignUpState::Cancelled)?));
    let places = rows.all().await?.into_iter().map(read);
    places.map(|place| place.map(|place| (place.event, place))).collect()
}

/// The places of an event that have come so far, in order.
pub(super) async fn in_states(
    scope: &TenantScope,
    event: CommunityEventId,
    states: &[SignUpState],
) -> Result<Vec<SignUp>, StorageError> {
    use row::Column as C;
    let words = states.iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EventId.eq(event.as_uuid()))
        .filter_in(C::State, words)
        .asc(C::Number);
    rows.all().await?.into_iter().map(read).collect()
}

/// The number of the next place.
pub(super) async fn next_number(
    scope: &TenantScope,
    event: CommunityEventId,
) -> Result<i32, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EventId.eq(event.as_uuid()));
    let last = rows.desc(C::Number).limit(1).one().await?;
    Ok(last.map_or(1, |row| row.number + 1))
}

/// A page of an event's places in order, those of some buildings or of a person.
pub(super) async fn page(
    scope: &TenantScope,
    event: CommunityEventId,
    (zone, person): (Option<Vec<Uuid>>, Option<Uuid>),
    page: &PageArgs,
) -> Result<Vec<SignUp>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<i32>().ok());
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EventId.eq(event.as_uuid()))
        .filter_by(zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(person, |person| C::PersonId.eq(person))
        .filter_by(after, |last| C::Number.gt(last))
        .asc(C::Number)
        .limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Counted {
    event_id: Uuid,
    state: String,
    places: i64,
    present: i64,
    parties: i64,
}

/// How many people some events have.
pub(super) async fn people(
    scope: &TenantScope,
    events: impl IntoIterator<Item = CommunityEventId>,
) -> Result<HashMap<CommunityEventId, People>, StorageError> {
    let mut values = Vec::new();
    let some = scope.one_of(&mut values, events.into_iter().map(CommunityEventId::as_uuid));
    let sql = format!(
        "SELECT event_id, state, CAST(SUM(1 + companions) AS BIGINT) AS places, \
         CAST(SUM(present) AS BIGINT) AS present, COUNT(*) AS parties FROM community_sign_ups \
         WHERE tenant_id = $1 AND event_id {some} GROUP BY event_id, state"
    );
    let rows: Vec<Counted> = scope.rows(&sql, values).await?;
    let mut all: HashMap<CommunityEventId, People> = HashMap::new();
    for row in rows {
        let people = all.entry(CommunityEventId::from_uuid(row.event_id)).or_default();
        let places = u32::try_from(row.places).unwrap_or(u32::MAX);
        match stored::read_word(&row.state)? {
            SignUpState::Confirmed | SignUpState::NoShow => people.confirmed += places,
            SignUpState::Attended => {
                people.confirmed += places;
                people.attended += u32::try_from(row.present).unwrap_or(u32::MAX);
                people.parties += u32::try_from(row.parties).unwrap_or(u32::MAX);
            }
            SignUpState::Waitlisted => people.waitlisted += places,
            SignUpState::Cancelled => {}
        }
    }
    Ok(all)
}
