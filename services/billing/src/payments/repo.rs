//! Payments in the database.

use super::{Payment, PaymentState, payment::Online};
use crate::{
    ids::{BillId, BillingAccountId, DepositId, MerchantId, PaymentId},
    ledger::{Allocated, Toward},
};
use authz::UserId;
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payments")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub till: String,
        pub amount: i64,
        pub currency: String,
        pub submitted: bool,
        pub unanswered: bool,
        pub failed: bool,
        pub received: bool,
        pub refunded: i64,
        pub designated: String,
        pub prepaid: i64,
        pub prepaid_refunded: i64,
        pub entered_by: Uuid,
        pub taken_by: Option<Uuid>,
        pub channel_reference: Option<String>,
        pub merchant_id: Option<Uuid>,
        pub page: Option<String>,
        pub checkout_id: Option<String>,
        pub checkout_url: Option<String>,
        pub provider_payment: Option<String>,
        pub method: Option<String>,
        pub created_at: DateTimeUtc,
        pub received_at: Option<DateTimeUtc>,
        pub deposit_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod part_row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payment_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub payment_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i32,
        pub bill_id: Uuid,
        pub amount: i64,
        pub refunded: i64,
        pub late_fee: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, part_row);

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// What one bill got of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its place in the order of settlement, from 0.
    pub position: i32,
    /// The bill.
    pub bill: BillId,
    /// Its principal or its late fee.
    pub toward: Toward,
    /// What it got.
    pub amount: Fen,
    /// How much of that went back.
    pub refunded: Fen,
}

/// The payments of one company.
pub struct Payments<'s>(pub &'s TenantScope);

impl Payments<'_> {
    /// Adds a payment.
    pub async fn insert(&self, payment: &Payment) -> Result<(), StorageError> {
        let online = payment.online.as_ref();
        self.0
            .insert(row::ActiveModel {
                id: Set(payment.id.as_uuid()),
                estate_id: Set(payment.estate.as_uuid()),
                account_id: Set(payment.account.as_uuid()),
                till: Set(stored::word(payment.till)?),
                amount: Set(payment.state.amount.0),
                currency: Set(payment.currency.to_string()),
                submitted: Set(payment.state.submitted),
                unanswered: Set(payment.state.unanswered),
                failed: Set(payment.state.failed),
                received: Set(payment.state.received),
                refunded: Set(payment.state.refunded.0),
                designated: Set(stored::json(&payment.designated)?),
                prepaid: Set(payment.prepaid.0),
                prepaid_refunded: Set(payment.prepaid_refunded.0),
                entered_by: Set(payment.entered_by.as_uuid()),
                taken_by: Set(payment.taken_by.map(UserId::as_uuid)),
                channel_reference: Set(payment.channel_reference.clone()),
                merchant_id: Set(online.map(|o| o.merchant.as_uuid())),
                page: Set(online.map(|o| stored::json(&o.page)).transpose()?),
                checkout_id: Set(online.and_then(|o| o.checkout_id.clone())),
                checkout_url: Set(online.and_then(|o| o.checkout_url.clone())),
                provider_payment: Set(online.and_then(|o| o.provider_payment.clone())),
                method: Set(online.and_then(|o| o.method.clone())),
                created_at: Set(payment.created_at),
                received_at: Set(payment.received_at),
                deposit_id: Set(payment.deposit.map(DepositId::as_uuid)),
                ..Default::default()
            })
            .await
    }

    /// Writes what may change of a payment that was locked.
    pub async fn save(&self, payment: &Payment) -> Result<(), StorageError> {
        use row::Column as C;
        let online = payment.online.as_ref();
        self.0
            .update::<row::Entity>()
            .set(C::Submitted, payment.state.submitted)
            .set(C::Unanswered, payment.state.unanswered)
            .set(C::Failed, payment.state.failed)
            .set(C::Received, payment.state.received)
            .set(C::Refunded, payment.state.refunded.0)
            .set(C::Prepaid, payment.prepaid.0)
            .set(C::PrepaidRefunded, payment.prepaid_refunded.0)
            .set(C::CheckoutId, online.and_then(|o| o.checkout_id.clone()))
            .set(C::CheckoutUrl, online.and_then(|o| o.checkout_url.clone()))
            .set(C::ProviderPayment, online.and_then(|o| o.provider_payment.clone()))
            .set(C::Method, online.and_then(|o| o.method.clone()))
            .set(C::ReceivedAt, payment.received_at)
            .filter(C::Id.eq(payment.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    /// The payment, if there is one.
    pub async fn find(&self, id: PaymentId) -> Result<Option<Payment>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(payment).transpose()
    }

    /// Payments by their ids.
    pub async fn by_ids(
        &self,
        ids: impl IntoIterator<Item = PaymentId> + Send,
    ) -> Result<Vec<Payment>, StorageError> {
        let ids = ids.into_iter().map(PaymentId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::Id, ids);
        rows.all().await?.into_iter().map(payment).collect()
    }

    /// The payment whose money is held as this deposit, if it was paid online.
    pub async fn held_as(&self, deposit: DepositId) -> Result<Option<Payment>, StorageError> {
        use row::Column as C;
        let rows = self.0.find::<row::Entity>().filter(C::DepositId.eq(deposit.as_uuid()));
        rows.filter(C::Received.eq(true))
            .filter(C::Prepaid.eq(0))
            .one()
            .await?
            .map(payment)
            .transpose()
    }

    /// The payment, held until the transaction ends.
    pub async fn lock(&self, id: PaymentId) -> Result<Option<Payment>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(payment).transpose()
    }

    /// The payments of these accounts in these estates (`None`: any), newest first, and one more than the page has.
    pub async fn of_accounts(
        &self,
        accounts: impl IntoIterator<Item = BillingAccountId> + Send,
        estates: Option<Vec<EstateId>>,
        page: &PageArgs,
    ) -> Result<Vec<Payment>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<PaymentId>().ok());
        let accounts = accounts.into_iter().map(BillingAccountId::as_uuid);
        let rows = self
            .0
            .find::<row::Entity>()
            .filter_in(C::AccountId, accounts)
            .filter_by(estates, |each| {
                self.0.among(C::EstateId, each.into_iter().map(EstateId::as_uuid))
            })
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(payment).collect()
    }

    /// Notes what the bills got, in this order.
    pub async fn insert_parts(
        &self,
        payment: PaymentId,
        parts: &[Allocated],
    ) -> Result<(), StorageError> {
        let row = |(position, part): (i32, &Allocated)| part_row::ActiveModel {
            payment_id: Set(payment.as_uuid()),
            position: Set(position),
            bill_id: Set(part.bill.as_uuid()),
            amount: Set(part.amount.0),
            refunded: Set(0),
            late_fee: Set(part.toward == Toward::LateFee),
            ..Default::default()
        };
        let rows: Vec<_> = (0..).zip(parts).map(row).collect();
        self.0.insert_all(rows).await
    }

    /// What the bills got, in the order of settlement.
    pub async fn parts(&self, payment: PaymentId) -> Result<Vec<Part>, StorageError> {
        let parts = self.parts_of([payment]).await?;
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// What the bills got of each of these payments, in the order of settlement.
    pub async fn parts_of(
        &self,
        payments: impl IntoIterator<Item = PaymentId> + Send,
    ) -> Result<Vec<(PaymentId, Part)>, StorageError> {
        use part_row::Column as C;
        let payments = payments.into_iter().map(PaymentId::as_uuid);
        let rows = self.0.find::<part_row::Entity>().filter_in(C::PaymentId, payments);
        let part = |row: part_row::Model| {
            let part = Part {
                position: row.position,
                bill: BillId::from_uuid(row.bill_id),
                toward: if row.late_fee { Toward::LateFee } else { Toward::Principal },
                amount: Fen(row.amount),
                refunded: Fen(row.refunded),
            };
            (PaymentId::from_uuid(row.payment_id), part)
        };
        Ok(rows.asc(C::Position).all().await?.into_iter().map(part).collect())
    }

    /// The accounts of a person.
    pub async fn accounts_of(&self, person: Uuid) -> Result<Vec<BillingAccountId>, StorageError> {
        let sql = "SELECT id FROM billing_accounts WHERE tenant_id = $1 AND party_id = $2";
        let rows: Vec<Id> = self.0.rows(sql, [person.into()]).await?;
        Ok(rows.into_iter().map(|row| BillingAccountId::from_uuid(row.id)).collect())
    }

    /// Notes that `amount` of a part went back.
    pub async fn give_back(
        &self,
        payment: PaymentId,
        part: Part,
        amount: Fen,
    ) -> Result<(), StorageError> {
        use part_row::Column as C;
        self.0
            .update::<part_row::Entity>()
            .set(C::Refunded, (part.refunded + amount).0)
            .filter(C::PaymentId.eq(payment.as_uuid()))
            .filter(C::Position.eq(part.position))
            .exec()
            .await
            .map(drop)
    }
}

fn payment(row: row::Model) -> Result<Payment, StorageError> {
    let online = match (row.merchant_id, &row.page) {
        (Some(merchant), Some(page)) => Some(Online {
            merchant: MerchantId::from_uuid(merchant),
            page: stored::read_json(page)?,
            checkout_id: row.checkout_id.clone(),
            checkout_url: row.checkout_url.clone(),
            provider_payment: row.provider_payment.clone(),
            method: row.method.clone(),
        }),
        _ => None,
    };
    Ok(Payment {
        id: PaymentId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        till: stored::read_word(&row.till)?,
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        state: PaymentState {
            amount: Fen(row.amount),
            submitted: row.submitted,
            unanswered: row.unanswered,
            failed: row.failed,
            received: row.received,
            refunded: Fen(row.refunded),
        },
        designated: stored::read_json(&row.designated)?,
        deposit: row.deposit_id.map(DepositId::from_uuid),
        prepaid: Fen(row.prepaid),
        prepaid_refunded: Fen(row.prepaid_refunded),
        entered_by: UserId::from_uuid(row.entered_by),
        taken_by: row.taken_by.map(UserId::from_uuid),
        channel_reference: row.channel_reference,
        online,
        created_at: row.created_at,
        received_at: row.received_at,
    })
}
