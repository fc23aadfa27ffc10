//! Contacts in the database.

use super::{
    Contact, ContactId,
    domain::{Class, Phone, State},
};
use crate::secrecy;
use authz::{EstateScope, UserId};
use chrono::{DateTime, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, Condition,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr, Query, SelectStatement, SimpleExpr},
};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contacts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub channel: String,
        pub direction: String,
        pub at: DateTimeUtc,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub caller_name: Option<String>,
        pub phone: Option<String>,
        pub phone_hash: Option<String>,
        pub phone_tail: Option<String>,
        pub phone_masked: Option<String>,
        pub summary: String,
        pub class: String,
        pub urgency: String,
        pub missed: bool,
        pub state: String,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
        pub owner_id: Option<Uuid>,
        pub offered_to: Option<Uuid>,
        pub accepted_at: Option<DateTimeUtc>,
        pub due_at: DateTimeUtc,
        pub answer: Option<String>,
        pub answered_at: Option<DateTimeUtc>,
        pub answered_by: Option<Uuid>,
        pub became: Option<String>,
        pub reference: Option<String>,
        pub converted_at: Option<DateTimeUtc>,
        pub suggestion: Option<String>,
        pub nameless: bool,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

use row::Column as C;

/// Which contacts are wanted; what is left out does not restrict.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub state: Option<State>,
    pub class: Option<Class>,
    pub unit: Option<UnitId>,
    pub person: Option<PersonId>,
    pub phone_tail: Option<String>,
    pub phone_hash: Option<String>,
    /// Theirs, or offered to them.
    pub of: Option<UserId>,
    /// Only those that nobody owns.
    pub unowned: bool,
    /// Open although the answer was due at this instant.
    pub overdue_at: Option<DateTime<Utc>>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    /// A part of the summary.
    pub text: Option<String>,
    /// Older than this one.
    pub after: Option<(DateTime<Utc>, Uuid)>,
}

fn read(row: row::Model) -> Result<Contact, StorageError> {
    let phone = match (row.phone, row.phone_hash, row.phone_tail, row.phone_masked) {
        (Some(sealed), Some(hash), Some(tail), Some(masked)) => {
            Some(Phone { sealed, hash, tail, masked })
        }
        _ => None,
    };
    Ok(Contact {
        id: ContactId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        channel: stored::read_word(&row.channel)?,
        direction: stored::read_word(&row.direction)?,
        at: row.at,
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id.map(BuildingId::from_uuid),
        person: row.person_id.map(PersonId::from_uuid),
        caller_name: row.caller_name,
        phone,
        summary: row.summary,
        class: stored::read_word(&row.class)?,
        urgency: stored::read_word(&row.urgency)?,
        missed: row.missed,
        state: stored::read_word(&row.state)?,
        recorded_by: UserId::from_uuid(row.recorded_by),
        recorded_at: row.recorded_at,
        owner: row.owner_id.map(UserId::from_uuid),
        offered_to: row.offered_to.map(UserId::from_uuid),
        accepted_at: row.accepted_at,
        due_at: row.due_at,
        answer: row.answer,
        answered_at: row.answered_at,
        answered_by: row.answered_by.map(UserId::from_uuid),
        became: row.became.as_deref().map(stored::read_word).transpose()?,
        reference: row.reference,
        converted_at: row.converted_at,
        suggestion: row.suggestion.as_deref().map(stored::read_word).transpose()?,
        nameless: row.nameless,
        version: row.version,
    })
}

/// Adds a contact.
pub(super) async fn insert(scope: &TenantScope, contact: &Contact) -> Result<(), StorageError> {
    let phone = contact.phone.as_ref();
    scope
        .insert(row::ActiveModel {
            id: Set(contact.id.as_uuid()),
            estate_id: Set(contact.estate.as_uuid()),
            channel: Set(stored::word(contact.channel)?),
            direction: Set(stored::word(contact.direction)?),
            at: Set(contact.at),
            unit_id: Set(contact.unit.map(UnitId::as_uuid)),
            building_id: Set(contact.building.map(BuildingId::as_uuid)),
            person_id: Set(contact.person.map(PersonId::as_uuid)),
            caller_name: Set(contact.caller_name.clone()),
            phone: Set(phone.map(|phone| phone.sealed.clone())),
            phone_hash: Set(phone.map(|phone| phone.hash.clone())),
            phone_tail: Set(phone.map(|phone| phone.tail.clone())),
            phone_masked: Set(phone.map(|phone| phone.masked.clone())),
            summary: Set(contact.summary.clone()),
            class: Set(stored::word(contact.class)?),
            urgency: Set(stored::word(contact.urgency)?),
            missed: Set(contact.missed),
            state: Set(stored::word(contact.state)?),
            recorded_by: Set(contact.recorded_by.as_uuid()),
            recorded_at: Set(contact.recorded_at),
            owner_id: Set(contact.owner.map(UserId::as_uuid)),
            due_at: Set(contact.due_at),
            answer: Set(contact.answer.clone()),
            answered_at: Set(contact.answered_at),
            answered_by: Set(contact.answered_by.map(UserId::as_uuid)),
            suggestion: Set(contact.suggestion.map(stored::word).transpose()?),
            nameless: Set(contact.nameless),
            version: Set(contact.version),
            ..Default::default()
        })
        .await
}

/// Writes what may change of a contact, unless somebody else wrote it meanwhile; counts the version
/// up and says whether it was written.
pub(super) async fn save(scope: &TenantScope, contact: &mut Contact) -> Result<bool, StorageError> {
    let update = scope
        .update::<row::Entity>()
        .filter(C::Id.eq(contact.id.as_uuid()))
        .filter(C::Version.eq(contact.version))
        .set(C::UnitId, contact.unit.map(UnitId::as_uuid))
        .set(C::BuildingId, contact.building.map(BuildingId::as_uuid))
        .set(C::PersonId, contact.person.map(PersonId::as_uuid))
        .set(C::Class, stored::word(contact.class)?)
        .set(C::Urgency, stored::word(contact.urgency)?)
        .set(C::State, stored::word(contact.state)?)
        .set(C::OwnerId, contact.owner.map(UserId::as_uuid))
        .set(C::OfferedTo, contact.offered_to.map(UserId::as_uuid))
        .set(C::AcceptedAt, contact.accepted_at)
        .set(C::DueAt, contact.due_at)
        .set(C::Answer, contact.answer.clone())
        .set(C::AnsweredAt, contact.answered_at)
        .set(C::AnsweredBy, contact.answered_by.map(UserId::as_uuid))
        .set(C::Became, contact.became.map(stored::word).transpose()?)
        .set(C::Reference, contact.reference.clone())
        .set(C::ConvertedAt, contact.converted_at)
        .set(C::Suggestion, contact.suggestion.map(stored::word).transpose()?)
        .set(C::Nameless, contact.nameless)
        .set(C::Version, contact.version + 1);
    contact.version += 1;
    Ok(update.exec().await? == 1)
}

/// The contact, if there is one.
pub(super) async fn find(
    scope: &TenantScope,
    id: ContactId,
) -> Result<Option<Contact>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The contact, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    id: ContactId,
) -> Result<Option<Contact>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(C::Id.eq(id.as_uuid())).lock();
    rows.one().await?.map(read).transpose()
}

/// Contacts by id.
pub(super) async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = ContactId>,
) -> Result<HashMap<ContactId, Contact>, StorageError> {
    let ids = ids.into_iter().map(ContactId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(C::Id, ids).all().await?;
    let one = |row| read(row).map(|contact| (contact.id, contact));
    rows.into_iter().map(one).collect()
}

/// What a right covers: all of the estate, the zone's buildings and what one has to do with
/// oneself, or the resident's own; nothing that became a complaint about who asks.
fn covered(scope: &TenantScope, right: &EstateScope) -> Condition {
    let all = Condition::all().add(C::EstateId.eq(right.estate().as_uuid())).add(secrecy::open_to(
        scope,
        right.subject(),
        C::Id,
    ));
    let me = right.subject().user().as_uuid();
    match (right.own_person(), right.zone()) {
        (Some(person), _) => all.add(C::PersonId.eq(person)),
        (None, Some(zone)) => all.add(
            Condition::any()
                .add(scope.among(C::BuildingId, zone.iter().copied()))
                .add(C::RecordedBy.eq(me))
                .add(C::OwnerId.eq(me))
                .add(C::OfferedTo.eq(me)),
        ),
        (None, None) => all,
    }
}

/// The ids of what a right covers.
pub(super) fn covered_ids(scope: &TenantScope, right: &EstateScope) -> SelectStatement {
    let mut ids = Query::select();
    ids.column(C::Id)
        .from(row::Entity)
        .and_where(C::TenantId.eq(scope.tenant().as_uuid()))
        .cond_where(covered(scope, right));
    ids
}

/// A page of the contacts that a right covers, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    right: &EstateScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Contact>, StorageError> {
    let state = wanted.state.map(stored::word).transpose()?;
    let class = wanted.class.map(stored::word).transpose()?;
    let open = stored::word(State::Open)?;
    // Whose an anonymous complaint is, is not told by what it is found by either.
    let by_name = wanted.unit.is_some()
        || wanted.person.is_some()
        || wanted.phone_tail.is_some()
        || wanted.phone_hash.is_some();
    let named = (by_name && right.own_person().is_none()).then_some(());
    let rows = scope
        .find::<row::Entity>()
        .filter(covered(scope, right))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(class, |class| C::Class.eq(class))
        .filter_by(wanted.unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(wanted.person, |person| C::PersonId.eq(person.as_uuid()))
        .filter_by(wanted.phone_tail, |tail| C::PhoneTail.eq(tail))
        .filter_by(wanted.phone_hash, |hash| C::PhoneHash.eq(hash))
        .filter_by(wanted.of, |user| {
            C::OwnerId.eq(user.as_uuid()).or(C::OfferedTo.eq(user.as_uuid()))
        })
        .filter_by(named, |()| C::Nameless.eq(false))
        .filter_by(wanted.unowned.then_some(()), |()| C::OwnerId.is_null())
        .filter_by(wanted.overdue_at, |now| C::State.eq(open).and(C::DueAt.lt(now)))
        .filter_by(wanted.from, |from| C::At.gte(from))
        .filter_by(wanted.to, |to| C::At.lt(to))
        .filter_by(wanted.text, |text| contains(&text))
        .filter_by(wanted.after, |(at, id)| C::At.lt(at).or(C::At.eq(at).and(C::Id.lt(id))))
        .desc(C::At)
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// Whether the summary has this part, whatever the case of its letters.
fn contains(text: &str) -> SimpleExpr {
    let literal = text.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let pattern = LikeExpr::new(format!("%{literal}%")).escape('\\');
    Expr::expr(Func::lower(Expr::col(C::Summary))).like(pattern)
}
