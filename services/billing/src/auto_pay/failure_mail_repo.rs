//! Mails about failed charges in the database.

use crate::{
    ids::{BillingAccountId, PaymentId},
    receipt_mail::{MailLanguage, Progress},
    stored,
};
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "auto_pay_failure_mails")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub payment_id: Uuid,
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
tenant_owned!(row);

/// The mail about one try that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FailureMail {
    /// The payment of the try.
    pub payment: PaymentId,
    pub account: BillingAccountId,
    pub address: String,
    pub language: MailLanguage,
    pub queued_at: DateTime<Utc>,
    pub progress: Progress,
}

/// Adds a mail, or writes how far it has come.
pub(super) async fn put(scope: &TenantScope, it: &FailureMail) -> Result<(), StorageError> {
    use row::Column as C;
    let row = row::ActiveModel {
        payment_id: Set(it.payment.as_uuid()),
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
    scope.upsert([row], [C::TenantId, C::PaymentId], changed).await
}

/// The mail about a payment, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    payment: PaymentId,
) -> Result<Option<FailureMail>, StorageError> {
    let found = scope.find::<row::Entity>().filter(row::Column::PaymentId.eq(payment.as_uuid()));
    let read = |row: row::Model| {
        Ok(FailureMail {
            payment: PaymentId::from_uuid(row.payment_id),
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
    };
    found.lock().one().await?.map(read).transpose()
}
