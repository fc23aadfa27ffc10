//! Templates in the database.

use super::domain::Template;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "message_templates")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub kind: String,
        pub title: String,
        pub body: String,
        pub saved_by: Uuid,
        pub saved_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Whose templates these are: an estate's, or the company's, which are under its own id.
fn owner(scope: &TenantScope, estate: Option<EstateId>) -> Uuid {
    estate.map_or_else(|| scope.tenant().as_uuid(), EstateId::as_uuid)
}

#[derive(FromQueryResult)]
struct Found {
    owner_id: Uuid,
    code: String,
    version: i32,
    kind: String,
    title: String,
    body: String,
    saved_by: Uuid,
    saved_at: DateTime<Utc>,
}

fn read(scope: &TenantScope, row: Found) -> Result<Template, StorageError> {
    let of_company = row.owner_id == scope.tenant().as_uuid();
    Ok(Template {
        estate: (!of_company).then(|| EstateId::from_uuid(row.owner_id)),
        code: row.code,
        version: row.version,
        kind: stored::read_word(&row.kind)?,
        title: stored::read_json(&row.title)?,
        body: stored::read_json(&row.body)?,
        saved_by: UserId::from_uuid(row.saved_by),
        saved_at: row.saved_at,
    })
}

/// Adds a version; one that is there already is refused.
pub(super) async fn insert(scope: &TenantScope, it: &Template) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        owner_id: Set(owner(scope, it.estate)),
        code: Set(it.code.clone()),
        version: Set(it.version),
        kind: Set(stored::word(it.kind)?),
        title: Set(stored::json(&it.title)?),
        body: Set(stored::json(&it.body)?),
        saved_by: Set(it.saved_by.as_uuid()),
        saved_at: Set(it.saved_at),
        ..Default::default()
    };
    scope.insert(row).await
}

/// The latest version of a template; of an estate, its own before the company's.
pub(super) async fn latest(
    scope: &TenantScope,
    estate: Option<EstateId>,
    code: &str,
) -> Result<Option<Template>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Code.eq(code));
    let rows = rows.filter(row::Column::OwnerId.eq(owner(scope, estate)));
    let found = rows.desc(row::Column::Version).limit(1).one().await?;
    let found = found.map(|row| Found {
        owner_id: row.owner_id,
        code: row.code,
        version: row.version,
        kind: row.kind,
        title: row.title,
        body: row.body,
        saved_by: row.saved_by,
        saved_at: row.saved_at,
    });
    found.map(|row| read(scope, row)).transpose()
}

/// A page of the latest versions by code: the company's and, if one is named, an estate's.
pub(super) async fn page(
    scope: &TenantScope,
    estate: Option<EstateId>,
    after: Option<(String, Uuid)>,
    limit: u64,
) -> Result<Vec<(Uuid, Template)>, StorageError> {
    let (code, last) = after.unwrap_or_default();
    let mut values = vec![code.into(), last.into(), i64::try_from(limit).unwrap_or(101).into()];
    let owners = [Some(owner(scope, None)), estate.map(EstateId::as_uuid)];
    let owners = scope.one_of(&mut values, owners.into_iter().flatten());
    let sql = format!(
        "SELECT owner_id, code, version, kind, title, body, saved_by, saved_at \
         FROM message_templates t WHERE tenant_id = $1 AND t.owner_id {owners} \
         AND (code > $2 OR (code = $2 AND t.owner_id > $3)) \
         AND version = (SELECT MAX(n.version) FROM message_templates n WHERE \
         n.tenant_id = t.tenant_id AND n.owner_id = t.owner_id AND n.code = t.code) \
         ORDER BY code, owner_id LIMIT $4"
    );
    let found: Vec<Found> = scope.rows(&sql, values).await?;
    found.into_iter().map(|row| Ok((row.owner_id, read(scope, row)?))).collect()
}
