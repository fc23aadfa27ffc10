//! Wishes and addresses in the database.

use crate::messages::{Channel, MessageKind, domain::Wishes, first};
use chrono::{DateTime, Utc};
use contracts::PersonId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod wish {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_preferences")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        pub language: String,
        pub channels: String,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod address {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_addresses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub channel: String,
        pub sealed: Option<String>,
        pub shown: Option<String>,
        pub confirmed_at: Option<DateTimeUtc>,
        pub pending: Option<String>,
        pub pending_shown: Option<String>,
        pub nonce: Option<Uuid>,
        pub asked_at: Option<DateTimeUtc>,
        pub wrong_codes: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(wish, address);

/// An address of somebody, and the one that shall take its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub person: PersonId,
    pub channel: Channel,
    /// The confirmed one, sealed.
    pub sealed: Option<String>,
    /// The same, masked.
    pub shown: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    /// One that waits for its code, sealed.
    pub pending: Option<String>,
    /// The same, masked.
    pub pending_shown: Option<String>,
    /// What the code is derived from.
    pub nonce: Option<Uuid>,
    /// When the code was asked for.
    pub asked_at: Option<DateTime<Utc>>,
    pub wrong_codes: i32,
}

impl Address {
    /// No address so far.
    pub(crate) const fn none(person: PersonId, channel: Channel) -> Self {
        Self {
            person,
            channel,
            sealed: None,
            shown: None,
            confirmed_at: None,
            pending: None,
            pending_shown: None,
            nonce: None,
            asked_at: None,
            wrong_codes: 0,
        }
    }
}

fn read_address(row: address::Model) -> Result<Address, StorageError> {
    Ok(Address {
        person: PersonId::from_uuid(row.person_id),
        channel: stored::read_word(&row.channel)?,
        sealed: row.sealed,
        shown: row.shown,
        confirmed_at: row.confirmed_at,
        pending: row.pending,
        pending_shown: row.pending_shown,
        nonce: row.nonce,
        asked_at: row.asked_at,
        wrong_codes: row.wrong_codes,
    })
}

fn read_wishes(row: &wish::Model) -> Result<Wishes, StorageError> {
    Ok(Wishes {
        language: stored::read_word(&row.language)?,
        channels: stored::read_json(&row.channels)?,
    })
}

/// What several people want.
#[derive(Debug, Default)]
pub struct WishBook {
    wishes: HashMap<PersonId, Wishes>,
    addresses: HashMap<(PersonId, Channel), String>,
}

impl WishBook {
    /// The ways by which somebody gets a kind, each with its address, masked, where it needs one.
    pub fn of(&self, person: PersonId, kind: MessageKind) -> Vec<(Channel, Option<String>)> {
        let wanted = self.wishes.get(&person).cloned().unwrap_or_default().of(kind);
        let way = |channel: Channel| match channel {
            Channel::App => Some((channel, None)),
            other => self.addresses.get(&(person, other)).map(|shown| (other, Some(shown.clone()))),
        };
        let ways: Vec<_> = wanted.iter().copied().filter_map(way).collect();
        // Who wants it by ways that lead nowhere still finds it in the inbox.
        if ways.is_empty() && !wanted.is_empty() { vec![(Channel::App, None)] } else { ways }
    }
}

/// What these people want.
///
/// # Errors
/// When reading fails.
pub async fn wishes(
    scope: &TenantScope,
    people: impl IntoIterator<Item = PersonId>,
) -> Result<WishBook, StorageError> {
    let people: Vec<Uuid> = people.into_iter().map(PersonId::as_uuid).collect();
    let mut book = WishBook::default();
    let rows = scope.find::<wish::Entity>();
    for row in rows.filter_in(wish::Column::PersonId, people.clone()).all().await? {
        book.wishes.insert(PersonId::from_uuid(row.person_id), read_wishes(&row)?);
    }
    let rows = scope.find::<address::Entity>().filter_in(address::Column::PersonId, people);
    for row in rows.filter(address::Column::Shown.is_not_null()).all().await? {
        let address = read_address(row)?;
        if let Some(shown) = address.shown {
            book.addresses.insert((address.person, address.channel), shown);
        }
    }
    Ok(book)
}

/// What one person wants, and the version of it; 0 while they never said anything.
pub(in crate::messages) async fn of_person(
    scope: &TenantScope,
    person: PersonId,
) -> Result<(Wishes, i32), StorageError> {
    let found = scope.find::<wish::Entity>().filter(wish::Column::PersonId.eq(person.as_uuid()));
    let Some(row) = found.one().await? else { return Ok((Wishes::default(), 0)) };
    Ok((read_wishes(&row)?, row.version))
}

/// Writes what somebody wants over version `expected`; whether that was the version.
pub(super) async fn save(
    scope: &TenantScope,
    person: PersonId,
    wishes: &Wishes,
    expected: i32,
) -> Result<bool, StorageError> {
    use wish::Column as C;
    let language = stored::word(wishes.language)?;
    let channels = stored::json(&wishes.channels)?;
    if expected == 0 {
        let row = wish::ActiveModel {
            person_id: Set(person.as_uuid()),
            language: Set(language),
            channels: Set(channels),
            version: Set(1),
            ..Default::default()
        };
        if of_person(scope, person).await?.1 != 0 {
            return Ok(false);
        }
        return first(scope.insert(row).await);
    }
    let rows = scope.update::<wish::Entity>().filter(C::PersonId.eq(person.as_uuid()));
    let rows = rows.filter(C::Version.eq(expected));
    let set = rows.set(C::Language, language).set(C::Channels, channels);
    Ok(set.set(C::Version, expected + 1).exec().await? > 0)
}

/// The addresses of somebody.
pub(in crate::messages) async fn addresses(
    scope: &TenantScope,
    person: PersonId,
) -> Result<Vec<Address>, StorageError> {
    let rows = scope.find::<address::Entity>();
    let rows = rows.filter(address::Column::PersonId.eq(person.as_uuid()));
    rows.asc(address::Column::Channel).all().await?.into_iter().map(read_address).collect()
}

/// One address of somebody, held until the transaction ends.
pub(in crate::messages) async fn lock(
    scope: &TenantScope,
    person: PersonId,
    channel: Channel,
) -> Result<Option<Address>, StorageError> {
    use address::Column as C;
    let rows = scope.find::<address::Entity>().filter(C::PersonId.eq(person.as_uuid()));
    let rows = rows.filter(C::Channel.eq(stored::word(channel)?)).lock();
    rows.one().await?.map(read_address).transpose()
}

/// Writes an address.
pub(super) async fn put(scope: &TenantScope, it: &Address) -> Result<(), StorageError> {
    use address::Column as C;
    let row = address::ActiveModel {
        person_id: Set(it.person.as_uuid()),
        channel: Set(stored::word(it.channel)?),
        sealed: Set(it.sealed.clone()),
        shown: Set(it.shown.clone()),
        confirmed_at: Set(it.confirmed_at),
        pending: Set(it.pending.clone()),
        pending_shown: Set(it.pending_shown.clone()),
        nonce: Set(it.nonce),
        asked_at: Set(it.asked_at),
        wrong_codes: Set(it.wrong_codes),
        ..Default::default()
    };
    let changed = [
        C::Sealed,
        C::Shown,
        C::ConfirmedAt,
        C::Pending,
        C::PendingShown,
        C::Nonce,
        C::AskedAt,
        C::WrongCodes,
    ];
    scope.upsert([row], [C::TenantId, C::PersonId, C::Channel], changed).await
}

/// Forgets an address; whether there was one.
pub(super) async fn remove(
    scope: &TenantScope,
    person: PersonId,
    channel: Channel,
) -> Result<bool, StorageError> {
    use address::Column as C;
    let rows = scope.delete::<address::Entity>().filter(C::PersonId.eq(person.as_uuid()));
    Ok(rows.filter(C::Channel.eq(stored::word(channel)?)).exec().await? > 0)
}
