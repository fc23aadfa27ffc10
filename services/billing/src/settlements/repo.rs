//! Settlements and credit notes in the database.

use super::{
    command::Leave,
    domain::{LeavingState, Sheet, Unused},
};
use crate::{
    bills::{self, Line},
    charges::PayerKind,
    ids::{
        BillId, BillingAccountId, ChargeId, DepositRefundId, EntryId, LeavingId, PersonId, UnitId,
    },
    ledger::Till,
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use contracts::residents::{MemberKind, PartyName};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashSet;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "leavings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub command: String,
        pub sheet: String,
        pub state: String,
        pub till: String,
        pub prepared_by: Uuid,
        pub prepared_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub refunds: String,
        pub bill_id: Option<Uuid>,
        pub successor_bill: Option<Uuid>,
        pub paid_by: Option<Uuid>,
        pub paid_on: Option<Date>,
        pub paid_at: Option<DateTimeUtc>,
        pub signed_by: Option<String>,
        pub bank_reference: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod note {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credit_notes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub charge_id: Uuid,
        pub leaving_id: Uuid,
        pub account_id: Uuid,
        pub estate_id: Uuid,
        pub bill_id: Uuid,
        pub item_id: Uuid,
        pub month: Date,
        pub from_day: Date,
        pub to_day: Date,
        pub amount: i64,
        pub entry_id: Uuid,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, note);

/// That and how the rest went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PaidOut {
    pub by: UserId,
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub signed_by: Option<String>,
    pub bank_reference: Option<String>,
}

/// One settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leaving {
    pub id: LeavingId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub command: Leave,
    pub sheet: Sheet,
    pub state: LeavingState,
    /// Through which channel the rest goes back.
    pub till: Till,
    pub prepared_by: UserId,
    pub prepared_at: DateTime<Utc>,
    /// Who approved or cancelled it.
    pub decided: Option<(UserId, DateTime<Utc>)>,
    pub decision: Option<String>,
    /// The refunds of deposits that it caused.
    pub refunds: Vec<DepositRefundId>,
    /// The bill of its debits.
    pub bill: Option<BillId>,
    /// The successor's bill.
    pub successor_bill: Option<BillId>,
    pub paid: Option<PaidOut>,
}

/// The settlements of one company.
pub(crate) struct Leavings<'s>(pub &'s TenantScope);

impl Leavings<'_> {
    pub async fn insert(&self, leaving: &Leaving) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(leaving.id.as_uuid()),
                estate_id: Set(leaving.estate.as_uuid()),
                account_id: Set(leaving.account.as_uuid()),
                command: Set(stored::json(&leaving.command)?),
                sheet: Set(stored::json(&leaving.sheet)?),
                state: Set(stored::word(leaving.state)?),
                till: Set(stored::word(leaving.till)?),
                prepared_by: Set(leaving.prepared_by.as_uuid()),
                prepared_at: Set(leaving.prepared_at),
                decided_by: Set(None),
                decided_at: Set(None),
                decision: Set(None),
                refunds: Set(stored::json(&leaving.refunds)?),
                bill_id: Set(None),
                successor_bill: Set(None),
                paid_by: Set(None),
                paid_on: Set(None),
                paid_at: Set(None),
                signed_by: Set(None),
                bank_reference: Set(None),
                ..Default::default()
            })
            .await
    }

    /// Writes what may change of a settlement whose account is locked.
    pub async fn save(&self, leaving: &Leaving) -> Result<(), StorageError> {
        use row::Column as C;
        let paid = leaving.paid.as_ref();
        self.0
            .update::<row::Entity>()
            .set(C::State, stored::word(leaving.state)?)
            .set(C::DecidedBy, leaving.decided.map(|(by, _)| by.as_uuid()))
            .set(C::DecidedAt, leaving.decided.map(|(_, at)| at))
            .set(C::Decision, leaving.decision.clone())
            .set(C::Refunds, stored::json(&leaving.refunds)?)
            .set(C::BillId, leaving.bill.map(BillId::as_uuid))
            .set(C::SuccessorBill, leaving.successor_bill.map(BillId::as_uuid))
            .set(C::PaidBy, paid.map(|paid| paid.by.as_uuid()))
            .set(C::PaidOn, paid.map(|paid| paid.on))
            .set(C::PaidAt, paid.map(|paid| paid.at))
            .set(C::SignedBy, paid.and_then(|paid| paid.signed_by.clone()))
            .set(C::BankReference, paid.and_then(|paid| paid.bank_reference.clone()))
            .filter(C::Id.eq(leaving.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: LeavingId) -> Result<Option<Leaving>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(read).transpose()
    }

    /// Whether a settlement of the account waits for its approval.
    pub async fn is_waiting(&self, account: BillingAccountId) -> Result<bool, StorageError> {
        use row::Column as C;
        let rows = self.0.find::<row::Entity>().filter(C::AccountId.eq(account.as_uuid()));
        Ok(rows.filter(C::State.eq("PREPARED")).one().await?.is_some())
    }

    /// The settlements of some accounts that are carried out.
    pub async fn carried_out(
        &self,
        accounts: impl IntoIterator<Item = BillingAccountId> + Send,
    ) -> Result<Vec<Leaving>, StorageError> {
        use row::Column as C;
        let states = [LeavingState::Approved, LeavingState::Settled];
        let states = states.into_iter().map(stored::word).collect::<Result<Vec<_>, _>>()?;
        let accounts = accounts.into_iter().map(BillingAccountId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(C::AccountId, accounts);
        let rows = rows.filter_in(C::State, states).asc(C::Id);
        rows.all().await?.into_iter().map(read).collect()
    }

    /// The settlements of an estate in a state, newest first, and one more than the page has.
    pub async fn of_estate(
        &self,
        estate: EstateId,
        state: Option<LeavingState>,
        page: &PageArgs,
    ) -> Result<Vec<Leaving>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<LeavingId>().ok());
        let state = state.map(stored::word).transpose()?;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_by(state, |state| C::State.eq(state))
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(read).collect()
    }
}

fn read(row: row::Model) -> Result<Leaving, StorageError> {
    let paid = match (row.paid_by, row.paid_on, row.paid_at) {
        (Some(by), Some(on), Some(at)) => Some(PaidOut {
            by: UserId::from_uuid(by),
            on,
            at,
            signed_by: row.signed_by,
            bank_reference: row.bank_reference,
        }),
        _ => None,
    };
    Ok(Leaving {
        id: LeavingId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        command: stored::read_json(&row.command)?,
        sheet: stored::read_json(&row.sheet)?,
        state: stored::read_word(&row.state)?,
        till: stored::read_word(&row.till)?,
        prepared_by: UserId::from_uuid(row.prepared_by),
        prepared_at: row.prepared_at,
        decided: row.decided_by.map(UserId::from_uuid).zip(row.decided_at),
        decision: row.decision,
        refunds: stored::read_json(&row.refunds)?,
        bill: row.bill_id.map(BillId::from_uuid),
        successor_bill: row.successor_bill.map(BillId::from_uuid),
        paid,
    })
}

/// Keeps what was credited of lines of a settlement, each with its bill and entry.
pub(super) async fn insert_notes(
    scope: &TenantScope,
    leaving: &Leaving,
    notes: &[(&Unused, BillId, EntryId)],
) -> Result<(), StorageError> {
    let rows = notes.iter().map(|(unused, bill, entry)| note::ActiveModel {
        charge_id: Set(unused.charge.as_uuid()),
        leaving_id: Set(leaving.id.as_uuid()),
        account_id: Set(leaving.account.as_uuid()),
        estate_id: Set(leaving.estate.as_uuid()),
        bill_id: Set(bill.as_uuid()),
        item_id: Set(unused.item.as_uuid()),
        month: Set(unused.month.first()),
        from_day: Set(unused.from),
        to_day: Set(unused.to),
        amount: Set(unused.amount().0),
        entry_id: Set(entry.as_uuid()),
        at: Set(scope.now()),
        ..Default::default()
    });
    scope.insert_all(rows.collect::<Vec<_>>()).await
}

/// Whether something of a bill's lines was credited; then it cannot be voided any more.
pub(crate) async fn is_credited(scope: &TenantScope, bill: BillId) -> Result<bool, StorageError> {
    let found = scope.find::<note::Entity>().filter(note::Column::BillId.eq(bill.as_uuid()));
    Ok(found.count().await? > 0)
}

#[derive(FromQueryResult)]
struct OfBill {
    bill_id: Uuid,
}

/// The lines of an account's standing bills that reach past a day and were not credited.
pub(super) async fn lines_after(
    scope: &TenantScope,
    account: BillingAccountId,
    day: NaiveDate,
) -> Result<Vec<Line>, StorageError> {
    let sql = "SELECT DISTINCT c.bill_id FROM charges c \
               JOIN bills b ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
               WHERE c.tenant_id = $1 AND c.account_id = $2 AND c.to_day > $3 \
               AND c.standard_id IS NOT NULL AND b.voided_on IS NULL";
    let rows: Vec<OfBill> = scope.rows(sql, [account.as_uuid().into(), day.into()]).await?;
    let bills: Vec<BillId> = rows.iter().map(|row| BillId::from_uuid(row.bill_id)).collect();
    let mut lines = bills::lines_of(scope, &bills).await?;
    let notes = scope.find::<note::Entity>();
    let notes = notes.filter(note::Column::AccountId.eq(account.as_uuid())).all().await?;
    let credited: HashSet<ChargeId> =
        notes.iter().map(|note| ChargeId::from_uuid(note.charge_id)).collect();
    lines.retain(|line| line.charge.to > day && !credited.contains(&line.id));
    Ok(lines)
}

#[derive(FromQueryResult)]
struct Member {
    name: String,
    shown_name: String,
    kind: String,
}

/// A member of a unit, now or once, and in which capacity the person pays.
pub(super) async fn member(
    scope: &TenantScope,
    unit: UnitId,
    person: PersonId,
) -> Result<Option<(PartyName, PayerKind)>, StorageError> {
    let sql = "SELECT name, shown_name, kind FROM unit_members \
               WHERE tenant_id = $1 AND unit_id = $2 AND person_id = $3 ORDER BY from_day DESC LIMIT 1";
    let rows: Vec<Member> =
        scope.rows(sql, [unit.as_uuid().into(), person.as_uuid().into()]).await?;
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    let kind = match stored::read_word(&row.kind)? {
        MemberKind::Developer => PayerKind::Developer,
        MemberKind::Owner => PayerKind::Owner,
        MemberKind::Lessee => PayerKind::Lessee,
        MemberKind::Family => return Ok(None),
    };
    Ok(Some((PartyName { full: row.name, shown: row.shown_name }, kind)))
}

#[derive(FromQueryResult)]
struct Paid {
    till: String,
    taken_by: Option<Uuid>,
}

/// How the payments of an account came in, newest first, and who took them.
pub(super) async fn payments(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Vec<(Till, Option<UserId>)>, StorageError> {
    let sql = "SELECT till, taken_by FROM payments WHERE tenant_id = $1 AND account_id = $2 \
               AND received_at IS NOT NULL AND deposit_id IS NULL ORDER BY id DESC";
    let rows: Vec<Paid> = scope.rows(sql, [account.as_uuid().into()]).await?;
    let paid = |row: Paid| Ok((stored::read_word(&row.till)?, row.taken_by.map(UserId::from_uuid)));
    rows.into_iter().map(paid).collect()
}
