//! Deliveries in the database.

use crate::messages::{
    Channel, DeliveryId, LetterId, MessageKind, Written, domain::DeliveryState, inbox,
};
use authz::Subject;
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::ExprTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_deliveries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub letter_id: Option<Uuid>,
        pub estate_id: Option<Uuid>,
        pub person_id: Uuid,
        pub kind: Option<String>,
        pub channel: String,
        pub shown: String,
        pub state: String,
        pub tries: i32,
        pub failure: Option<String>,
        pub queued_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// One way of one letter, or of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id, which is its job's as well.
    pub id: DeliveryId,
    /// The letter; none for a code.
    pub letter: Option<LetterId>,
    /// The letter's estate.
    pub estate: Option<EstateId>,
    /// To whom.
    pub person: PersonId,
    /// What the letter is about.
    pub kind: Option<MessageKind>,
    /// The way.
    pub channel: Channel,
    /// The address, masked.
    pub shown: String,
    /// How far it has come.
    pub state: DeliveryState,
    /// How often it was tried.
    pub tries: i32,
    /// What the provider said when it did not take it.
    pub failure: Option<String>,
    /// When it was asked for.
    pub queued_at: DateTime<Utc>,
    /// When it was sent or given up.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Delivery {
    /// One of a letter that nobody has tried to send yet.
    pub fn waiting(
        id: DeliveryId,
        (letter, of): (LetterId, &Written),
        (channel, shown): (Channel, String),
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            letter: Some(letter),
            estate: Some(of.estate),
            kind: Some(of.kind),
            ..Self::of_code(id, of.person, (channel, shown), now)
        }
    }

    /// One of a code.
    pub fn of_code(
        id: DeliveryId,
        person: PersonId,
        (channel, shown): (Channel, String),
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            letter: None,
            estate: None,
            person,
            kind: None,
            channel,
            shown,
            state: DeliveryState::Waiting,
            tries: 0,
            failure: None,
            queued_at: now,
            ended_at: None,
        }
    }
}

fn read(row: row::Model) -> Result<Delivery, StorageError> {
    Ok(Delivery {
        id: DeliveryId::from_uuid(row.id),
        letter: row.letter_id.map(LetterId::from_uuid),
        estate: row.estate_id.map(EstateId::from_uuid),
        person: PersonId::from_uuid(row.person_id),
        kind: row.kind.as_deref().map(stored::read_word).transpose()?,
        channel: stored::read_word(&row.channel)?,
        shown: row.shown,
        state: stored::read_word(&row.state)?,
        tries: row.tries,
        failure: row.failure,
        queued_at: row.queued_at,
        ended_at: row.ended_at,
    })
}

/// Adds deliveries.
///
/// # Errors
/// When writing fails.
pub async fn insert(scope: &TenantScope, all: Vec<Delivery>) -> Result<(), StorageError> {
    let row = |it: Delivery| {
        Ok(row::ActiveModel {
            id: Set(it.id.as_uuid()),
            letter_id: Set(it.letter.map(LetterId::as_uuid)),
            estate_id: Set(it.estate.map(EstateId::as_uuid)),
            person_id: Set(it.person.as_uuid()),
            kind: Set(it.kind.map(stored::word).transpose()?),
            channel: Set(stored::word(it.channel)?),
            shown: Set(it.shown),
            state: Set(stored::word(it.state)?),
            tries: Set(it.tries),
            failure: Set(it.failure),
            queued_at: Set(it.queued_at),
            ended_at: Set(it.ended_at),
            ..Default::default()
        })
    };
    let rows: Vec<_> = all.into_iter().map(row).collect::<Result<_, StorageError>>()?;
    scope.insert_all(rows).await
}

/// Writes how far a delivery has come.
pub(super) async fn save(scope: &TenantScope, it: &Delivery) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = scope.update::<row::Entity>().filter(C::Id.eq(it.id.as_uuid()));
    let set = rows
        .set(C::State, stored::word(it.state)?)
        .set(C::Tries, it.tries)
        .set(C::Failure, it.failure.clone())
        .set(C::EndedAt, it.ended_at);
    set.exec().await.map(drop)
}

/// Gives up what waits to be sent of some letters.
pub(in crate::messages) async fn drop_waiting(
    scope: &TenantScope,
    letters: &[LetterId],
) -> Result<(), StorageError> {
    use row::Column as C;
    let waiting = scope
        .update::<row::Entity>()
        .filter_in(C::LetterId, letters.iter().copied().map(LetterId::as_uuid))
        .filter(C::State.eq(stored::word(DeliveryState::Waiting)?))
        .set(C::State, stored::word(DeliveryState::Dropped)?)
        .set(C::EndedAt, scope.now());
    waiting.exec().await.map(drop)
}

/// A delivery, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: DeliveryId,
) -> Result<Option<Delivery>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// Which deliveries a list is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    pub state: Option<DeliveryState>,
    pub channel: Option<Channel>,
    pub person: Option<PersonId>,
    pub before: Option<Uuid>,
    /// Who asks; no letter that belongs to a complaint about themself is listed.
    pub asks: Subject,
}

/// A page of an estate's deliveries, newest first. Which homes a survey asks is not told to the
/// estate, which is judged by it.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Delivery>, StorageError> {
    use row::Column as C;
    let survey = stored::word(MessageKind::Survey)?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(wanted.estate.as_uuid()))
        .filter(C::Kind.is_null().or(C::Kind.ne(survey)))
        .filter(inbox::of_letters_open_to(scope, wanted.asks, C::LetterId))
        .filter_by(wanted.state.map(stored::word).transpose()?, |state| C::State.eq(state))
        .filter_by(wanted.channel.map(stored::word).transpose()?, |way| C::Channel.eq(way))
        .filter_by(wanted.person, |person| C::PersonId.eq(person.as_uuid()))
        .filter_by(wanted.before, |before| C::Id.lt(before))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}
