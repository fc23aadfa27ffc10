//! Deductions in the database.

use super::domain::{Appeal, Deduction, Ended, Notice};
use crate::ids::{DeductionId, DepositId, EntryId, FeeItemId};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deposit_deductions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub deposit_id: Uuid,
        pub amount: i64,
        pub class: String,
        pub reason: String,
        pub proof: Option<String>,
        pub item_id: Option<Uuid>,
        pub state: String,
        pub proposed_by: Uuid,
        pub proposed_at: DateTimeUtc,
        pub notified_on: Option<Date>,
        pub notified_by: Option<Uuid>,
        pub delivery: Option<String>,
        pub appeal: Option<String>,
        pub appealed_by: Option<Uuid>,
        pub appealed_at: Option<DateTimeUtc>,
        pub appeal_decided_by: Option<Uuid>,
        pub appeal_decided_at: Option<DateTimeUtc>,
        pub appeal_decision: Option<String>,
        pub decided_by: Option<Uuid>,
        pub decided_on: Option<Date>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub entry_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// The deductions of one company.
pub(in crate::deposits) struct Deductions<'s>(pub &'s TenantScope);

impl Deductions<'_> {
    pub async fn insert(&self, deduction: &Deduction) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(deduction.id.as_uuid()),
                deposit_id: Set(deduction.deposit.as_uuid()),
                amount: Set(deduction.amount.0),
                class: Set(stored::word(deduction.class)?),
                reason: Set(deduction.reason.clone()),
                proof: Set(deduction.proof.clone()),
                item_id: Set(deduction.item.map(FeeItemId::as_uuid)),
                state: Set(stored::word(deduction.state)?),
                proposed_by: Set(deduction.proposed_by.as_uuid()),
                proposed_at: Set(deduction.proposed_at),
                notified_on: Set(None),
                notified_by: Set(None),
                delivery: Set(None),
                appeal: Set(None),
                appealed_by: Set(None),
                appealed_at: Set(None),
                appeal_decided_by: Set(None),
                appeal_decided_at: Set(None),
                appeal_decision: Set(None),
                decided_by: Set(None),
                decided_on: Set(None),
                decided_at: Set(None),
                decision: Set(None),
                entry_id: Set(None),
                ..Default::default()
            })
            .await
    }

    /// Writes what may change of a deduction whose deposit is locked.
    pub async fn save(&self, deduction: &Deduction) -> Result<(), StorageError> {
        use row::Column as C;
        let notice = deduction.notice.as_ref();
        let appeal = deduction.appeal.as_ref();
        let decided = appeal.and_then(|appeal| appeal.decided.clone());
        let ended = deduction.ended.as_ref();
        self.0
            .update::<row::Entity>()
            .set(C::State, stored::word(deduction.state)?)
            .set(C::NotifiedOn, notice.map(|notice| notice.on))
            .set(C::NotifiedBy, notice.map(|notice| notice.by.as_uuid()))
            .set(C::Delivery, notice.map(|notice| notice.delivery.clone()))
            .set(C::Appeal, appeal.map(|appeal| appeal.text.clone()))
            .set(C::AppealedBy, appeal.map(|appeal| appeal.by.as_uuid()))
            .set(C::AppealedAt, appeal.map(|appeal| appeal.at))
            .set(C::AppealDecidedBy, decided.as_ref().map(|(by, ..)| by.as_uuid()))
            .set(C::AppealDecidedAt, decided.as_ref().map(|(_, at, _)| *at))
            .set(C::AppealDecision, decided.map(|(.., why)| why))
            .set(C::DecidedBy, ended.map(|ended| ended.by.as_uuid()))
            .set(C::DecidedOn, ended.map(|ended| ended.on))
            .set(C::DecidedAt, ended.map(|ended| ended.at))
            .set(C::Decision, ended.and_then(|ended| ended.reason.clone()))
            .set(C::EntryId, ended.and_then(|ended| ended.entry).map(EntryId::as_uuid))
            .filter(C::Id.eq(deduction.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: DeductionId) -> Result<Option<Deduction>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read).transpose()
    }

    /// The deductions from deposits, oldest first.
    pub async fn of_deposits(
        &self,
        deposits: impl IntoIterator<Item = DepositId> + Send,
    ) -> Result<Vec<Deduction>, StorageError> {
        let deposits = deposits.into_iter().map(DepositId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::DepositId, deposits);
        rows.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
    }

    /// What open deductions speak for of a deposit.
    pub async fn open(&self, deposit: DepositId) -> Result<Fen, StorageError> {
        let all = self.of_deposits([deposit]).await?;
        Ok(all.iter().filter(|one| one.state.is_open()).map(|one| one.amount).sum())
    }
}

fn read(row: row::Model) -> Result<Deduction, StorageError> {
    let user = UserId::from_uuid;
    let notice = match (row.notified_on, row.notified_by, row.delivery) {
        (Some(on), Some(by), Some(delivery)) => Some(Notice { on, by: user(by), delivery }),
        _ => None,
    };
    let decided = match (row.appeal_decided_by, row.appeal_decided_at, row.appeal_decision) {
        (Some(by), Some(at), Some(why)) => Some((user(by), at, why)),
        _ => None,
    };
    let appeal = match (row.appeal, row.appealed_by, row.appealed_at) {
        (Some(text), Some(by), Some(at)) => Some(Appeal { text, by: user(by), at, decided }),
        _ => None,
    };
    let ended = match (row.decided_by, row.decided_on, row.decided_at) {
        (Some(by), Some(on), Some(at)) => Some(Ended {
            by: user(by),
            on,
            at,
            reason: row.decision,
            entry: row.entry_id.map(EntryId::from_uuid),
        }),
        _ => None,
    };
    Ok(Deduction {
        id: DeductionId::from_uuid(row.id),
        deposit: DepositId::from_uuid(row.deposit_id),
        amount: Fen(row.amount),
        class: stored::read_word(&row.class)?,
        reason: row.reason,
        proof: row.proof,
        item: row.item_id.map(FeeItemId::from_uuid),
        state: stored::read_word(&row.state)?,
        proposed_by: user(row.proposed_by),
        proposed_at: row.proposed_at,
        notice,
        appeal,
        ended,
    })
}
