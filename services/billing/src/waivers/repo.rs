//! Rows of waivers.

use super::domain::{Waiver, WaiverState};
use crate::{
    ids::{BillId, BillingAccountId, EntryId, UserId, WaiverId},
    ledger::Toward,
};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "waivers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub bill_id: Uuid,
        pub waived_of: String,
        pub amount: i64,
        pub currency: String,
        pub reason: String,
        pub evidence: String,
        pub state: String,
        pub requested_by: Uuid,
        pub requested_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub reversed_by: Option<Uuid>,
        pub reversed_at: Option<DateTimeUtc>,
        pub entry_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Which waivers a list is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// Only those of these accounts.
    pub(super) accounts: Option<Vec<Uuid>>,
    /// Only those of this bill.
    pub(super) bill: Option<BillId>,
    /// Only those in this state.
    pub(super) state: Option<WaiverState>,
    /// Only those of principal, or of late fees.
    pub(super) of: Option<Toward>,
}

/// Adds a waiver.
pub(super) async fn insert(scope: &TenantScope, waiver: &Waiver) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(waiver.id.as_uuid()),
            estate_id: Set(waiver.estate.as_uuid()),
            account_id: Set(waiver.account.as_uuid()),
            bill_id: Set(waiver.bill.as_uuid()),
            waived_of: Set(stored::word(waiver.of)?),
            amount: Set(waiver.amount.0),
            currency: Set(waiver.currency.to_string()),
            reason: Set(waiver.reason.clone()),
            evidence: Set(waiver.evidence.clone()),
            state: Set(stored::word(waiver.state)?),
            requested_by: Set(waiver.requested_by.as_uuid()),
            requested_at: Set(waiver.requested_at),
            decided_by: Set(None),
            decided_at: Set(None),
            decision: Set(None),
            reversed_by: Set(None),
            reversed_at: Set(None),
            entry_id: Set(None),
            ..Default::default()
        })
        .await
}

/// Writes what may change of a waiver that is held.
pub(super) async fn save(scope: &TenantScope, waiver: &Waiver) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(waiver.state)?)
        .set(C::DecidedBy, waiver.decided_by.map(UserId::as_uuid))
        .set(C::DecidedAt, waiver.decided_at)
        .set(C::Decision, waiver.decision.clone())
        .set(C::ReversedBy, waiver.reversed_by.map(UserId::as_uuid))
        .set(C::ReversedAt, waiver.reversed_at)
        .set(C::EntryId, waiver.entry.map(EntryId::as_uuid))
        .filter(C::Id.eq(waiver.id.as_uuid()));
    update.exec().await.map(drop)
}

/// The waiver, if there is one.
pub(super) async fn find(
    scope: &TenantScope,
    id: WaiverId,
) -> Result<Option<Waiver>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// The waiver, held until the transaction ends. Hold its account first.
pub(super) async fn lock(
    scope: &TenantScope,
    id: WaiverId,
) -> Result<Option<Waiver>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
    rows.one().await?.map(read).transpose()
}

/// Every waiver of some bills, oldest first.
pub(crate) async fn of_bills(
    scope: &TenantScope,
    bills: impl IntoIterator<Item = BillId> + Send,
) -> Result<Vec<Waiver>, StorageError> {
    let bills = bills.into_iter().map(BillId::as_uuid);
    let rows = scope.find::<row::Entity>().filter_in(row::Column::BillId, bills);
    rows.asc(row::Column::Id).all().await?.into_iter().map(read).collect()
}

/// A page of the waivers of an estate, newest first, and one more than it has.
pub(super) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: Wanted,
    page: &PageArgs,
) -> Result<Vec<Waiver>, StorageError> {
    use row::Column as C;
    let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<WaiverId>().ok());
    let state = wanted.state.map(stored::word).transpose()?;
    let of = wanted.of.map(stored::word).transpose()?;
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.accounts, |accounts| scope.among(C::AccountId, accounts))
        .filter_by(wanted.bill, |bill| C::BillId.eq(bill.as_uuid()))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(of, |of| C::WaivedOf.eq(of))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(page.limit());
    rows.all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Taker {
    taken_by: Uuid,
}

/// Who took money of which a bill got something.
pub(super) async fn takers(scope: &TenantScope, bill: BillId) -> Result<Vec<UserId>, StorageError> {
    let sql = "SELECT DISTINCT p.taken_by FROM payments p JOIN payment_parts t \
               ON t.tenant_id = p.tenant_id AND t.payment_id = p.id \
               WHERE p.tenant_id = $1 AND t.bill_id = $2 AND p.taken_by IS NOT NULL";
    let rows: Vec<Taker> = scope.rows(sql, [bill.as_uuid().into()]).await?;
    Ok(rows.into_iter().map(|row| UserId::from_uuid(row.taken_by)).collect())
}

fn read(row: row::Model) -> Result<Waiver, StorageError> {
    Ok(Waiver {
        id: WaiverId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        bill: BillId::from_uuid(row.bill_id),
        of: stored::read_word(&row.waived_of)?,
        amount: Fen(row.amount),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        reason: row.reason,
        evidence: row.evidence,
        state: stored::read_word(&row.state)?,
        requested_by: UserId::from_uuid(row.requested_by),
        requested_at: row.requested_at,
        decided_by: row.decided_by.map(UserId::from_uuid),
        decided_at: row.decided_at,
        decision: row.decision,
        reversed_by: row.reversed_by.map(UserId::from_uuid),
        reversed_at: row.reversed_at,
        entry: row.entry_id.map(EntryId::from_uuid),
    })
}
