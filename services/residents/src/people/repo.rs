//! People and data keys in the database.

use super::{CompanyKey, PartyKind, Person};
use contracts::{PersonId, residents::PartyName};
use db::{StorageError, TenantScope, tenant_owned};
use ids::EstateId;
use personal::{digits, mask_identity, mask_phone, tail};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod person {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "persons")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub code: String,
        pub name: String,
        pub kind: String,
        pub gender: Option<String>,
        pub birth_year: Option<i64>,
        pub phone: Option<String>,
        pub phone_hash: Option<String>,
        pub phone_tail: Option<String>,
        pub phone_masked: Option<String>,
        pub identity: Option<String>,
        pub identity_hash: Option<String>,
        pub identity_masked: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

tenant_owned!(person);

/// A person with everything in the clear, about to be stored or exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainPerson {
    /// The person.
    pub id: PersonId,
    /// The code files refer to.
    pub code: String,
    /// The whole name.
    pub name: String,
    /// Person or company.
    pub kind: PartyKind,
    /// `M` or `F`.
    pub gender: Option<String>,
    /// The year of birth.
    pub birth_year: Option<i64>,
    /// The phone as written.
    pub phone: Option<String>,
    /// The identity number as written.
    pub identity: Option<String>,
}

impl From<person::Model> for Person {
    fn from(row: person::Model) -> Self {
        Self {
            id: PersonId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            code: row.code,
            name: row.name,
            kind: stored_kind(&row.kind),
            gender: row.gender,
            birth_year: row.birth_year,
            phone_masked: row.phone_masked,
            identity_masked: row.identity_masked,
        }
    }
}

fn stored_kind(text: &str) -> PartyKind {
    if text == "company" { PartyKind::Company } else { PartyKind::Person }
}

/// What a sealed value is bound to: it opens in no other row and no other column.
fn place(person: Uuid, column: &str) -> String {
    format!("person/{}/{column}", person.simple())
}

fn seal(key: &CompanyKey, id: PersonId, column: &str, value: &str) -> String {
    personal::seal(key, &place(id.as_uuid(), column), value)
}

fn open(
    key: &CompanyKey,
    id: Uuid,
    column: &str,
    sealed: Option<&String>,
) -> Result<Option<String>, StorageError> {
    let Some(sealed) = sealed else { return Ok(None) };
    let torn = |_| StorageError::unreadable("a sealed value does not open");
    personal::open(key, &place(id, column), sealed).map(Some).map_err(torn)
}

fn person_row(key: &CompanyKey, estate: EstateId, person: &PlainPerson) -> person::ActiveModel {
    let phone = person.phone.as_deref();
    let plain = phone.map(digits);
    let identity = person.identity.as_deref();
    let kind = if person.kind == PartyKind::Company { "company" } else { "person" };
    person::ActiveModel {
        id: Set(person.id.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        code: Set(person.code.clone()),
        name: Set(person.name.clone()),
        kind: Set(kind.to_owned()),
        gender: Set(person.gender.clone()),
        birth_year: Set(person.birth_year),
        phone: Set(phone.map(|phone| seal(key, person.id, "phone", phone))),
        phone_hash: Set(plain.as_deref().map(|digits| key.keyed_hash(digits))),
        phone_tail: Set(plain.as_deref().map(|digits| tail(digits).to_owned())),
        phone_masked: Set(phone.map(mask_phone)),
        identity: Set(identity.map(|number| seal(key, person.id, "identity", number))),
        identity_hash: Set(identity.map(|number| key.keyed_hash(&number.to_uppercase()))),
        identity_masked: Set(identity.map(mask_identity)),
        ..Default::default()
    }
}

/// Writes people whole, new or known by id.
///
/// # Errors
/// When a code is taken, or writing fails.
pub async fn save(
    scope: &TenantScope,
    key: &CompanyKey,
    estate: EstateId,
    people: &[PlainPerson],
) -> Result<(), StorageError> {
    use person::Column as C;
    let changed = [
        C::Code,
        C::Name,
        C::Kind,
        C::Gender,
        C::BirthYear,
        C::Phone,
        C::PhoneHash,
        C::PhoneTail,
        C::PhoneMasked,
        C::Identity,
        C::IdentityHash,
        C::IdentityMasked,
    ];
    let rows: Vec<_> = people.iter().map(|person| person_row(key, estate, person)).collect();
    scope.upsert(rows, [C::TenantId, C::Id], changed).await
}

/// People by id, masked.
///
/// # Errors
/// When reading fails.
pub async fn by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<Person>, StorageError> {
    let rows = scope.find::<person::Entity>().filter_in(person::Column::Id, ids);
    Ok(rows.all().await?.into_iter().map(Person::from).collect())
}

/// What people are called.
///
/// # Errors
/// When reading fails.
pub async fn names(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = PersonId>,
) -> Result<HashMap<PersonId, PartyName>, StorageError> {
    let people = by_id(scope, ids.into_iter().map(PersonId::as_uuid)).await?;
    Ok(people.iter().map(|person| (person.id, person.party_name())).collect())
}

/// The ids of an estate's people with these codes.
///
/// # Errors
/// When reading fails.
pub async fn ids_by_code(
    scope: &TenantScope,
    estate: EstateId,
    codes: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, PersonId>, StorageError> {
    let rows = scope
        .find::<person::Entity>()
        .filter(person::Column::EstateId.eq(estate.as_uuid()))
        .filter_in(person::Column::Code, codes);
    Ok(rows.all().await?.into_iter().map(|row| (row.code, PersonId::from_uuid(row.id))).collect())
}

/// A page of an estate's people by id; `only` restricts it.
///
/// # Errors
/// When reading fails.
pub async fn page(
    scope: &TenantScope,
    estate: EstateId,
    only: Option<Vec<Uuid>>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Person>, StorageError> {
    let rows = scope
        .find::<person::Entity>()
        .filter(person::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(only, |ids| scope.among(person::Column::Id, ids))
        .filter_by(after, |id| person::Column::Id.gt(id))
        .asc(person::Column::Id)
        .limit(limit);
    Ok(rows.all().await?.into_iter().map(Person::from).collect())
}

/// A page of an estate's people in the clear, by id.
///
/// # Errors
/// When reading or opening fails.
pub async fn plain_page(
    scope: &TenantScope,
    key: &CompanyKey,
    estate: EstateId,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<PlainPerson>, StorageError> {
    let rows = scope
        .find::<person::Entity>()
        .filter(person::Column::EstateId.eq(estate.as_uuid()))
        .filter_by(after, |id| person::Column::Id.gt(id))
        .asc(person::Column::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(|row| plain(key, row)).collect()
}

/// One person in the clear.
///
/// # Errors
/// When reading or opening fails.
pub async fn plain_one(
    scope: &TenantScope,
    key: &CompanyKey,
    id: PersonId,
) -> Result<Option<PlainPerson>, StorageError> {
    let found = scope.find::<person::Entity>().filter(person::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(|row| plain(key, row)).transpose()
}

fn plain(key: &CompanyKey, row: person::Model) -> Result<PlainPerson, StorageError> {
    Ok(PlainPerson {
        id: PersonId::from_uuid(row.id),
        kind: stored_kind(&row.kind),
        phone: open(key, row.id, "phone", row.phone.as_ref())?,
        identity: open(key, row.id, "identity", row.identity.as_ref())?,
        code: row.code,
        name: row.name,
        gender: row.gender,
        birth_year: row.birth_year,
    })
}

/// Those of some people whose phone ends with `ending`.
///
/// # Errors
/// When reading or opening fails.
pub async fn with_phone_tail(
    scope: &TenantScope,
    key: &CompanyKey,
    ids: impl IntoIterator<Item = Uuid>,
    ending: &str,
) -> Result<Vec<PersonId>, StorageError> {
    let rows = scope.find::<person::Entity>().filter_in(person::Column::Id, ids).all().await?;
    let mut fitting = Vec::new();
    for row in rows {
        let phone = open(key, row.id, "phone", row.phone.as_ref())?;
        if phone.is_some_and(|phone| digits(&phone).ends_with(ending)) {
            fitting.push(PersonId::from_uuid(row.id));
        }
    }
    Ok(fitting)
}

/// People by id in the clear.
///
/// # Errors
/// When reading or opening fails.
pub async fn plain_by_id(
    scope: &TenantScope,
    key: &CompanyKey,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<PersonId, PlainPerson>, StorageError> {
    let rows = scope.find::<person::Entity>().filter_in(person::Column::Id, ids).all().await?;
    rows.into_iter().map(|row| plain(key, row).map(|person| (person.id, person))).collect()
}

/// The reasons for which a person's data was shown, for tests.
#[cfg(test)]
pub async fn revealed(scope: &TenantScope, person: &str) -> Result<Vec<String>, StorageError> {
    #[derive(sea_orm::FromQueryResult)]
    struct Row {
        reason: String,
    }
    let sql = "SELECT reason FROM audit_log WHERE tenant_id = $1 AND object = $2 \
               AND action = 'person.revealed' ORDER BY at";
    let rows: Vec<Row> = scope.rows(sql, [person.into()]).await?;
    Ok(rows.into_iter().map(|row| row.reason).collect())
}
