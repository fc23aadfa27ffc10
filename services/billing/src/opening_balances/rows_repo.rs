//! The rows of opening balances in the database.

use super::{
    domain::{Given, Known, Meaning, OpeningKind, RowState},
    problem::Problem,
    repo::Opening,
};
use crate::{
    accounts::Debtor,
    charges::{BillingMonth, Quantity},
    ids::{
        BillId, BillingAccountId, DepositId, EntryId, FeeItemId, MeterId, OpeningId, PersonId,
        ReadingId, UnitId,
    },
};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::collections::HashMap;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "opening_rows")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub opening_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub estate_id: Uuid,
        pub kind: String,
        pub unit_label: Option<String>,
        pub payer_name: Option<String>,
        pub account_id: Option<Uuid>,
        pub item_code: Option<String>,
        pub month: Option<String>,
        pub due: Option<Date>,
        pub amount: i64,
        pub note: Option<String>,
        pub state: String,
        pub problem: Option<String>,
        pub row_key: Option<String>,
        pub party_id: Option<Uuid>,
        pub unit_id: Option<Uuid>,
        pub item_id: Option<Uuid>,
        pub bill_id: Option<Uuid>,
        pub entry_id: Option<Uuid>,
        pub deposit_id: Option<Uuid>,
        pub meter_number: Option<String>,
        pub reading: Option<i64>,
        pub read_on: Option<Date>,
        pub meter_id: Option<Uuid>,
        pub reading_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// One row of opening balances.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpeningRow {
    /// Its place in the draft, from 1.
    pub place: i32,
    pub given: Given,
    pub state: RowState,
    pub problem: Option<Problem>,
    pub key: Option<String>,
    /// Who it was found to be about.
    pub debtor: Option<Debtor>,
    pub item: Option<FeeItemId>,
    /// The bill it became.
    pub bill: Option<BillId>,
    /// The entry it became, when it is no bill.
    pub entry: Option<EntryId>,
    /// The deposit it became.
    pub deposit: Option<DepositId>,
    /// The meter it was found to be about.
    pub meter: Option<MeterId>,
    /// The reading it became.
    pub reading: Option<ReadingId>,
}

impl OpeningRow {
    /// A row as it was given, with what it means or what is wrong with it.
    pub fn new(place: i32, given: Given, known: &Known, cut_over: BillingMonth) -> Self {
        let meaning = given.meaning(known, cut_over);
        let right = meaning.as_ref().ok();
        Self {
            place,
            state: if right.is_some() { RowState::New } else { RowState::Wrong },
            problem: meaning.err(),
            key: right.map(|meaning| given.key(meaning)),
            debtor: right.and_then(Meaning::debtor),
            item: right.and_then(Meaning::item),
            meter: right.and_then(Meaning::meter),
            bill: None,
            entry: None,
            deposit: None,
            reading: None,
            given,
        }
    }

    /// Notes what is wrong with it.
    pub const fn refuse(&mut self, problem: Problem) {
        self.state = RowState::Wrong;
        self.problem = Some(problem);
    }

    /// The month it is of, when it is arrears.
    pub fn month(&self) -> Option<BillingMonth> {
        self.given.month.as_deref().and_then(|month| month.trim().parse().ok())
    }
}

fn active(opening: &Opening, it: &OpeningRow) -> Result<row::ActiveModel, StorageError> {
    let given = &it.given;
    Ok(row::ActiveModel {
        opening_id: Set(opening.id.as_uuid()),
        place: Set(it.place),
        estate_id: Set(opening.estate.as_uuid()),
        kind: Set(stored::word(given.kind)?),
        unit_label: Set(given.unit.clone()),
        payer_name: Set(given.payer.clone()),
        account_id: Set(given.account.map(BillingAccountId::as_uuid)),
        item_code: Set(given.item.clone()),
        month: Set(given.month.clone()),
        due: Set(given.due),
        amount: Set(given.amount.0),
        note: Set(given.note.clone()),
        state: Set(stored::word(it.state)?),
        problem: Set(it.problem.map(stored::word).transpose()?),
        row_key: Set(it.key.clone()),
        party_id: Set(it.debtor.map(|debtor| debtor.party.as_uuid())),
        unit_id: Set(it.debtor.and_then(|debtor| debtor.unit).map(UnitId::as_uuid)),
        item_id: Set(it.item.map(FeeItemId::as_uuid)),
        bill_id: Set(it.bill.map(BillId::as_uuid)),
        entry_id: Set(it.entry.map(EntryId::as_uuid)),
        deposit_id: Set(it.deposit.map(DepositId::as_uuid)),
        meter_number: Set(given.meter.clone()),
        reading: Set(given.reading.map(|reading| reading.0)),
        read_on: Set(given.read_on),
        meter_id: Set(it.meter.map(MeterId::as_uuid)),
        reading_id: Set(it.reading.map(ReadingId::as_uuid)),
        ..Default::default()
    })
}

/// Adds rows.
pub(super) async fn insert(
    scope: &TenantScope,
    opening: &Opening,
    rows: &[OpeningRow],
) -> Result<(), StorageError> {
    let rows: Result<Vec<_>, _> = rows.iter().map(|it| active(opening, it)).collect();
    scope.insert_all(rows?).await
}

/// Writes what became of rows.
pub(super) async fn save(
    scope: &TenantScope,
    opening: &Opening,
    rows: &[OpeningRow],
) -> Result<(), StorageError> {
    use row::Column as C;
    let rows: Result<Vec<_>, _> = rows.iter().map(|it| active(opening, it)).collect();
    let changed = [C::State, C::AccountId, C::BillId, C::EntryId, C::DepositId, C::ReadingId];
    scope.upsert(rows?, [C::TenantId, C::OpeningId, C::Place], changed).await
}

/// How many rows there are.
pub(super) async fn count(scope: &TenantScope, id: OpeningId) -> Result<i32, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::OpeningId.eq(id.as_uuid()));
    Ok(i32::try_from(found.count().await?).unwrap_or(i32::MAX))
}

/// Which of these keys rows of the draft have already.
pub(super) async fn drafted(
    scope: &TenantScope,
    id: OpeningId,
    keys: &[String],
) -> Result<Vec<String>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::OpeningId.eq(id.as_uuid()))
        .filter_in(C::RowKey, keys.iter().map(String::as_str));
    Ok(found.all().await?.into_iter().filter_map(|row| row.row_key).collect())
}

/// Which of these keys stand posted in the estate, with the rows that say so.
pub(super) async fn posted(
    scope: &TenantScope,
    estate: EstateId,
    keys: &[String],
) -> Result<HashMap<String, Given>, StorageError> {
    use row::Column as C;
    let mut posted = HashMap::new();
    for part in keys.chunks(500) {
        let found = scope
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(C::State.eq("POSTED"))
            .filter_in(C::RowKey, part.iter().map(String::as_str));
        for row in found.all().await? {
            let row = read(row)?;
            posted.extend(row.key.map(|key| (key, row.given)));
        }
    }
    Ok(posted)
}

/// Every row in a state, in order.
pub(super) async fn in_state(
    scope: &TenantScope,
    id: OpeningId,
    state: RowState,
) -> Result<Vec<OpeningRow>, StorageError> {
    page(scope, id, Some(state), None, u64::from(u32::MAX)).await
}

/// A page of rows, in order.
pub(super) async fn page(
    scope: &TenantScope,
    id: OpeningId,
    state: Option<RowState>,
    after: Option<i32>,
    limit: u64,
) -> Result<Vec<OpeningRow>, StorageError> {
    use row::Column as C;
    let state = state.map(stored::word).transpose()?;
    let found = scope
        .find::<row::Entity>()
        .filter(C::OpeningId.eq(id.as_uuid()))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(after, |after| C::Place.gt(after));
    found.asc(C::Place).limit(limit).all().await?.into_iter().map(read).collect()
}

fn read(row: row::Model) -> Result<OpeningRow, StorageError> {
    let kind: OpeningKind = stored::read_word(&row.kind)?;
    let unit = row.unit_id.map(UnitId::from_uuid);
    Ok(OpeningRow {
        place: row.place,
        given: Given {
            kind,
            account: row.account_id.map(BillingAccountId::from_uuid),
            unit: row.unit_label,
            payer: row.payer_name,
            item: row.item_code,
            month: row.month,
            due: row.due,
            amount: Fen(row.amount),
            note: row.note,
            meter: row.meter_number,
            reading: row.reading.map(Quantity),
            read_on: row.read_on,
        },
        state: stored::read_word(&row.state)?,
        problem: row.problem.as_deref().map(stored::read_word).transpose()?,
        key: row.row_key,
        debtor: row.party_id.map(|party| Debtor { party: PersonId::from_uuid(party), unit }),
        item: row.item_id.map(FeeItemId::from_uuid),
        bill: row.bill_id.map(BillId::from_uuid),
        entry: row.entry_id.map(EntryId::from_uuid),
        deposit: row.deposit_id.map(DepositId::from_uuid),
        meter: row.meter_id.map(MeterId::from_uuid),
        reading: row.reading_id.map(ReadingId::from_uuid),
    })
}
