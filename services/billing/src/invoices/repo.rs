//! Invoices in the database.

use super::domain::{Buyer, Invoice, InvoiceLine, InvoiceState};
use crate::ids::{BillId, BillingAccountId, ChargeId, FeeItemId, InvoiceId, UserId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::{Fen, Rate};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashSet;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoices")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub state: String,
        pub credits_id: Option<Uuid>,
        pub buyer: String,
        pub buyer_number: Option<String>,
        pub seller: String,
        pub gross: i64,
        pub net: i64,
        pub tax: i64,
        pub currency: String,
        pub reason: Option<String>,
        pub requested_by: Uuid,
        pub requested_at: DateTimeUtc,
        pub exported_at: Option<DateTimeUtc>,
        pub number: Option<String>,
        pub issued_on: Option<Date>,
        pub link: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod line {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_lines")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub charge_id: Option<Uuid>,
        pub bill_id: Uuid,
        pub item_id: Uuid,
        pub text: String,
        pub class_name: String,
        pub code: String,
        pub rate: i64,
        pub gross: i64,
        pub net: i64,
        pub tax: i64,
        pub holds: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, line);

/// Enters an invoice; the lines of a blue one are on no other from now on.
pub(super) async fn insert(
    scope: &TenantScope,
    invoice: &Invoice,
    lines: &[InvoiceLine],
) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(invoice.id.as_uuid()),
            estate_id: Set(invoice.estate.as_uuid()),
            account_id: Set(invoice.account.as_uuid()),
            state: Set(stored::word(invoice.state)?),
            credits_id: Set(invoice.credits.map(InvoiceId::as_uuid)),
            buyer: Set(invoice.buyer.name.clone()),
            buyer_number: Set(invoice.buyer.tax_number.clone()),
            seller: Set(stored::json(&invoice.seller)?),
            gross: Set(invoice.gross.0),
            net: Set(invoice.net.0),
            tax: Set(invoice.tax.0),
            currency: Set(invoice.currency.to_string()),
            reason: Set(invoice.reason.clone()),
            requested_by: Set(invoice.requested_by.as_uuid()),
            requested_at: Set(invoice.requested_at),
            exported_at: Set(invoice.exported_at),
            number: Set(invoice.number.clone()),
            issued_on: Set(invoice.issued_on),
            link: Set(invoice.link.clone()),
            ..Default::default()
        })
        .await?;
    let row = |(position, line): (i32, &InvoiceLine)| line::ActiveModel {
        invoice_id: Set(invoice.id.as_uuid()),
        position: Set(position),
        charge_id: Set(line.charge.map(ChargeId::as_uuid)),
        bill_id: Set(line.bill.as_uuid()),
        item_id: Set(line.item.as_uuid()),
        text: Set(line.text.clone()),
        class_name: Set(line.class_name.clone()),
        code: Set(line.code.clone()),
        rate: Set(line.rate.0),
        gross: Set(line.gross.0),
        net: Set(line.net.0),
        tax: Set(line.tax.0),
        holds: Set(invoice.credits.is_none()),
        ..Default::default()
    };
    scope.insert_all((0..).zip(lines).map(row)).await
}

/// Writes what may change of an invoice that was locked.
pub(super) async fn save(scope: &TenantScope, invoice: &Invoice) -> Result<(), StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(invoice.state)?)
        .set(C::Reason, invoice.reason.clone())
        .set(C::ExportedAt, invoice.exported_at)
        .set(C::Number, invoice.number.clone())
        .set(C::IssuedOn, invoice.issued_on)
        .set(C::Link, invoice.link.clone())
        .filter(C::Id.eq(invoice.id.as_uuid()));
    update.exec().await?;
    if !invoice.state.holds() {
        release(scope, invoice.id).await?;
    }
    Ok(())
}

/// The lines of an invoice may be on another again.
pub(super) async fn release(scope: &TenantScope, id: InvoiceId) -> Result<(), StorageError> {
    let lines = scope.update::<line::Entity>().set(line::Column::Holds, false);
    lines.filter(line::Column::InvoiceId.eq(id.as_uuid())).exec().await.map(drop)
}

pub(super) async fn find(
    scope: &TenantScope,
    id: InvoiceId,
) -> Result<Option<Invoice>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

pub(super) async fn lock(
    scope: &TenantScope,
    id: InvoiceId,
) -> Result<Option<Invoice>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
    found.one().await?.map(read).transpose()
}

/// The requests of an estate that wait to be handed over, oldest first, held until the transaction
/// ends.
pub(super) async fn lock_requested(
    scope: &TenantScope,
    estate: EstateId,
    limit: u64,
) -> Result<Vec<Invoice>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(C::State.eq(stored::word(InvoiceState::Requested)?))
        .asc(C::Id)
        .limit(limit)
        .lock();
    found.all().await?.into_iter().map(read).collect()
}

/// The lines of some invoices in their order.
pub(super) async fn lines_of(
    scope: &TenantScope,
    invoices: impl IntoIterator<Item = InvoiceId>,
) -> Result<Vec<(InvoiceId, InvoiceLine)>, StorageError> {
    use line::Column as C;
    let ids = invoices.into_iter().map(InvoiceId::as_uuid);
    let rows = scope.find::<line::Entity>().filter_in(C::InvoiceId, ids);
    let rows = rows.asc(C::InvoiceId).asc(C::Position).all().await?;
    Ok(rows.into_iter().map(read_line).collect())
}

/// What of some bills is on an invoice that holds it: the charge, or none for the late fee.
pub(super) async fn held(
    scope: &TenantScope,
    bills: &[BillId],
) -> Result<Vec<(BillId, Option<ChargeId>, Fen)>, StorageError> {
    use line::Column as C;
    let rows = scope.find::<line::Entity>().filter(C::Holds.eq(true));
    let rows = rows.filter_in(C::BillId, bills.iter().map(|bill| bill.as_uuid())).all().await?;
    let held = |row: line::Model| {
        (BillId::from_uuid(row.bill_id), row.charge_id.map(ChargeId::from_uuid), Fen(row.gross))
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Which invoices a list is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub estate: Option<EstateId>,
    pub accounts: Option<Vec<BillingAccountId>>,
    pub state: Option<InvoiceState>,
    /// Only those whose money went back and that are not credited.
    pub credit_due: bool,
}

/// A page of invoices, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    wanted: &Wanted,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Invoice>, StorageError> {
    use row::Column as C;
    let mut found = scope
        .find::<row::Entity>()
        .filter_by(wanted.estate, |estate| C::EstateId.eq(estate.as_uuid()))
        .filter_by(wanted.state.map(stored::word).transpose()?, |state| C::State.eq(state))
        .filter_by(before, |before| C::Id.lt(before));
    if let Some(accounts) = &wanted.accounts {
        found = found.filter_in(C::AccountId, accounts.iter().map(|account| account.as_uuid()));
    }
    if wanted.credit_due {
        let due = due(scope, wanted.estate, None).await?;
        found = found.filter_in(C::Id, due);
    }
    found.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// The invoices whose money went back, so that more is invoiced of a bill than was paid, or whose bill
/// was voided, and that no credit invoice takes back yet: of an estate, or out of some.
pub(super) async fn due(
    scope: &TenantScope,
    estate: Option<EstateId>,
    out_of: Option<&[InvoiceId]>,
) -> Result<HashSet<Uuid>, StorageError> {
    let mut values = Vec::new();
    let mut only = String::new();
    if let Some(estate) = estate {
        values.push(estate.as_uuid().into());
        only.push_str(" AND i.estate_id = $2");
    }
    if let Some(ids) = out_of {
        let ids = scope.one_of(&mut values, ids.iter().map(|id| id.as_uuid()));
        only = format!("{only} AND i.id {ids}");
    }
    let of_bill = "FROM invoice_lines h WHERE h.tenant_id = l.tenant_id AND h.bill_id = l.bill_id AND h.holds";
    let sql = format!(
        "SELECT DISTINCT i.id FROM invoices i \
         JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id AND l.holds \
         JOIN bills b ON b.tenant_id = l.tenant_id AND b.id = l.bill_id \
         WHERE i.tenant_id = $1 AND i.state IN ('REQUESTED', 'EXPORTED', 'ISSUED') \
         AND (b.voided_on IS NOT NULL \
           OR (l.charge_id IS NOT NULL AND b.settled - b.waived < \
             (SELECT SUM(h.gross) {of_bill} AND h.charge_id IS NOT NULL)) \
           OR (l.charge_id IS NULL AND (SELECT SUM(h.gross) {of_bill} AND h.charge_id IS NULL) > \
             (SELECT COALESCE(SUM(s.amount), 0) FROM bill_settlements s WHERE s.tenant_id = l.tenant_id \
               AND s.bill_id = l.bill_id AND s.toward = 'LATE_FEE' AND s.means <> 'WAIVER'))){only} \
         AND NOT EXISTS (SELECT 1 FROM invoices c WHERE c.tenant_id = i.tenant_id \
           AND c.credits_id = i.id AND c.state IN ('REQUESTED', 'EXPORTED', 'ISSUED'))"
    );
    let rows: Vec<Id> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Whether a bill holds deposits: what its entry credited to the liability.
pub(super) async fn has_deposit(
    scope: &TenantScope,
    bills: &[crate::ids::EntryId],
) -> Result<bool, StorageError> {
    let mut values = Vec::new();
    let among = scope.one_of(&mut values, bills.iter().map(|entry| entry.as_uuid()));
    let sql = format!(
        "SELECT entry_id AS id FROM ledger_lines WHERE tenant_id = $1 AND code = '2241' \
         AND entry_id {among}"
    );
    let rows: Vec<Id> = scope.rows(&sql, values).await?;
    Ok(!rows.is_empty())
}

fn read_line(row: line::Model) -> (InvoiceId, InvoiceLine) {
    let line = InvoiceLine {
        charge: row.charge_id.map(ChargeId::from_uuid),
        bill: BillId::from_uuid(row.bill_id),
        item: FeeItemId::from_uuid(row.item_id),
        text: row.text,
        class_name: row.class_name,
        code: row.code,
        rate: Rate(row.rate),
        gross: Fen(row.gross),
        net: Fen(row.net),
        tax: Fen(row.tax),
    };
    (InvoiceId::from_uuid(row.invoice_id), line)
}

fn read(row: row::Model) -> Result<Invoice, StorageError> {
    Ok(Invoice {
        id: InvoiceId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        state: stored::read_word(&row.state)?,
        credits: row.credits_id.map(InvoiceId::from_uuid),
        buyer: Buyer { name: row.buyer, tax_number: row.buyer_number },
        seller: stored::read_json(&row.seller)?,
        gross: Fen(row.gross),
        net: Fen(row.net),
        tax: Fen(row.tax),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        reason: row.reason,
        requested_by: UserId::from_uuid(row.requested_by),
        requested_at: row.requested_at,
        exported_at: row.exported_at,
        number: row.number,
        issued_on: row.issued_on,
        link: row.link,
    })
}
