//! Documents in the database.

use super::domain::{Document, DocumentKind, VerifyCode};
use crate::{
    charges::BillingMonth,
    ids::{BillId, BillingAccountId, DocumentId},
};
use authz::UserId;
use db::{Db, StorageError, TenantScope, stored, tenant_owned};
use ids::{EstateId, TenantId};
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Option<Uuid>,
        pub kind: String,
        pub subject: Uuid,
        pub detail: String,
        pub number: String,
        pub code: String,
        pub amount: i64,
        pub currency: String,
        pub issued_at: DateTimeUtc,
        pub issued_by: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A document by its id.
pub(super) async fn find(
    scope: &TenantScope,
    id: DocumentId,
) -> Result<Option<Document>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// The documents of a kind and detail that some subjects have already.
pub(super) async fn of_subjects(
    scope: &TenantScope,
    kind: DocumentKind,
    detail: &str,
    subjects: impl IntoIterator<Item = Uuid> + Send,
) -> Result<HashMap<Uuid, Document>, StorageError> {
    use row::Column as C;
    let found = scope
        .find::<row::Entity>()
        .filter(C::Kind.eq(stored::word(kind)?))
        .filter(C::Detail.eq(detail))
        .filter_in(C::Subject, subjects);
    let found = found.all().await?.into_iter().map(read);
    found.map(|document| document.map(|it| (it.subject, it))).collect()
}

/// Keeps new documents and where their codes lead.
pub(super) async fn insert(
    scope: &TenantScope,
    documents: &[Document],
) -> Result<(), StorageError> {
    let rows: Vec<_> = documents.iter().map(written).collect::<Result<_, _>>()?;
    scope.insert_all(rows).await?;
    for document in documents {
        let sql = "INSERT INTO document_codes (tenant_id, document_id, code) VALUES ($1, $2, $3)";
        let values = [document.id.as_uuid().into(), document.code.as_str().into()];
        scope.execute(sql, values).await?;
    }
    Ok(())
}

fn written(document: &Document) -> Result<row::ActiveModel, StorageError> {
    Ok(row::ActiveModel {
        id: Set(document.id.as_uuid()),
        estate_id: Set(document.estate.as_uuid()),
        account_id: Set(document.account.map(BillingAccountId::as_uuid)),
        kind: Set(stored::word(document.kind)?),
        subject: Set(document.subject),
        detail: Set(document.detail.clone()),
        number: Set(document.number.clone()),
        code: Set(document.code.as_str().to_owned()),
        amount: Set(document.amount.0),
        currency: Set(document.currency.to_string()),
        issued_at: Set(document.issued_at),
        issued_by: Set(document.issued_by.map(UserId::as_uuid)),
        ..Default::default()
    })
}

#[derive(FromQueryResult)]
struct Counter {
    last: i64,
}

/// Takes the next `many` numbers of a sequence; the last of them.
pub(super) async fn next(
    scope: &TenantScope,
    estate: EstateId,
    kind: DocumentKind,
    month: BillingMonth,
    many: i64,
) -> Result<i64, StorageError> {
    let sql = "INSERT INTO document_counters (tenant_id, estate_id, kind, month, last) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, estate_id, kind, month) \
               DO UPDATE SET last = document_counters.last + $5 RETURNING last";
    let kind = stored::word(kind)?;
    let values = [estate.as_uuid().into(), kind.into(), month.to_string().into(), many.into()];
    let rows: Vec<Counter> = scope.rows(sql, values).await?;
    let last = rows.first().map(|row| row.last);
    last.ok_or_else(|| StorageError::unreadable("the sequence of documents"))
}

#[derive(FromQueryResult)]
struct Place {
    tenant_id: Uuid,
    document_id: Uuid,
}

/// Where a code leads.
pub(super) async fn place(
    db: &Db,
    code: &VerifyCode,
) -> Result<Option<(TenantId, DocumentId)>, StorageError> {
    let sql = "SELECT tenant_id, document_id FROM document_codes WHERE code = $1";
    let rows: Vec<Place> = db.worker().rows(sql, [code.as_str().into()]).await?;
    let place =
        |row: Place| (TenantId::from_uuid(row.tenant_id), DocumentId::from_uuid(row.document_id));
    Ok(rows.into_iter().next().map(place))
}

#[derive(FromQueryResult)]
struct Debt {
    bill_id: Uuid,
    amount: i64,
}

/// What the account of each bill owes of bills for earlier months.
pub(super) async fn previous_debts(
    scope: &TenantScope,
    bills: &[BillId],
) -> Result<HashMap<BillId, Fen>, StorageError> {
    let mut values = Vec::new();
    let among = scope.one_of(&mut values, bills.iter().map(|bill| bill.as_uuid()));
    let sql = format!(
        "SELECT b.id AS bill_id, CAST(SUM(o.total - o.settled) AS BIGINT) AS amount FROM bills b \
         JOIN bills o ON o.tenant_id = b.tenant_id AND o.account_id = b.account_id \
         AND o.first_month < b.first_month AND o.voided_on IS NULL \
         WHERE b.tenant_id = $1 AND b.id {among} GROUP BY b.id"
    );
    let rows: Vec<Debt> = scope.rows(&sql, values).await?;
    Ok(rows.into_iter().map(|row| (BillId::from_uuid(row.bill_id), Fen(row.amount))).collect())
}

fn read(row: row::Model) -> Result<Document, StorageError> {
    let unreadable =
        |what: &str| StorageError::unreadable(format!("{what} of document {}", row.id));
    Ok(Document {
        id: DocumentId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: row.account_id.map(BillingAccountId::from_uuid),
        kind: stored::read_word(&row.kind)?,
        subject: row.subject,
        code: VerifyCode::read(&row.code).ok_or_else(|| unreadable("code"))?,
        currency: row.currency.parse().map_err(|_| unreadable("currency"))?,
        detail: row.detail,
        number: row.number,
        amount: Fen(row.amount),
        issued_at: row.issued_at,
        issued_by: row.issued_by.map(UserId::from_uuid),
    })
}
