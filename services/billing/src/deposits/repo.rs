//! Deposits in the database.

use super::domain::{Deposit, DepositKind, DepositState, Origin, Taken};
use crate::ids::{BillingAccountId, BuildingId, DepositId, EntryId, OpeningId};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deposits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub building_id: Option<Uuid>,
        pub kind: String,
        pub amount: i64,
        pub currency: String,
        pub agreement: String,
        pub expected_return: Option<Date>,
        pub source: Option<String>,
        pub reference: Option<String>,
        pub requested_by: Option<Uuid>,
        pub requested_at: DateTimeUtc,
        pub cancelled: bool,
        pub till: Option<String>,
        pub taken_on: Option<Date>,
        pub taken_at: Option<DateTimeUtc>,
        pub taken_by: Option<Uuid>,
        pub channel_reference: Option<String>,
        pub entry_id: Option<Uuid>,
        pub deducted: i64,
        pub refunded: i64,
        pub refundable_since: Option<Date>,
        pub state: String,
        pub opening_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// Which deposits a list is of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only those of this estate.
    pub estate: Option<EstateId>,
    /// Only those of these accounts.
    pub accounts: Option<Vec<BillingAccountId>>,
    /// Only those of units in these buildings.
    pub zone: Option<Vec<Uuid>>,
    /// Only those that have come so far.
    pub state: Option<DepositState>,
    /// Only those of a kind.
    pub kind: Option<DepositKind>,
    /// Only those still held that should have been back before this day.
    pub overdue_on: Option<NaiveDate>,
    /// Only those that are refundable and not refunded since this day or longer.
    pub unclaimed_since: Option<NaiveDate>,
}

/// The deposits of one company.
pub(crate) struct Deposits<'s>(pub &'s TenantScope);

impl Deposits<'_> {
    pub async fn insert(&self, deposit: &Deposit) -> Result<(), StorageError> {
        self.0.insert(active(deposit)?).await
    }

    /// Adds many at once.
    pub async fn insert_all(&self, deposits: &[Deposit]) -> Result<(), StorageError> {
        let rows: Result<Vec<_>, _> = deposits.iter().map(active).collect();
        self.0.insert_all(rows?).await
    }

    /// Writes what may change of a deposit that was locked.
    pub async fn save(&self, deposit: &Deposit) -> Result<(), StorageError> {
        use row::Column as C;
        let taken = deposit.taken.as_ref();
        let till = taken.and_then(|taken| taken.till).map(stored::word).transpose()?;
        self.0
            .update::<row::Entity>()
            .set(C::Cancelled, deposit.cancelled)
            .set(C::Till, till)
            .set(C::TakenOn, taken.map(|taken| taken.on))
            .set(C::TakenAt, taken.map(|taken| taken.at))
            .set(C::TakenBy, taken.map(|taken| taken.by.as_uuid()))
            .set(C::ChannelReference, taken.and_then(|taken| taken.channel_reference.clone()))
            .set(C::EntryId, taken.map(|taken| taken.entry.as_uuid()))
            .set(C::Deducted, deposit.deducted.0)
            .set(C::Refunded, deposit.refunded.0)
            .set(C::RefundableSince, deposit.refundable_since)
            .set(C::State, stored::word(deposit.state())?)
            .filter(C::Id.eq(deposit.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: DepositId) -> Result<Option<Deposit>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read).transpose()
    }

    /// The deposit, held until the transaction ends. Lock its account first.
    pub async fn lock(&self, id: DepositId) -> Result<Option<Deposit>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(read).transpose()
    }

    /// Whether a service asked for a deposit under this reference before.
    pub async fn is_known(&self, source: &str, reference: &str) -> Result<bool, StorageError> {
        use row::Column as C;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::Source.eq(source))
            .filter(C::Reference.eq(reference));
        Ok(rows.one().await?.is_some())
    }

    /// Deposits of a list, newest first, and one more than the page has.
    pub async fn page(
        &self,
        wanted: &Wanted,
        page: &PageArgs,
    ) -> Result<Vec<Deposit>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<DepositId>().ok());
        let state = wanted.state.map(stored::word).transpose()?;
        let kind = wanted.kind.map(stored::word).transpose()?;
        let here = ["HELD", "PARTLY_DEDUCTED", "REFUNDABLE"];
        let rows = self
            .0
            .find::<row::Entity>()
            .filter_by(wanted.estate, |estate| C::EstateId.eq(estate.as_uuid()))
            .filter_by(wanted.accounts.as_ref(), |accounts| {
                self.0.among(C::AccountId, accounts.iter().map(|account| account.as_uuid()))
            })
            .filter_by(wanted.zone.clone(), |zone| self.0.among(C::BuildingId, zone))
            .filter_by(state, |state| C::State.eq(state))
            .filter_by(kind, |kind| C::Kind.eq(kind))
            .filter_by(wanted.overdue_on, |day| C::ExpectedReturn.lt(day))
            .filter_by(wanted.overdue_on, |_| self.0.among(C::State, here))
            .filter_by(wanted.unclaimed_since, |day| C::RefundableSince.lte(day))
            .filter_by(wanted.unclaimed_since, |_| C::State.eq("REFUNDABLE"))
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(read).collect()
    }
}

fn active(deposit: &Deposit) -> Result<row::ActiveModel, StorageError> {
    let (origin, taken) = (deposit.origin.as_ref(), deposit.taken.as_ref());
    Ok(row::ActiveModel {
        id: Set(deposit.id.as_uuid()),
        estate_id: Set(deposit.estate.as_uuid()),
        account_id: Set(deposit.account.as_uuid()),
        building_id: Set(deposit.building.map(BuildingId::as_uuid)),
        kind: Set(stored::word(deposit.kind)?),
        amount: Set(deposit.amount.0),
        currency: Set(deposit.currency.to_string()),
        agreement: Set(deposit.agreement.clone()),
        expected_return: Set(deposit.expected_return),
        source: Set(origin.map(|origin| origin.source.clone())),
        reference: Set(origin.map(|origin| origin.reference.clone())),
        requested_by: Set(deposit.requested_by.map(UserId::as_uuid)),
        requested_at: Set(deposit.requested_at),
        cancelled: Set(deposit.cancelled),
        till: Set(taken.and_then(|taken| taken.till).map(stored::word).transpose()?),
        taken_on: Set(taken.map(|taken| taken.on)),
        taken_at: Set(taken.map(|taken| taken.at)),
        taken_by: Set(taken.map(|taken| taken.by.as_uuid())),
        channel_reference: Set(taken.and_then(|taken| taken.channel_reference.clone())),
        entry_id: Set(taken.map(|taken| taken.entry.as_uuid())),
        deducted: Set(deposit.deducted.0),
        refunded: Set(deposit.refunded.0),
        refundable_since: Set(deposit.refundable_since),
        state: Set(stored::word(deposit.state())?),
        opening_id: Set(deposit.opening.map(OpeningId::as_uuid)),
        ..Default::default()
    })
}

fn read(row: row::Model) -> Result<Deposit, StorageError> {
    let taken = match (row.taken_on, row.taken_at, row.taken_by, row.entry_id) {
        (Some(on), Some(at), Some(by), Some(entry)) => Some(Taken {
            till: row.till.as_deref().map(stored::read_word).transpose()?,
            on,
            at,
            by: UserId::from_uuid(by),
            channel_reference: row.channel_reference,
            entry: EntryId::from_uuid(entry),
        }),
        _ => None,
    };
    let origin = row.source.zip(row.reference);
    Ok(Deposit {
        id: DepositId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        building: row.building_id.map(BuildingId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        amount: Fen(row.amount),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        agreement: row.agreement,
        expected_return: row.expected_return,
        origin: origin.map(|(source, reference)| Origin { source, reference }),
        opening: row.opening_id.map(OpeningId::from_uuid),
        requested_by: row.requested_by.map(UserId::from_uuid),
        requested_at: row.requested_at,
        cancelled: row.cancelled,
        taken,
        deducted: Fen(row.deducted),
        refunded: Fen(row.refunded),
        refundable_since: row.refundable_since,
    })
}
