//! Settings, saved cards and tries in the database.

use super::domain::CardState;
use crate::ids::{BillId, BillingAccountId, MerchantId, PaymentId, SavedCardId};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use money::{Currency, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

mod setting {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auto_pay_settings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub from_prepayment: bool,
        pub set_by: Uuid,
        pub set_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod card {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auto_pay_cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: Uuid,
        pub merchant_id: Uuid,
        pub state: String,
        pub most: i64,
        pub currency: String,
        pub consent_version: i32,
        pub page: String,
        pub checkout_id: Option<String>,
        pub checkout_url: Option<String>,
        pub payer: Option<String>,
        pub card: Option<String>,
        pub given_by: Uuid,
        pub given_at: DateTimeUtc,
        pub active_at: Option<DateTimeUtc>,
        pub revoked_at: Option<DateTimeUtc>,
        pub revoked_by: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod attempt {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auto_pay_tries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub bill_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub card_id: Uuid,
        pub payment_id: Uuid,
        pub day: Date,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(setting, card, attempt);

/// The page on which a card is saved, kept word for word so that asking again asks the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CardPage {
    pub return_url: String,
    pub chinese: bool,
    pub expires_at: DateTime<Utc>,
}

/// A card that somebody consented to be charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Card {
    pub id: SavedCardId,
    pub account: BillingAccountId,
    pub merchant: MerchantId,
    pub state: CardState,
    /// The most that may be charged for one bill.
    pub most: Fen,
    pub currency: Currency,
    pub consent_version: i32,
    pub page: CardPage,
    pub checkout_id: Option<String>,
    pub checkout_url: Option<String>,
    /// The provider's names for payer and card, once it is saved.
    pub saved: Option<(String, String)>,
    pub given_by: UserId,
    pub given_at: DateTime<Utc>,
    pub active_at: Option<DateTime<Utc>>,
    pub revoked: Option<DateTime<Utc>>,
    /// Who revoked it; `None` when another card took its place.
    pub revoked_by: Option<UserId>,
}

/// Whether prepayment meets an account's bills by itself.
pub(super) async fn from_prepayment(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<bool, StorageError> {
    let found =
        scope.find::<setting::Entity>().filter(setting::Column::AccountId.eq(account.as_uuid()));
    Ok(found.one().await?.is_none_or(|row| row.from_prepayment))
}

/// Writes whether prepayment meets an account's bills by itself.
pub(super) async fn set_from_prepayment(
    scope: &TenantScope,
    account: BillingAccountId,
    wanted: bool,
    by: UserId,
) -> Result<(), StorageError> {
    use setting::Column as C;
    let row = setting::ActiveModel {
        account_id: Set(account.as_uuid()),
        from_prepayment: Set(wanted),
        set_by: Set(by.as_uuid()),
        set_at: Set(scope.now()),
        ..Default::default()
    };
    let changed = [C::FromPrepayment, C::SetBy, C::SetAt];
    scope.upsert([row], [C::TenantId, C::AccountId], changed).await
}

/// Which of these accounts keep their prepayment until they say what it is for.
pub(crate) async fn keeping_prepayment(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
) -> Result<HashSet<BillingAccountId>, StorageError> {
    let mut keeping = HashSet::new();
    for part in accounts.chunks(500) {
        let found = scope
            .find::<setting::Entity>()
            .filter(setting::Column::FromPrepayment.eq(false))
            .filter_in(setting::Column::AccountId, part.iter().map(|account| account.as_uuid()));
        let rows = found.all().await?.into_iter();
        keeping.extend(rows.map(|row| BillingAccountId::from_uuid(row.account_id)));
    }
    Ok(keeping)
}

/// Adds a card.
pub(super) async fn insert(scope: &TenantScope, it: &Card) -> Result<(), StorageError> {
    scope
        .insert(card::ActiveModel {
            id: Set(it.id.as_uuid()),
            account_id: Set(it.account.as_uuid()),
            merchant_id: Set(it.merchant.as_uuid()),
            state: Set(stored::word(it.state)?),
            most: Set(it.most.0),
            currency: Set(it.currency.to_string()),
            consent_version: Set(it.consent_version),
            page: Set(stored::json(&it.page)?),
            checkout_id: Set(None),
            checkout_url: Set(None),
            payer: Set(None),
            card: Set(None),
            given_by: Set(it.given_by.as_uuid()),
            given_at: Set(it.given_at),
            active_at: Set(None),
            revoked_at: Set(None),
            revoked_by: Set(None),
            ..Default::default()
        })
        .await
}

/// Writes what may change of a card that was locked.
pub(super) async fn save(scope: &TenantScope, it: &Card) -> Result<(), StorageError> {
    use card::Column as C;
    let (payer, saved) = it.saved.clone().unzip();
    let update = scope
        .update::<card::Entity>()
        .filter(C::Id.eq(it.id.as_uuid()))
        .set(C::State, stored::word(it.state)?)
        .set(C::CheckoutId, it.checkout_id.clone())
        .set(C::CheckoutUrl, it.checkout_url.clone())
        .set(C::Payer, payer)
        .set(C::Card, saved)
        .set(C::ActiveAt, it.active_at)
        .set(C::RevokedAt, it.revoked)
        .set(C::RevokedBy, it.revoked_by.map(UserId::as_uuid));
    update.exec().await.map(drop)
}

/// A card.
pub(super) async fn find(
    scope: &TenantScope,
    id: SavedCardId,
) -> Result<Option<Card>, StorageError> {
    let found = scope.find::<card::Entity>().filter(card::Column::Id.eq(id.as_uuid()));
    found.one().await?.map(read).transpose()
}

/// A card, held until the transaction ends; hold its account first.
pub(super) async fn lock(
    scope: &TenantScope,
    id: SavedCardId,
) -> Result<Option<Card>, StorageError> {
    let found = scope.find::<card::Entity>().filter(card::Column::Id.eq(id.as_uuid()));
    found.lock().one().await?.map(read).transpose()
}

/// The newest card of an account, whatever became of it.
pub(super) async fn newest(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<Card>, StorageError> {
    use card::Column as C;
    let found = scope.find::<card::Entity>().filter(C::AccountId.eq(account.as_uuid()));
    found.desc(C::GivenAt).desc(C::Id).limit(1).one().await?.map(read).transpose()
}

/// The cards of an account that are charged, or may come to be.
pub(super) async fn standing(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Vec<Card>, StorageError> {
    use card::Column as C;
    let found = scope
        .find::<card::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter_in(C::State, ["OPENED", "ACTIVE"]);
    found.asc(C::Id).lock().all().await?.into_iter().map(read).collect()
}

fn read(row: card::Model) -> Result<Card, StorageError> {
    Ok(Card {
        id: SavedCardId::from_uuid(row.id),
        account: BillingAccountId::from_uuid(row.account_id),
        merchant: MerchantId::from_uuid(row.merchant_id),
        state: stored::read_word(&row.state)?,
        most: Fen(row.most),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        consent_version: row.consent_version,
        page: stored::read_json(&row.page)?,
        checkout_id: row.checkout_id,
        checkout_url: row.checkout_url,
        saved: row.payer.zip(row.card),
        given_by: UserId::from_uuid(row.given_by),
        given_at: row.given_at,
        active_at: row.active_at,
        revoked: row.revoked_at,
        revoked_by: row.revoked_by.map(UserId::from_uuid),
    })
}

/// A try to charge a bill with a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tried {
    pub bill: BillId,
    pub number: i32,
    pub card: SavedCardId,
    pub payment: PaymentId,
    pub day: NaiveDate,
}

/// Writes a try.
pub(super) async fn insert_try(scope: &TenantScope, it: &Tried) -> Result<(), StorageError> {
    scope
        .insert(attempt::ActiveModel {
            bill_id: Set(it.bill.as_uuid()),
            number: Set(it.number),
            card_id: Set(it.card.as_uuid()),
            payment_id: Set(it.payment.as_uuid()),
            day: Set(it.day),
            ..Default::default()
        })
        .await
}

/// The tries of a bill, in order.
pub(super) async fn tries_of_bill(
    scope: &TenantScope,
    bill: BillId,
) -> Result<Vec<Tried>, StorageError> {
    use attempt::Column as C;
    let found = scope.find::<attempt::Entity>().filter(C::BillId.eq(bill.as_uuid()));
    Ok(found.asc(C::Number).all().await?.into_iter().map(tried).collect())
}

/// The try of a payment; `None` when somebody pays by themselves.
pub(super) async fn try_of_payment(
    scope: &TenantScope,
    payment: PaymentId,
) -> Result<Option<Tried>, StorageError> {
    use attempt::Column as C;
    let found = scope.find::<attempt::Entity>().filter(C::PaymentId.eq(payment.as_uuid()));
    Ok(found.one().await?.map(tried))
}

/// The latest tries with a card, newest first.
pub(super) async fn tries_of_card(
    scope: &TenantScope,
    card: SavedCardId,
    limit: u64,
) -> Result<Vec<Tried>, StorageError> {
    use attempt::Column as C;
    let found = scope.find::<attempt::Entity>().filter(C::CardId.eq(card.as_uuid()));
    Ok(found.desc(C::PaymentId).limit(limit).all().await?.into_iter().map(tried).collect())
}

fn tried(row: attempt::Model) -> Tried {
    Tried {
        bill: BillId::from_uuid(row.bill_id),
        number: row.number,
        card: SavedCardId::from_uuid(row.card_id),
        payment: PaymentId::from_uuid(row.payment_id),
        day: row.day,
    }
}

#[cfg(test)]
#[derive(sea_orm::FromQueryResult)]
struct NextLook {
    run_after: DateTime<Utc>,
}

/// When a card is looked at next; `None` while somebody is at it.
#[cfg(test)]
pub(super) async fn next_look_at(scope: &TenantScope, card: SavedCardId) -> Option<DateTime<Utc>> {
    let sql = "SELECT run_after FROM jobs WHERE tenant_id = $1 AND kind = 'auto_pay' AND id = $2 \
               AND state = 'queued'";
    let rows: Vec<NextLook> = scope.rows(sql, [card.as_uuid().into()]).await.unwrap();
    rows.first().map(|row| row.run_after)
}
