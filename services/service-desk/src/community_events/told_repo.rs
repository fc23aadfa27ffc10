//! How far the telling of an event has come.

use super::CommunityEventId;
use contracts::PersonId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde::{Deserialize, Serialize};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "community_event_told")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: Uuid,
        pub news: String,
        pub last_person: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// What is being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum News {
    /// That it will be.
    Announced,
    /// That it is tomorrow.
    Reminded,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub news: News,
    /// Who was the last that knows; by the order of their ids.
    pub last: Option<PersonId>,
}

/// How far the telling of an event has come.
pub(super) async fn of_event(
    scope: &TenantScope,
    event: CommunityEventId,
) -> Result<Told, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::EventId.eq(event.as_uuid()));
    let Some(row) = rows.one().await? else {
        return Ok(Told { news: News::Announced, last: None });
    };
    let last = row.last_person.map(PersonId::from_uuid);
    Ok(Told { news: stored::read_word(&row.news)?, last })
}

/// Keeps how far it has come; whoever tells holds the event.
pub(super) async fn keep(
    scope: &TenantScope,
    event: CommunityEventId,
    told: Told,
) -> Result<(), StorageError> {
    use row::Column as C;
    let (news, last) = (stored::word(told.news)?, told.last.map(PersonId::as_uuid));
    let row = row::ActiveModel {
        event_id: Set(event.as_uuid()),
        news: Set(news.clone()),
        last_person: Set(last),
        ..Default::default()
    };
    scope.insert_missing([row], [C::TenantId, C::EventId]).await?;
    let rows = scope.update::<row::Entity>().filter(C::EventId.eq(event.as_uuid()));
    rows.set(C::News, news).set(C::LastPerson, last).exec().await.map(drop)
}
