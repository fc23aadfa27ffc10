//! What settled a bill, in order: nothing of it is ever changed.

use crate::{ids::BillId, ledger::Toward};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use money::Fen;
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bill_settlements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub bill_id: Uuid,
        pub toward: String,
        pub means: String,
        pub amount: i64,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// By what a debt becomes less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Means {
    /// Money came in.
    Payment,
    /// Money that was paid ahead.
    Prepayment,
    /// It was waived.
    Waiver,
}

/// One change of what is owed of a bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// The bill.
    pub bill: BillId,
    /// Its principal or its late fee.
    pub toward: Toward,
    /// By what.
    pub means: Means,
    /// How much less is owed; below zero it is owed again.
    pub amount: Fen,
    /// When.
    pub at: DateTime<Utc>,
}

/// Notes that a bill's debt has changed now.
pub(super) async fn add(
    scope: &TenantScope,
    bill: BillId,
    (toward, means): (Toward, Means),
    amount: Fen,
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(scope.new_id()),
            bill_id: Set(bill.as_uuid()),
            toward: Set(stored::word(toward)?),
            means: Set(stored::word(means)?),
            amount: Set(amount.0),
            at: Set(scope.now()),
            ..Default::default()
        })
        .await
}

/// Every change of the debt of some bills, oldest first.
///
/// # Errors
/// When the database fails.
pub async fn history(
    scope: &TenantScope,
    bills: impl IntoIterator<Item = BillId> + Send,
) -> Result<HashMap<BillId, Vec<Settlement>>, StorageError> {
    use row::Column as C;
    let bills = bills.into_iter().map(BillId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(C::BillId, bills).asc(C::At).asc(C::Id);
    let mut found: HashMap<BillId, Vec<Settlement>> = HashMap::new();
    for row in rows.all().await? {
        let bill = BillId::from_uuid(row.bill_id);
        found.entry(bill).or_default().push(Settlement {
            bill,
            toward: stored::read_word(&row.toward)?,
            means: stored::read_word(&row.means)?,
            amount: Fen(row.amount),
            at: row.at,
        });
    }
    Ok(found)
}
