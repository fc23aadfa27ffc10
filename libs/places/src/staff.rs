//! Who works for the company: identity's facts, kept so that a list can name people.

use contracts::identity::StaffChanged;
use db::{Migration, StorageError, StoredEvent, TenantScope, tenant_owned};
use events::{Event as _, EventHandler, HandlerError, Subscription};
use sea_orm::ActiveValue::Set;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staff")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub active: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Their account.
    pub user: Uuid,
    /// What they are called.
    pub name: String,
    /// Whether they still work for the company.
    pub active: bool,
}

/// The table of staff.
pub const fn migration() -> Migration {
    Migration {
        name: "20261201000200_staff",
        up: "CREATE TABLE staff (
            tenant_id UUID NOT NULL,
            id        UUID NOT NULL,
            name      TEXT NOT NULL,
            active    BOOLEAN NOT NULL,
            PRIMARY KEY (tenant_id, id)
        );",
        down: "DROP TABLE staff;",
        tenant_tables: &["staff"],
        append_only: &[],
        system_tables: &[],
    }
}

struct Keep;

#[async_trait::async_trait]
impl EventHandler for Keep {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        Ok(keep(scope, events::read(event)?).await?)
    }
}

/// Follows identity's staff.
pub fn subscription() -> Subscription {
    Subscription { source: "identity", kind: StaffChanged::KIND, handler: Arc::new(Keep) }
}

async fn keep(scope: &TenantScope, event: StaffChanged) -> Result<(), StorageError> {
    let row = row::ActiveModel {
        id: Set(event.staff),
        name: Set(event.name),
        active: Set(event.active),
        ..Default::default()
    };
    let changed = [row::Column::Name, row::Column::Active];
    scope.upsert([row], [row::Column::TenantId, row::Column::Id], changed).await
}

/// The colleague of an account, if identity told of one; those who left as well.
///
/// # Errors
/// When reading fails.
pub async fn find(scope: &TenantScope, user: Uuid) -> Result<Option<Colleague>, StorageError> {
    Ok(by_id(scope, [user]).await?.remove(&user))
}

/// Colleagues by their accounts.
///
/// # Errors
/// When reading fails.
pub async fn by_id(
    scope: &TenantScope,
    users: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Colleague>, StorageError> {
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, users).all().await?;
    let one =
        |row: row::Model| (row.id, Colleague { user: row.id, name: row.name, active: row.active });
    Ok(rows.into_iter().map(one).collect())
}
