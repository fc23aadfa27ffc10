//! Refunds of deposits in the database.

use super::domain::{PaidOut, RefundedDeposit};
use crate::ids::{DepositId, DepositRefundId, EntryId};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deposit_refunds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub deposit_id: Uuid,
        pub amount: i64,
        pub reason: String,
        pub state: String,
        pub requested_by: Uuid,
        pub requested_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub paid_by: Option<Uuid>,
        pub paid_on: Option<Date>,
        pub paid_at: Option<DateTimeUtc>,
        pub signed_by: Option<String>,
        pub bank_reference: Option<String>,
        pub entry_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The refunds of deposits of one company.
pub(crate) struct DepositRefunds<'s>(pub &'s TenantScope);

impl DepositRefunds<'_> {
    pub async fn insert(&self, refund: &RefundedDeposit) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(refund.id.as_uuid()),
                deposit_id: Set(refund.deposit.as_uuid()),
                amount: Set(refund.amount.0),
                reason: Set(refund.reason.clone()),
                state: Set(stored::word(refund.state)?),
                requested_by: Set(refund.requested_by.as_uuid()),
                requested_at: Set(refund.requested_at),
                decided_by: Set(refund.decided.map(|(by, _)| by.as_uuid())),
                decided_at: Set(refund.decided.map(|(_, at)| at)),
                decision: Set(refund.decision.clone()),
                paid_by: Set(None),
                paid_on: Set(None),
                paid_at: Set(None),
                signed_by: Set(None),
                bank_reference: Set(None),
                entry_id: Set(None),
                ..Default::default()
            })
            .await
    }

    /// Writes what may change of a refund whose deposit is locked.
    pub async fn save(&self, refund: &RefundedDeposit) -> Result<(), StorageError> {
        use row::Column as C;
        let paid = refund.paid.as_ref();
        self.0
            .update::<row::Entity>()
            .set(C::State, stored::word(refund.state)?)
            .set(C::DecidedBy, refund.decided.map(|(by, _)| by.as_uuid()))
            .set(C::DecidedAt, refund.decided.map(|(_, at)| at))
            .set(C::Decision, refund.decision.clone())
            .set(C::PaidBy, paid.map(|paid| paid.by.as_uuid()))
            .set(C::PaidOn, paid.map(|paid| paid.on))
            .set(C::PaidAt, paid.map(|paid| paid.at))
            .set(C::SignedBy, paid.and_then(|paid| paid.signed_by.clone()))
            .set(C::BankReference, paid.and_then(|paid| paid.bank_reference.clone()))
            .set(C::EntryId, paid.map(|paid| paid.entry.as_uuid()))
            .filter(C::Id.eq(refund.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: DepositRefundId) -> Result<Option<RefundedDeposit>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read).transpose()
    }

    /// The refunds of deposits, oldest first.
    pub async fn of_deposits(
        &self,
        deposits: impl IntoIterator<Item = DepositId> + Send,
    ) -> Result<Vec<RefundedDeposit>, StorageError> {
        let deposits = deposits.into_iter().map(DepositId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::DepositId, deposits);
        rows.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
    }
}

fn read(row: row::Model) -> Result<RefundedDeposit, StorageError> {
    let paid = match (row.paid_by, row.paid_on, row.paid_at, row.entry_id) {
        (Some(by), Some(on), Some(at), Some(entry)) => Some(PaidOut {
            by: UserId::from_uuid(by),
            on,
            at,
            signed_by: row.signed_by,
            bank_reference: row.bank_reference,
            entry: EntryId::from_uuid(entry),
        }),
        _ => None,
    };
    Ok(RefundedDeposit {
        id: DepositRefundId::from_uuid(row.id),
        deposit: DepositId::from_uuid(row.deposit_id),
        amount: Fen(row.amount),
        reason: row.reason,
        state: stored::read_word(&row.state)?,
        requested_by: UserId::from_uuid(row.requested_by),
        requested_at: row.requested_at,
        decided: row.decided_by.map(UserId::from_uuid).zip(row.decided_at),
        decision: row.decision,
        paid,
    })
}
