//! Rows of bills and their lines.

use super::domain::{Bill, Line, NewLine};
use crate::{
    bill_runs::Taken,
    charges::BillingMonth,
    ids::{
        BillId, BillRunId, BillingAccountId, BuildingId, ChargeId, EntryId, FeeItemId,
        FeeStandardId, UnitId,
    },
};
use authz::EstateScope;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{
    ColumnTrait as _, FromQueryResult,
    sea_query::{Expr, ExprTrait as _},
};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

pub(super) mod bill {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bills")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub run_id: Option<Uuid>,
        pub entry_id: Uuid,
        pub first_month: Date,
        pub last_month: Date,
        pub issued_on: Date,
        pub due: Date,
        pub total: i64,
        pub settled: i64,
        pub prepaid: i64,
        pub voided_on: Option<Date>,
        pub void_reason: Option<String>,
        pub replaces: Option<Uuid>,
        pub waived: i64,
        pub late_fee_open: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod charge {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "charges")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub bill_id: Uuid,
        pub account_id: Uuid,
        pub estate_id: Uuid,
        pub building_id: Option<Uuid>,
        pub item_id: Uuid,
        pub source: String,
        pub standard_id: Option<Uuid>,
        pub payer: String,
        pub month: Date,
        pub from_day: Date,
        pub to_day: Date,
        pub amount: i64,
        pub explanation: Option<String>,
        pub description: Option<String>,
        pub revision: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(bill, charge);

/// The bill.
///
/// # Errors
/// When the database fails.
pub async fn find(scope: &TenantScope, id: BillId) -> Result<Option<Bill>, StorageError> {
    let found = scope.find::<bill::Entity>().filter(bill::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// Some bills, in the order of their ids.
///
/// # Errors
/// When the database fails.
pub async fn by_id(scope: &TenantScope, ids: &[BillId]) -> Result<Vec<Bill>, StorageError> {
    let ids = ids.iter().map(|id| id.as_uuid());
    let found = scope.find::<bill::Entity>().filter_in(bill::Column::Id, ids);
    found.asc(bill::Column::Id).all().await?.into_iter().map(read).collect()
}

/// The standing bill of an account that begins with a month.
pub(crate) async fn of_month(
    scope: &TenantScope,
    account: BillingAccountId,
    month: BillingMonth,
) -> Result<Option<Bill>, StorageError> {
    use bill::Column as C;
    let found = scope
        .find::<bill::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter(C::FirstMonth.eq(month.first()))
        .filter(C::VoidedOn.is_null());
    found.asc(C::Id).limit(1).all().await?.into_iter().next().map(read).transpose()
}

/// The standing bills of some accounts of which principal is owed or a late fee may be, in no
/// order.
pub(crate) async fn open_of(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
) -> Result<Vec<Bill>, StorageError> {
    use bill::Column as C;
    let rows = scope
        .find::<bill::Entity>()
        .filter_in(C::AccountId, accounts.iter().map(|account| account.as_uuid()))
        .filter(C::VoidedOn.is_null())
        .filter(Expr::col(C::Settled).lt(Expr::col(C::Total)).or(C::LateFeeOpen.eq(true)));
    rows.all().await?.into_iter().map(read).collect()
}

/// The standing bills of an account of which principal is owed or a late fee may be, oldest due
/// first, held until the transaction ends.
pub(super) async fn lock_open(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Vec<Bill>, StorageError> {
    use bill::Column as C;
    let rows = scope
        .find::<bill::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter(C::VoidedOn.is_null())
        .filter(Expr::col(C::Settled).lt(Expr::col(C::Total)).or(C::LateFeeOpen.eq(true)))
        .asc(C::Due)
        .asc(C::FirstMonth)
        .asc(C::Id)
        .lock();
    rows.all().await?.into_iter().map(read).collect()
}

/// The standing bills of accounts that something is owed of and that fall due by a day, oldest due
/// first.
pub(crate) async fn owed(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
    due_by: NaiveDate,
) -> Result<Vec<Bill>, StorageError> {
    use bill::Column as C;
    let rows = scope
        .find::<bill::Entity>()
        .filter_in(C::AccountId, accounts.iter().map(|account| account.as_uuid()))
        .filter(C::VoidedOn.is_null())
        .filter(Expr::col(C::Settled).lt(Expr::col(C::Total)))
        .filter(C::Due.lte(due_by))
        .asc(C::Due)
        .asc(C::FirstMonth)
        .asc(C::Id);
    rows.all().await?.into_iter().map(read).collect()
}

/// Adds to what is settled of a standing bill (a negative amount takes away), `prepaid` of it out
/// of prepayment and `waived` of it by waivers; `false` when the bill does not allow it. One that
/// is settled on a day after `due` may have a late fee left.
pub(super) async fn add_settled(
    scope: &TenantScope,
    id: BillId,
    amount: Fen,
    (prepaid, waived): (Fen, Fen),
    late: NaiveDate,
) -> Result<bool, StorageError> {
    let sql = "UPDATE bills SET settled = settled + $3, prepaid = prepaid + $4, waived = waived + $5, \
               late_fee_open = CASE WHEN due < $6 THEN TRUE ELSE late_fee_open END \
               WHERE tenant_id = $1 AND id = $2 AND voided_on IS NULL \
               AND settled + $3 BETWEEN prepaid + $4 + waived + $5 AND total \
               AND prepaid + $4 >= 0 AND waived + $5 >= 0";
    let values =
        [id.as_uuid().into(), amount.0.into(), prepaid.0.into(), waived.0.into(), late.into()];
    Ok(scope.execute(sql, values).await? == 1)
}

/// Notes whether bills whose principal is settled may have a late fee left.
pub(super) async fn set_late_fee_open(
    scope: &TenantScope,
    bills: &[BillId],
    open: bool,
) -> Result<(), StorageError> {
    if bills.is_empty() {
        return Ok(());
    }
    let update = scope
        .update::<bill::Entity>()
        .filter_in(bill::Column::Id, bills.iter().map(|bill| bill.as_uuid()))
        .set(bill::Column::LateFeeOpen, open);
    update.exec().await.map(drop)
}

/// Marks a bill as voided; nothing of it is settled any more.
pub(crate) async fn void(
    scope: &TenantScope,
    id: BillId,
    on: NaiveDate,
    reason: &str,
) -> Result<(), StorageError> {
    use bill::Column as C;
    let update = scope
        .update::<bill::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::VoidedOn, on)
        .set(C::VoidReason, reason)
        .set(C::Settled, 0)
        .set(C::Prepaid, 0)
        .set(C::Waived, 0)
        .set(C::LateFeeOpen, false);
    update.exec().await.map(drop)
}

/// Whether a bill was issued in place of this one.
pub(super) async fn is_replaced(scope: &TenantScope, id: BillId) -> Result<bool, StorageError> {
    let found = scope.find::<bill::Entity>().filter(bill::Column::Replaces.eq(id.as_uuid()));
    Ok(found.count().await? > 0)
}

/// The lines of some bills, by month, fee item and day.
pub(crate) async fn lines_of(
    scope: &TenantScope,
    bills: &[BillId],
) -> Result<Vec<Line>, StorageError> {
    use charge::Column as C;
    let found = scope
        .find::<charge::Entity>()
        .filter_in(C::BillId, bills.iter().map(|bill| bill.as_uuid()))
        .asc(C::Month)
        .asc(C::ItemId)
        .asc(C::FromDay);
    found.all().await?.into_iter().map(read_line).collect()
}

/// Which bills a list is of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Only those of this estate.
    pub(crate) estate: Option<EstateId>,
    /// Only those of this account.
    pub(crate) account: Option<BillingAccountId>,
    /// Only those of this unit.
    pub(crate) unit: Option<UnitId>,
    /// Only those of accounts of this person.
    pub(crate) party: Option<Uuid>,
    /// Only those of units in these buildings.
    pub(crate) zone: Option<Vec<Uuid>>,
}

/// A page of bills, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: &Wanted,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Bill>, StorageError> {
    use bill::Column as C;
    let mut found = scope
        .find::<bill::Entity>()
        .filter_by(wanted.estate, |estate| C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.account, |account| C::AccountId.eq(account.as_uuid()))
        .filter_by(wanted.unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(wanted.zone.clone(), |zone| scope.among(C::BuildingId, zone))
        .filter_by(before, |before| C::Id.lt(before));
    if let Some(party) = wanted.party {
        let own = crate::accounts::of_party(scope, party).await?;
        found = found.filter_in(C::AccountId, own.iter().map(|account| account.id.as_uuid()));
    }
    found.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Whose bills a page is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum BillsOf {
    /// Those for a unit.
    Unit(UnitId),
    /// Those of an account.
    Account(BillingAccountId),
}

/// A page of the bills of each of several owners in one estate, newest first, as far as a right to
/// read covers them: at most two statements, whatever the number of owners.
pub(crate) async fn pages(
    scope: &TenantScope,
    permit: &EstateScope,
    owners: &[BillsOf],
    (before, limit): (Option<Uuid>, u64),
) -> Result<HashMap<BillsOf, Vec<Bill>>, StorageError> {
    let own = match permit.own_person() {
        Some(person) => Some(crate::accounts::of_party(scope, person).await?),
        None => None,
    };
    let own = own.map(|all| all.into_iter().map(|account| account.id.as_uuid()).collect());
    let mut found: HashMap<BillsOf, Vec<Bill>> = HashMap::new();
    for (column, ids) in by_column(owners) {
        let mut values: Vec<sea_orm::Value> = vec![
            permit.estate().as_uuid().into(),
            before.unwrap_or(Uuid::max()).into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ];
        let mut among = |column: &str, ids: Option<Vec<Uuid>>| {
            let ids = ids.map(|ids| scope.one_of(&mut values, ids));
            ids.map_or_else(String::new, |ids| format!(" AND {column} {ids}"))
        };
        let restricted = [
            among(column, Some(ids)),
            among("account_id", own.clone()),
            among("building_id", permit.zone().map(<[_]>::to_vec)),
        ];
        let sql = format!(
            "SELECT * FROM (SELECT b.*, ROW_NUMBER() OVER (PARTITION BY {column} ORDER BY id DESC) \
             AS place FROM bills b WHERE tenant_id = $1 AND estate_id = $2 AND id < $3{}) ranked \
             WHERE place <= $4 ORDER BY id DESC",
            restricted.concat()
        );
        for row in scope.rows::<bill::Model>(&sql, values).await? {
            let bill = read(row)?;
            let owner = match (column, bill.unit) {
                ("unit_id", Some(unit)) => BillsOf::Unit(unit),
                _ => BillsOf::Account(bill.account),
            };
            found.entry(owner).or_default().push(bill);
        }
    }
    Ok(found)
}

fn by_column(owners: &[BillsOf]) -> BTreeMap<&'static str, Vec<Uuid>> {
    let mut columns: BTreeMap<&'static str, Vec<Uuid>> = BTreeMap::new();
    for owner in owners {
        let (column, id) = match owner {
            BillsOf::Unit(unit) => ("unit_id", unit.as_uuid()),
            BillsOf::Account(account) => ("account_id", account.as_uuid()),
        };
        columns.entry(column).or_default().push(id);
    }
    columns
}

#[derive(FromQueryResult)]
struct TakenRow {
    account_id: Uuid,
    source: String,
    from_day: NaiveDate,
    to_day: NaiveDate,
    amount: i64,
    voided: bool,
    credited_from: Option<NaiveDate>,
    credited: Option<i64>,
}

impl TakenRow {
    /// The line as it stands: without the days that a settlement at leaving has credited. One that
    /// was credited whole is as good as voided.
    fn standing(self) -> Taken {
        let whole = self.credited_from.is_some_and(|day| day <= self.from_day);
        let before = self.credited_from.filter(|_| !whole).and_then(|day| day.pred_opt());
        Taken {
            account: BillingAccountId::from_uuid(self.account_id),
            source: self.source,
            from: self.from_day,
            to: before.unwrap_or(self.to_day),
            amount: Fen(self.amount - self.credited.filter(|_| !whole).unwrap_or_default()),
            voided: self.voided || whole,
        }
    }
}

/// Every line of these sources in the months from `first` to `last`, voided ones too.
pub(crate) async fn taken(
    scope: &TenantScope,
    sources: &[String],
    first: BillingMonth,
    last: BillingMonth,
) -> Result<Vec<Taken>, StorageError> {
    let mut taken = Vec::new();
    for part in sources.chunks(500) {
        let mut values = vec![first.first().into(), last.first().into()];
        let sources = scope.one_of(&mut values, part.iter().map(String::as_str));
        let sql = format!(
            "SELECT c.account_id, c.source, c.from_day, c.to_day, c.amount, \
             b.voided_on IS NOT NULL AS voided, n.from_day AS credited_from, n.amount AS credited \
             FROM charges c JOIN bills b ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
             LEFT JOIN credit_notes n ON n.tenant_id = c.tenant_id AND n.charge_id = c.id \
             WHERE c.tenant_id = $1 AND c.month BETWEEN $2 AND $3 AND c.source {sources}"
        );
        let rows: Vec<TakenRow> = scope.rows(&sql, values).await?;
        taken.extend(rows.into_iter().map(TakenRow::standing));
    }
    Ok(taken)
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// What stands charged in an estate by prices for a month, less what was credited at leaving.
pub(crate) async fn charged_in(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
) -> Result<Fen, StorageError> {
    let sql = "SELECT CAST(COALESCE(SUM(c.amount - COALESCE(n.amount, 0)), 0) AS BIGINT) AS amount \
               FROM charges c JOIN bills b ON b.tenant_id = c.tenant_id AND b.id = c.bill_id \
               LEFT JOIN credit_notes n ON n.tenant_id = c.tenant_id AND n.charge_id = c.id \
               WHERE c.tenant_id = $1 AND c.estate_id = $2 AND c.month = $3 \
               AND c.standard_id IS NOT NULL AND b.voided_on IS NULL";
    let rows: Vec<Sum> = scope.rows(sql, [estate.as_uuid().into(), month.first().into()]).await?;
    Ok(Fen(rows.first().map_or(0, |row| row.amount)))
}

fn month(day: NaiveDate) -> Result<BillingMonth, StorageError> {
    BillingMonth::of(day).map_err(|error| StorageError::unreadable(error.to_string()))
}

pub(super) fn read(row: bill::Model) -> Result<Bill, StorageError> {
    Ok(Bill {
        id: BillId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id.map(BuildingId::from_uuid),
        run: row.run_id.map(BillRunId::from_uuid),
        entry: EntryId::from_uuid(row.entry_id),
        first_month: month(row.first_month)?,
        last_month: month(row.last_month)?,
        issued_on: row.issued_on,
        due: row.due,
        total: Fen(row.total),
        settled: Fen(row.settled),
        prepaid: Fen(row.prepaid),
        waived: Fen(row.waived),
        voided_on: row.voided_on,
        void_reason: row.void_reason,
        replaces: row.replaces.map(BillId::from_uuid),
    })
}

pub(super) fn read_line(row: charge::Model) -> Result<Line, StorageError> {
    Ok(Line {
        id: ChargeId::from_uuid(row.id),
        bill: BillId::from_uuid(row.bill_id),
        charge: NewLine {
            item: FeeItemId::from_uuid(row.item_id),
            source: row.source,
            standard: row.standard_id.map(FeeStandardId::from_uuid),
            payer: stored::read_word(&row.payer)?,
            month: month(row.month)?,
            from: row.from_day,
            to: row.to_day,
            amount: Fen(row.amount),
            explanation: row.explanation.as_deref().map(stored::read_json).transpose()?,
            description: row.description,
        },
        revision: row.revision,
    })
}
