//! Addresses and mails in the database.

use super::{
    domain::{About, MailLanguage},
    sending::Progress,
};
use crate::ids::BillingAccountId;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use uuid::Uuid;

mod address {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "receipt_addresses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: Uuid,
        pub address: String,
        pub language: String,
        pub set_by: Uuid,
        pub set_at: DateTimeUtc,
        pub stopped_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod mail {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mails")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject_id: Uuid,
        pub about: String,
        pub account_id: Uuid,
        pub address: String,
        pub language: String,
        pub state: String,
        pub tries: i32,
        pub failure: Option<String>,
        pub queued_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(address, mail);

/// Where the receipts of an account go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub account: BillingAccountId,
    pub email: String,
    pub language: MailLanguage,
    pub set_by: UserId,
    pub set_at: DateTime<Utc>,
    /// Since when they are no longer wanted.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// One mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mail {
    pub about: About,
    /// The receipt or payment that it is about.
    pub subject: Uuid,
    pub account: BillingAccountId,
    pub address: String,
    pub language: MailLanguage,
    pub queued_at: DateTime<Utc>,
    pub progress: Progress,
}

/// Where the receipts of an account go, or went.
pub(super) async fn address(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<Address>, StorageError> {
    let found =
        scope.find::<address::Entity>().filter(address::Column::AccountId.eq(account.as_uuid()));
    let read = |row: address::Model| {
        Ok(Address {
            account: BillingAccountId::from_uuid(row.account_id),
            email: row.address,
            language: stored::read_word(&row.language)?,
            set_by: UserId::from_uuid(row.set_by),
            set_at: row.set_at,
            stopped_at: row.stopped_at,
        })
    };
    found.one().await?.map(read).transpose()
}

/// Writes where the receipts of an account go.
pub(super) async fn put_address(scope: &TenantScope, it: &Address) -> Result<(), StorageError> {
    use address::Column as C;
    let row = address::ActiveModel {
        account_id: Set(it.account.as_uuid()),
        address: Set(it.email.clone()),
        language: Set(stored::word(it.language)?),
        set_by: Set(it.set_by.as_uuid()),
        set_at: Set(it.set_at),
        stopped_at: Set(it.stopped_at),
        ..Default::default()
    };
    let changed = [C::Address, C::Language, C::SetBy, C::SetAt, C::StoppedAt];
    scope.upsert([row], [C::TenantId, C::AccountId], changed).await
}

/// Adds a mail, or writes how far it has come.
pub(super) async fn put(scope: &TenantScope, it: &Mail) -> Result<(), StorageError> {
    use mail::Column as C;
    let row = mail::ActiveModel {
        subject_id: Set(it.subject),
        about: Set(stored::word(it.about)?),
        account_id: Set(it.account.as_uuid()),
        address: Set(it.address.clone()),
        language: Set(stored::word(it.language)?),
        state: Set(stored::word(it.progress.state)?),
        tries: Set(it.progress.tries),
        failure: Set(it.progress.failure.clone()),
        queued_at: Set(it.queued_at),
        ended_at: Set(it.progress.ended_at),
        ..Default::default()
    };
    let changed = [C::State, C::Tries, C::Failure, C::EndedAt];
    scope.upsert([row], [C::TenantId, C::SubjectId], changed).await
}

/// The mail about something, held until the transaction ends.
pub(super) async fn lock(scope: &TenantScope, subject: Uuid) -> Result<Option<Mail>, StorageError> {
    let found = scope.find::<mail::Entity>().filter(mail::Column::SubjectId.eq(subject));
    found.lock().one().await?.map(read).transpose()
}

/// A page of the mails about receipts of an account, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    account: BillingAccountId,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Mail>, StorageError> {
    use mail::Column as C;
    let found = scope
        .find::<mail::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter(C::About.eq(stored::word(About::Receipt)?))
        .filter_by(before, |before| C::SubjectId.lt(before));
    found.desc(C::SubjectId).limit(limit).all().await?.into_iter().map(read).collect()
}

fn read(row: mail::Model) -> Result<Mail, StorageError> {
    Ok(Mail {
        about: stored::read_word(&row.about)?,
        subject: row.subject_id,
        account: BillingAccountId::from_uuid(row.account_id),
        address: row.address,
        language: stored::read_word(&row.language)?,
        queued_at: row.queued_at,
        progress: Progress {
            state: stored::read_word(&row.state)?,
            tries: row.tries,
            failure: row.failure,
            ended_at: row.ended_at,
        },
    })
}
