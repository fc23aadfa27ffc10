//! Receipts in the database.

use crate::{
    charges::BillingMonth,
    ids::{BillingAccountId, ReceiptId},
    payments::ReceiptKind,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::{Currency, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "receipts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub kind: String,
        pub month: String,
        pub counter: i64,
        pub number: String,
        pub source: Uuid,
        pub payer: String,
        pub amount: i64,
        pub currency: String,
        pub lines: String,
        pub issued_at: DateTimeUtc,
        pub issued_by: Option<Uuid>,
        pub replaces: Option<Uuid>,
        pub voided_at: Option<DateTimeUtc>,
        pub voided_by: Option<Uuid>,
        pub void_reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A receipt as it was issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub id: ReceiptId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub kind: ReceiptKind,
    pub month: BillingMonth,
    pub counter: u32,
    pub number: String,
    /// The payment or refund.
    pub source: Uuid,
    pub payer: String,
    pub amount: Fen,
    pub currency: Currency,
    pub lines: Vec<Line>,
    pub issued_at: DateTime<Utc>,
    /// `None`: issued by itself when an online payment arrived.
    pub issued_by: Option<UserId>,
    pub replaces: Option<ReceiptId>,
    pub voided: Option<Voided>,
}

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub text: String,
    pub amount: Fen,
}

/// That and why a receipt no longer counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Voided {
    pub at: DateTime<Utc>,
    pub by: UserId,
    pub reason: String,
}

/// The receipts of one company.
pub(crate) struct Receipts<'s>(pub &'s TenantScope);

#[derive(FromQueryResult)]
struct Counter {
    last: i64,
}

impl Receipts<'_> {
    /// The next number of a sequence. Its row stays locked until the transaction ends: take it last.
    pub async fn next(
        &self,
        estate: EstateId,
        kind: ReceiptKind,
        month: BillingMonth,
    ) -> Result<u32, StorageError> {
        let sql = "INSERT INTO receipt_counters (tenant_id, estate_id, kind, month, last) \
                   VALUES ($1, $2, $3, $4, 1) ON CONFLICT (tenant_id, estate_id, kind, month) \
                   DO UPDATE SET last = receipt_counters.last + 1 RETURNING last";
        let values =
            [estate.as_uuid().into(), stored::word(kind)?.into(), month.to_string().into()];
        let rows: Vec<Counter> = self.0.rows(sql, values).await?;
        let last = rows.first().and_then(|row| u32::try_from(row.last).ok());
        last.ok_or_else(|| StorageError::unreadable("the receipt sequence is used up"))
    }

    pub async fn insert(&self, receipt: &Receipt) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(receipt.id.as_uuid()),
                estate_id: Set(receipt.estate.as_uuid()),
                account_id: Set(receipt.account.as_uuid()),
                kind: Set(stored::word(receipt.kind)?),
                month: Set(receipt.month.to_string()),
                counter: Set(receipt.counter.into()),
                number: Set(receipt.number.clone()),
                source: Set(receipt.source),
                payer: Set(receipt.payer.clone()),
                amount: Set(receipt.amount.0),
                currency: Set(receipt.currency.to_string()),
                lines: Set(stored::json(&receipt.lines)?),
                issued_at: Set(receipt.issued_at),
                issued_by: Set(receipt.issued_by.map(UserId::as_uuid)),
                replaces: Set(receipt.replaces.map(ReceiptId::as_uuid)),
                voided_at: Set(None),
                voided_by: Set(None),
                void_reason: Set(None),
                ..Default::default()
            })
            .await
    }

    pub async fn find(&self, id: ReceiptId) -> Result<Option<Receipt>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(receipt).transpose()
    }

    pub async fn lock(&self, id: ReceiptId) -> Result<Option<Receipt>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(receipt).transpose()
    }

    /// The receipts of payments and refunds, void ones too, oldest first.
    pub async fn of_sources(
        &self,
        sources: impl IntoIterator<Item = Uuid> + Send,
    ) -> Result<Vec<Receipt>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::Source, sources);
        rows.asc(row::Column::Month)
            .asc(row::Column::Counter)
            .all()
            .await?
            .into_iter()
            .map(receipt)
            .collect()
    }

    /// A page of the receipts of accounts, newest first, void ones too.
    pub async fn of_accounts(
        &self,
        accounts: impl IntoIterator<Item = BillingAccountId> + Send,
        before: Option<Uuid>,
        limit: u64,
    ) -> Result<Vec<Receipt>, StorageError> {
        use row::Column as C;
        let accounts = accounts.into_iter().map(BillingAccountId::as_uuid);
        let rows = self
            .0
            .find::<row::Entity>()
            .filter_in(C::AccountId, accounts)
            .filter_by(before, |before| C::Id.lt(before))
            .desc(C::Id)
            .limit(limit);
        rows.all().await?.into_iter().map(receipt).collect()
    }

    pub async fn void(&self, id: ReceiptId, voided: &Voided) -> Result<(), StorageError> {
        use row::Column as C;
        self.0
            .update::<row::Entity>()
            .set(C::VoidedAt, Some(voided.at))
            .set(C::VoidedBy, Some(voided.by.as_uuid()))
            .set(C::VoidReason, Some(voided.reason.clone()))
            .filter(C::Id.eq(id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }
}

fn receipt(row: row::Model) -> Result<Receipt, StorageError> {
    let wrong = |what: &str| StorageError::unreadable(format!("{what} of receipt {}", row.number));
    let voided = match (row.voided_at, row.voided_by, row.void_reason) {
        (Some(at), Some(by), Some(reason)) => {
            Some(Voided { at, by: UserId::from_uuid(by), reason })
        }
        _ => None,
    };
    Ok(Receipt {
        id: ReceiptId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        kind: stored::read_word(&row.kind)?,
        month: row.month.parse().map_err(|_| wrong("month"))?,
        counter: u32::try_from(row.counter).map_err(|_| wrong("counter"))?,
        source: row.source,
        payer: row.payer,
        amount: Fen(row.amount),
        currency: row.currency.parse().map_err(|_| wrong("currency"))?,
        lines: stored::read_json(&row.lines)?,
        issued_at: row.issued_at,
        issued_by: row.issued_by.map(UserId::from_uuid),
        replaces: row.replaces.map(ReceiptId::from_uuid),
        voided,
        number: row.number,
    })
}
