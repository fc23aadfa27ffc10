//! Shifts and movements of cash in the database.

use super::{
    domain::{Count, Shift, ShiftState},
    moved::{CashMove, CashMoved},
};
use crate::ids::{CashierShiftId, EntryId};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{DbKind, StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cashier_shifts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub desk: String,
        pub cashier: Uuid,
        pub currency: String,
        pub state: String,
        pub float_amount: i64,
        pub float_pieces: String,
        pub opened_at: DateTimeUtc,
        pub takes_over: Option<Uuid>,
        pub counted: Option<i64>,
        pub expected: Option<i64>,
        pub count_pieces: Option<String>,
        pub reason: Option<String>,
        pub counted_at: Option<DateTimeUtc>,
        pub signed_by: Option<Uuid>,
        pub signed_at: Option<DateTimeUtc>,
        pub locked_by: Option<Uuid>,
        pub locked_at: Option<DateTimeUtc>,
        pub entry_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod movement {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cash_movements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub person: Uuid,
        pub shift_id: Option<Uuid>,
        pub outside: bool,
        pub kind: String,
        pub amount: i64,
        pub source: String,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, movement);

/// The shifts of one company.
pub(crate) struct Shifts<'s>(pub &'s TenantScope);

/// A movement of cash as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Movement {
    pub id: Uuid,
    /// Whether it happened while the person had no shift open.
    pub outside: bool,
    pub kind: CashMove,
    pub amount: Fen,
    pub source: String,
    pub at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Sum {
    id: Uuid,
    amount: i64,
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

impl Shifts<'_> {
    pub async fn insert(&self, shift: &Shift) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(shift.id.as_uuid()),
                estate_id: Set(shift.estate.as_uuid()),
                desk: Set(shift.desk.clone()),
                cashier: Set(shift.cashier.as_uuid()),
                currency: Set(shift.currency.to_string()),
                state: Set(stored::word(shift.state)?),
                float_amount: Set(shift.float.0),
                float_pieces: Set(stored::json(&shift.float_pieces)?),
                opened_at: Set(shift.opened_at),
                takes_over: Set(shift.takes_over.map(CashierShiftId::as_uuid)),
                ..Default::default()
            })
            .await
    }

    /// Writes what may change of a shift that was locked.
    pub async fn save(&self, shift: &Shift) -> Result<(), StorageError> {
        use row::Column as C;
        let count = shift.count.as_ref();
        self.0
            .update::<row::Entity>()
            .set(C::State, stored::word(shift.state)?)
            .set(C::Counted, count.map(|count| count.amount.0))
            .set(C::Expected, count.map(|count| count.expected.0))
            .set(C::CountPieces, count.map(|count| stored::json(&count.pieces)).transpose()?)
            .set(C::Reason, count.and_then(|count| count.reason.clone()))
            .set(C::CountedAt, count.map(|count| count.at))
            .set(C::SignedBy, shift.signed.map(|(user, _)| user.as_uuid()))
            .set(C::SignedAt, shift.signed.map(|(_, at)| at))
            .set(C::LockedBy, shift.locked.map(|(user, _)| user.as_uuid()))
            .set(C::LockedAt, shift.locked.map(|(_, at)| at))
            .set(C::EntryId, shift.entry.map(EntryId::as_uuid))
            .filter(C::Id.eq(shift.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: CashierShiftId) -> Result<Option<Shift>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(shift).transpose()
    }

    /// The shift, held until the transaction ends.
    pub async fn lock(&self, id: CashierShiftId) -> Result<Option<Shift>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(shift).transpose()
    }

    /// The open shift of a person, kept open until the transaction ends. Many may hold it at once;
    /// whoever counts waits for them.
    pub async fn open_of(
        &self,
        estate: EstateId,
        person: UserId,
    ) -> Result<Option<CashierShiftId>, StorageError> {
        let held = if self.0.kind() == DbKind::Postgres { " FOR SHARE" } else { "" };
        let sql = format!(
            "SELECT id FROM cashier_shifts WHERE tenant_id = $1 AND estate_id = $2 \
             AND cashier = $3 AND state = 'OPEN'{held}"
        );
        let values = [estate.as_uuid().into(), person.as_uuid().into()];
        let rows: Vec<Id> = self.0.rows(&sql, values).await?;
        Ok(rows.first().map(|row| CashierShiftId::from_uuid(row.id)))
    }

    /// The shifts of an estate, newest first, and one more than the page has.
    pub async fn of_estate(
        &self,
        estate: EstateId,
        state: Option<ShiftState>,
        cashier: Option<UserId>,
        page: &PageArgs,
    ) -> Result<Vec<Shift>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<CashierShiftId>().ok());
        let state = state.map(stored::word).transpose()?;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_by(state, |state| C::State.eq(state))
            .filter_by(cashier, |cashier| C::Cashier.eq(cashier.as_uuid()))
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(shift).collect()
    }

    /// Whether a later shift took this one's cash over.
    pub async fn is_taken_over(&self, id: CashierShiftId) -> Result<bool, StorageError> {
        let rows = self.0.find::<row::Entity>();
        let next = rows.filter(row::Column::TakesOver.eq(id.as_uuid())).one().await?;
        Ok(next.is_some())
    }

    /// Notes a movement of cash.
    pub async fn note(
        &self,
        moved: &CashMoved,
        shift: Option<CashierShiftId>,
    ) -> Result<(), StorageError> {
        self.0
            .insert(movement::ActiveModel {
                id: Set(self.0.new_id()),
                estate_id: Set(moved.estate.as_uuid()),
                person: Set(moved.person.as_uuid()),
                shift_id: Set(shift.map(CashierShiftId::as_uuid)),
                outside: Set(shift.is_none()),
                kind: Set(stored::word(moved.kind)?),
                amount: Set(moved.amount.0),
                source: Set(moved.source.clone()),
                at: Set(self.0.now()),
                ..Default::default()
            })
            .await
    }

    /// Gives a shift what its cashier moved while none was open.
    pub async fn take_in_outside(&self, shift: &Shift) -> Result<u64, StorageError> {
        use movement::Column as C;
        self.0
            .update::<movement::Entity>()
            .set(C::ShiftId, Some(shift.id.as_uuid()))
            .filter(C::EstateId.eq(shift.estate.as_uuid()))
            .filter(C::Person.eq(shift.cashier.as_uuid()))
            .filter(C::ShiftId.is_null())
            .exec()
            .await
    }

    /// What moved in each of these shifts.
    pub async fn moved_in(
        &self,
        shifts: impl IntoIterator<Item = CashierShiftId> + Send,
    ) -> Result<HashMap<CashierShiftId, Fen>, StorageError> {
        let mut values = Vec::new();
        let wanted = self.0.one_of(&mut values, shifts.into_iter().map(CashierShiftId::as_uuid));
        let sql = format!(
            "SELECT shift_id AS id, CAST(SUM(amount) AS BIGINT) AS amount FROM cash_movements \
             WHERE tenant_id = $1 AND shift_id {wanted} GROUP BY shift_id"
        );
        let rows: Vec<Sum> = self.0.rows(&sql, values).await?;
        let sum = |row: Sum| (CashierShiftId::from_uuid(row.id), Fen(row.amount));
        Ok(rows.into_iter().map(sum).collect())
    }

    /// The movements of a shift, or of an estate outside any shift, newest first.
    pub async fn movements(
        &self,
        estate: EstateId,
        shift: Option<CashierShiftId>,
        page: &PageArgs,
    ) -> Result<Vec<Movement>, StorageError> {
        use movement::Column as C;
        let after = page.after.as_ref().and_then(|cursor| Uuid::try_parse(&cursor.0).ok());
        let of = match shift {
            Some(shift) => C::ShiftId.eq(shift.as_uuid()),
            None => C::ShiftId.is_null(),
        };
        let rows = self
            .0
            .find::<movement::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter(of)
            .filter_by(after, |last| C::Id.lt(last))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(movement).collect()
    }
}

fn movement(row: movement::Model) -> Result<Movement, StorageError> {
    Ok(Movement {
        id: row.id,
        outside: row.outside,
        kind: stored::read_word(&row.kind)?,
        amount: Fen(row.amount),
        source: row.source,
        at: row.at,
    })
}

fn shift(row: row::Model) -> Result<Shift, StorageError> {
    let count = match (row.counted, row.expected, row.counted_at) {
        (Some(amount), Some(expected), Some(at)) => Some(Count {
            amount: Fen(amount),
            expected: Fen(expected),
            pieces: row.count_pieces.as_deref().map_or(Ok(Vec::new()), stored::read_json)?,
            reason: row.reason,
            at,
        }),
        _ => None,
    };
    let by = |user: Option<Uuid>, at| user.map(UserId::from_uuid).zip(at);
    Ok(Shift {
        id: CashierShiftId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        desk: row.desk,
        cashier: UserId::from_uuid(row.cashier),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        state: stored::read_word(&row.state)?,
        float: Fen(row.float_amount),
        float_pieces: stored::read_json(&row.float_pieces)?,
        opened_at: row.opened_at,
        takes_over: row.takes_over.map(CashierShiftId::from_uuid),
        count,
        signed: by(row.signed_by, row.signed_at),
        locked: by(row.locked_by, row.locked_at),
        entry: row.entry_id.map(EntryId::from_uuid),
    })
}
