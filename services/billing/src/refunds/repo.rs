//! Refunds in the database.

use crate::{
    ids::{BillingAccountId, DepositRefundId, PaymentId, RefundId},
    payments::Payment,
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use graphql::PageArgs;
use ids::EstateId;
use money::{Currency, Fen};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde::{Deserialize, Serialize};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refunds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub payment_id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub amount: i64,
        pub currency: String,
        pub reason: String,
        pub state: String,
        pub requested_by: Option<Uuid>,
        pub requested_at: DateTimeUtc,
        pub decided_by: Option<Uuid>,
        pub decided_at: Option<DateTimeUtc>,
        pub decision: Option<String>,
        pub attempt: i32,
        pub submitted_at: Option<DateTimeUtc>,
        pub provider_id: Option<String>,
        pub failure: Option<String>,
        pub paid_back_at: Option<DateTimeUtc>,
        pub deposit_refund_id: Option<Uuid>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// How far a refund has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RefundState {
    Requested,
    Rejected,
    Pending,
    Unknown,
    Succeeded,
    Failed,
}

impl RefundState {
    /// Whether its money is spoken for but not back yet.
    pub const fn is_reserved(self) -> bool {
        matches!(self, Self::Requested | Self::Pending | Self::Unknown)
    }

    /// Whether it was refused by who decides.
    pub const fn is_rejected(self) -> bool {
        matches!(self, Self::Rejected)
    }

    /// Whether no money goes back by it.
    pub const fn is_given_up(self) -> bool {
        matches!(self, Self::Rejected | Self::Failed)
    }

    /// Whether the provider has to decide it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Pending | Self::Unknown)
    }
}

/// One refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refund {
    pub id: RefundId,
    pub payment: PaymentId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub amount: Fen,
    pub currency: Currency,
    pub reason: String,
    pub state: RefundState,
    /// `None`: it was made at the provider, past us.
    pub requested_by: Option<UserId>,
    pub requested_at: DateTime<Utc>,
    pub decided_by: Option<UserId>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decision: Option<String>,
    pub attempt: i32,
    pub submitted_at: Option<DateTime<Utc>>,
    pub provider_id: Option<String>,
    pub failure: Option<String>,
    pub paid_back_at: Option<DateTime<Utc>>,
    /// The refund of a deposit that it carries out.
    pub of_deposit: Option<DepositRefundId>,
}

impl Refund {
    /// A refund out of a payment that nobody has decided, nor asked the provider for.
    pub fn new(scope: &TenantScope, payment: &Payment, amount: Fen, reason: String) -> Self {
        Self {
            id: RefundId::from_uuid(scope.new_id()),
            payment: payment.id,
            estate: payment.estate,
            account: payment.account,
            amount,
            currency: payment.currency,
            reason,
            state: RefundState::Requested,
            requested_by: None,
            requested_at: scope.now(),
            decided_by: None,
            decided_at: None,
            decision: None,
            attempt: 0,
            submitted_at: None,
            provider_id: None,
            failure: None,
            paid_back_at: None,
            of_deposit: None,
        }
    }
}

/// The refunds of one company.
pub(crate) struct Refunds<'s>(pub &'s TenantScope);

impl Refunds<'_> {
    pub async fn insert(&self, refund: &Refund) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(refund.id.as_uuid()),
                payment_id: Set(refund.payment.as_uuid()),
                estate_id: Set(refund.estate.as_uuid()),
                account_id: Set(refund.account.as_uuid()),
                amount: Set(refund.amount.0),
                currency: Set(refund.currency.to_string()),
                reason: Set(refund.reason.clone()),
                state: Set(stored::word(refund.state)?),
                requested_by: Set(refund.requested_by.map(UserId::as_uuid)),
                requested_at: Set(refund.requested_at),
                decided_by: Set(refund.decided_by.map(UserId::as_uuid)),
                decided_at: Set(refund.decided_at),
                decision: Set(refund.decision.clone()),
                attempt: Set(refund.attempt),
                submitted_at: Set(refund.submitted_at),
                provider_id: Set(refund.provider_id.clone()),
                failure: Set(refund.failure.clone()),
                paid_back_at: Set(refund.paid_back_at),
                deposit_refund_id: Set(refund.of_deposit.map(DepositRefundId::as_uuid)),
                ..Default::default()
            })
            .await
    }

    /// The tries to carry out a refund of a deposit.
    pub async fn of_deposit(&self, id: DepositRefundId) -> Result<Vec<Refund>, StorageError> {
        let column = row::Column::DepositRefundId;
        let rows = self.0.find::<row::Entity>().filter(column.eq(id.as_uuid()));
        rows.all().await?.into_iter().map(refund).collect()
    }

    /// Writes what may change of a refund that was locked.
    pub async fn save(&self, refund: &Refund) -> Result<(), StorageError> {
        use row::Column as C;
        self.0
            .update::<row::Entity>()
            .set(C::State, stored::word(refund.state)?)
            .set(C::DecidedBy, refund.decided_by.map(UserId::as_uuid))
            .set(C::DecidedAt, refund.decided_at)
            .set(C::Decision, refund.decision.clone())
            .set(C::Attempt, refund.attempt)
            .set(C::SubmittedAt, refund.submitted_at)
            .set(C::ProviderId, refund.provider_id.clone())
            .set(C::Failure, refund.failure.clone())
            .set(C::PaidBackAt, refund.paid_back_at)
            .set(C::DepositRefundId, refund.of_deposit.map(DepositRefundId::as_uuid))
            .filter(C::Id.eq(refund.id.as_uuid()))
            .exec()
            .await
            .map(drop)
    }

    pub async fn find(&self, id: RefundId) -> Result<Option<Refund>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        rows.one().await?.map(refund).transpose()
    }

    /// The refund, held until the transaction ends. Lock its payment first.
    pub async fn lock(&self, id: RefundId) -> Result<Option<Refund>, StorageError> {
        let rows = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid())).lock();
        rows.one().await?.map(refund).transpose()
    }

    /// The refunds of payments, oldest first.
    pub async fn of_payments(
        &self,
        payments: impl IntoIterator<Item = PaymentId> + Send,
    ) -> Result<Vec<Refund>, StorageError> {
        let payments = payments.into_iter().map(PaymentId::as_uuid);
        let rows = self.0.find::<row::Entity>().filter_in(row::Column::PaymentId, payments);
        rows.asc(row::Column::Id).all().await?.into_iter().map(refund).collect()
    }

    /// The refunds of an estate in a state, newest first, and one more than the page has.
    pub async fn of_estate(
        &self,
        estate: EstateId,
        state: Option<RefundState>,
        page: &PageArgs,
    ) -> Result<Vec<Refund>, StorageError> {
        use row::Column as C;
        let after = page.after.as_ref().and_then(|cursor| cursor.0.parse::<RefundId>().ok());
        let state = state.map(stored::word).transpose()?;
        let rows = self
            .0
            .find::<row::Entity>()
            .filter(C::EstateId.eq(estate.as_uuid()))
            .filter_by(state, |state| C::State.eq(state))
            .filter_by(after, |last| C::Id.lt(last.as_uuid()))
            .desc(C::Id)
            .limit(page.limit());
        rows.all().await?.into_iter().map(refund).collect()
    }
}

fn refund(row: row::Model) -> Result<Refund, StorageError> {
    Ok(Refund {
        id: RefundId::from_uuid(row.id),
        payment: PaymentId::from_uuid(row.payment_id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        amount: Fen(row.amount),
        currency: row.currency.parse().map_err(|_| StorageError::unreadable("currency"))?,
        reason: row.reason,
        state: stored::read_word(&row.state)?,
        requested_by: row.requested_by.map(UserId::from_uuid),
        requested_at: row.requested_at,
        decided_by: row.decided_by.map(UserId::from_uuid),
        decided_at: row.decided_at,
        decision: row.decision,
        attempt: row.attempt,
        submitted_at: row.submitted_at,
        provider_id: row.provider_id,
        failure: row.failure,
        paid_back_at: row.paid_back_at,
        of_deposit: row.deposit_refund_id.map(DepositRefundId::from_uuid),
    })
}
