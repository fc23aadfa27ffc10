//! Rows of instalment plans.

use super::domain::{Instalment, Plan, PlanBill, PlanState};
use crate::ids::{BillId, BillingAccountId, PlanId};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instalment_plans")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub currency: String,
        pub reason: String,
        pub state: String,
        pub proposed_by: Uuid,
        pub proposed_at: DateTimeUtc,
        pub proposed_on: Date,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub cancelled_on: Option<Date>,
        pub decision: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod part {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instalments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub plan_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub due: Date,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod bill {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "instalment_bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub plan_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        pub principal: i64,
        pub late_fee: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, part, bill);

/// Which plans a list is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Only those of these accounts.
    pub(super) accounts: Option<Vec<Uuid>>,
    /// Only those that people have decided so.
    pub(super) state: Option<PlanState>,
}

/// Adds a plan.
pub(super) async fn insert(scope: &TenantScope, plan: &Plan) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(plan.id.as_uuid()),
            estate_id: Set(plan.estate.as_uuid()),
            account_id: Set(plan.account.as_uuid()),
            currency: Set(plan.currency.to_string()),
            reason: Set(plan.reason.clone()),
            state: Set(stored::word(plan.state)?),
            proposed_by: Set(plan.proposed_by.as_uuid()),
            proposed_at: Set(plan.proposed_at),
            proposed_on: Set(plan.proposed_on),
            decided_by: Set(None),
            decided_at: Set(None),
            cancelled_on: Set(None),
            decision: Set(None),
            ..Default::default()
        })
        .await?;
    let parts = (1..).zip(&plan.instalments).map(|(number, it)| part::ActiveModel {
        plan_id: Set(plan.id.as_uuid()),
        number: Set(number),
        due: Set(it.due),
        amount: Set(it.amount.0),
        ..Default::default()
    });
    scope.insert_all(parts.collect::<Vec<_>>()).await?;
    let bills = plan.bills.iter().map(|it| bill::ActiveModel {
        plan_id: Set(plan.id.as_uuid()),
        bill_id: Set(it.bill.as_uuid()),
        principal: Set(it.principal.0),
        late_fee: Set(it.late_fee.0),
        ..Default::default()
    });
    scope.insert_all(bills.collect::<Vec<_>>()).await
}

/// Writes what may change of a plan that is held.
pub(super) async fn save(scope: &TenantScope, plan: &Plan) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(plan.state)?)
        .set(C::DecidedBy, plan.decided_by.map(UserId::as_uuid))
        .set(C::DecidedAt, plan.decided_at)
        .set(C::CancelledOn, plan.cancelled_on)
        .set(C::Decision, plan.decision.clone())
        .filter(C::Id.eq(plan.id.as_uuid()));
    update.exec().await.map(drop)
}

/// The plan, if there is one.
pub(crate) async fn find(scope: &TenantScope, id: PlanId) -> Result<Option<Plan>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(whole(scope, rows.all().await?).await?.pop())
}

/// The plan, held until the transaction ends. Hold its account first.
pub(super) async fn lock(scope: &TenantScope, id: PlanId) -> Result<Option<Plan>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
    Ok(whole(scope, rows.all().await?).await?.pop())
}

/// A page of the plans of an estate, newest first, and one more than it has.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Vec<Plan>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<PlanId>().ok());
    let state = wanted.state.map(stored::word).transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.accounts, |accounts| scope.among(C::AccountId, accounts))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    whole(scope, rows.all().await?).await
}

/// Every plan of some accounts, newest first.
pub(super) async fn of_accounts(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
) -> Result<Vec<Plan>, StorageError> {
    let accounts = accounts.iter().map(|account| account.as_uuid());
    let rows = scope.find::<row::Entity>().filter_in(row::Column::AccountId, accounts);
    whole(scope, rows.desc(row::Column::Id).all().await?).await
}

/// Every plan that has one of these bills.
pub(super) async fn of_bills(
    scope: &TenantScope,
    bills: &[BillId],
) -> Result<Vec<Plan>, StorageError> {
    let bills = bills.iter().map(|bill| bill.as_uuid());
    let found = scope.find::<bill::Entity>().filter_in(bill::Column::BillId, bills).all().await?;
    let plans: Vec<Uuid> = found.into_iter().map(|row| row.plan_id).collect();
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    let rows = scope.find::<row::Entity>().filter_in(row::Column::Id, plans).all().await?;
    whole(scope, rows).await
}

/// The plans of these rows, with what belongs to them.
async fn whole(scope: &TenantScope, rows: Vec<row::Model>) -> Result<Vec<Plan>, StorageError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || rows.iter().map(|row| row.id);
    let parts = scope.find::<part::Entity>().filter_in(part::Column::PlanId, ids());
    let mut instalments: HashMap<Uuid, Vec<Instalment>> = HashMap::new();
    for row in parts.asc(part::Column::Number).all().await? {
        let part = Instalment { due: row.due, amount: Fen(row.amount) };
        instalments.entry(row.plan_id).or_default().push(part);
    }
    let named = scope.find::<bill::Entity>().filter_in(bill::Column::PlanId, ids());
    let mut bills: HashMap<Uuid, Vec<PlanBill>> = HashMap::new();
    for row in named.asc(bill::Column::BillId).all().await? {
        bills.entry(row.plan_id).or_default().push(PlanBill {
            bill: BillId::from_uuid(row.bill_id),
            principal: Fen(row.principal),
            late_fee: Fen(row.late_fee),
        });
    }
    let plan = |row: row::Model| {
        Ok(Plan {
            instalments: instalments.remove(&row.id).unwrap_or_default(),
            bills: bills.remove(&row.id).unwrap_or_default(),
            id: PlanId::from_uuid(row.id),
            estate: EstateId::from_uuid(row.estate_id),
            account: BillingAccountId::from_uuid(row.account_id),
            currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
            reason: row.reason,
            state: stored::read_word(&row.state)?,
            proposed_by: UserId::from_uuid(row.proposed_by),
            proposed_at: row.proposed_at,
            proposed_on: row.proposed_on,
            decided_by: row.decided_by.map(UserId::from_uuid),
            decided_at: row.decided_at,
            cancelled_on: row.cancelled_on,
            decision: row.decision,
        })
    };
    rows.into_iter().map(plan).collect()
}
