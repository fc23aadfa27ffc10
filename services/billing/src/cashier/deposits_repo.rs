//! Cash on its way to the bank, in the database.

use crate::ids::{CashDepositId, CashierShiftId};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::{Currency, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cash_deposits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub shift_id: Option<Uuid>,
        pub after_count: bool,
        pub amount: i64,
        pub currency: String,
        pub slip: String,
        pub carried_by: Uuid,
        pub carried_at: DateTimeUtc,
        pub arrived_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Cash carried to the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CashDeposit {
    pub id: CashDepositId,
    pub estate: EstateId,
    /// Out of whose till.
    pub shift: Option<CashierShiftId>,
    /// Whether that till was counted before, so that its count includes the money.
    pub after_count: bool,
    pub amount: Fen,
    pub currency: Currency,
    /// The number on the bank's slip.
    pub slip: String,
    pub carried_by: UserId,
    pub carried_at: DateTime<Utc>,
    /// When a line of a bank statement was found for it.
    pub arrived_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Sum {
    id: Uuid,
    amount: i64,
}

/// The cash deposits of one company.
pub(crate) struct Deposits<'s>(pub &'s TenantScope);

impl Deposits<'_> {
    pub async fn insert(&self, deposit: &CashDeposit) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(deposit.id.as_uuid()),
                estate_id: Set(deposit.estate.as_uuid()),
                shift_id: Set(deposit.shift.map(CashierShiftId::as_uuid)),
                after_count: Set(deposit.after_count),
                amount: Set(deposit.amount.0),
                currency: Set(deposit.currency.to_string()),
                slip: Set(deposit.slip.clone()),
                carried_by: Set(deposit.carried_by.as_uuid()),
                carried_at: Set(deposit.carried_at),
                arrived_at: Set(deposit.arrived_at),
                ..Default::default()
            })
            .await
    }

    pub async fn find(&self, id: CashDepositId) -> Result<Option<CashDeposit>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(deposit).transpose()
    }

    /// The deposit, held until the transaction ends.
    pub async fn lock(&self, id: CashDepositId) -> Result<Option<CashDeposit>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(deposit).transpose()
    }

    /// Notes that it arrived, or that it did not after all.
    pub async fn set_arrived(
        &self,
        id: CashDepositId,
        at: Option<DateTime<Utc>>,
    ) -> Result<(), StorageError> {
        use row::Column as C;
        let update = self.0.update::<row::Entity>().set(C::ArrivedAt, at);
        update.filter(C::Id.eq(id.as_uuid())).exec().await.map(drop)
    }

    /// Those of an estate, newest first, and one more than the page has.
    pub async fn of_estate(
        &self,
        estate: EstateId,
        arrived: Option<bool>,
        page: &PageArgs,
    ) -> Result<Vec<CashDeposit>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<CashDepositId>().ok());
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_by(arrived, |arrived| {
                if arrived { C::ArrivedAt.is_not_null() } else { C::ArrivedAt.is_null() }
            })
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(deposit).collect()
    }

    /// Those of this amount that have not arrived, oldest first.
    pub async fn on_the_way(
        &self,
        estate: EstateId,
        amount: Fen,
    ) -> Result<Vec<CashDeposit>, StorageError> {
        use row::Column as C;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(C::ArrivedAt.is_null())
            .filter(C::Amount.eq(amount.0))
            .asc(C::Id)
            .limit(20);
        rows.all().await?.into_iter().map(deposit).collect()
    }

    /// What left each of these tills after it was counted.
    pub async fn after_count(
        &self,
        shifts: impl IntoIterator<Item = CashierShiftId> + Send,
    ) -> Result<HashMap<CashierShiftId, Fen>, StorageError> {
        let mut values = vec![true.into()];
        let wanted = self.0.one_of(&mut values, shifts.into_iter().map(CashierShiftId::as_uuid));
        let sql = format!(
            "SELECT shift_id AS id, CAST(SUM(amount) AS BIGINT) AS amount FROM cash_deposits \
             WHERE tenant_id = $1 AND after_count = $2 AND shift_id {wanted} GROUP BY shift_id"
        );
        let rows: Vec<Sum> = self.0.rows(&sql, values).await?;
        let sum = |row: Sum| (CashierShiftId::from_uuid(row.id), Fen(row.amount));
        Ok(rows.into_iter().map(sum).collect())
    }
}

fn deposit(row: row::Model) -> Result<CashDeposit, StorageError> {
    Ok(CashDeposit {
        id: CashDepositId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        shift: row.shift_id.map(CashierShiftId::from_uuid),
        after_count: row.after_count,
        amount: Fen(row.amount),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        slip: row.slip,
        carried_by: UserId::from_uuid(row.carried_by),
        carried_at: row.carried_at,
        arrived_at: row.arrived_at,
    })
}
