//! Who had a hand in a thing besides those who were told of first: a rework by somebody else, say.

use super::source::Candidate;
use authz::UserId;
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::ActiveValue::Set;
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[expect(clippy::struct_field_names, reason = "a row of keys")]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisit_hands")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub candidate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub user_id: Uuid,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Notes who had a hand in a thing as well.
pub(super) async fn add(
    scope: &TenantScope,
    candidate: Uuid,
    users: &[UserId],
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows = users.iter().map(|user| row::ActiveModel {
        candidate_id: Set(candidate),
        user_id: Set(user.as_uuid()),
        ..Default::default()
    });
    let rows: Vec<_> = rows.collect();
    scope.insert_missing(rows, [C::TenantId, C::CandidateId, C::UserId]).await
}

/// Puts them among the workers of the things.
pub(super) async fn joined(
    scope: &TenantScope,
    mut things: Vec<Candidate>,
) -> Result<Vec<Candidate>, StorageError> {
    let ids = things.iter().map(|thing| thing.id);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::CandidateId, ids);
    let mut more: HashMap<Uuid, Vec<UserId>> = HashMap::new();
    for row in rows.all().await? {
        more.entry(row.candidate_id).or_default().push(UserId::from_uuid(row.user_id));
    }
    for thing in &mut things {
        let others = more.remove(&thing.id).unwrap_or_default();
        thing.workers.extend(others);
        thing.workers.sort_unstable();
        thing.workers.dedup();
    }
    Ok(things)
}
