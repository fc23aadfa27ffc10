//! Merchant accounts in the database.

use crate::ids::MerchantId;
use ::payments::AccountState;
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{Db, StorageError, TenantScope, stored, tenant_owned};
use ids::TenantId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use serde::{Deserialize, Serialize};

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "merchant_accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub account: String,
        pub wrapped_key: Option<String>,
        pub api_key: Option<String>,
        pub webhook_secret: Option<String>,
        pub active: bool,
        pub created_at: DateTimeUtc,
        pub created_by: Uuid,
        pub state: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// How the company's account is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Kind {
    Connected,
    OwnKeys,
}

/// What the account may do at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum State {
    Incomplete,
    Restricted,
    Ready,
}

impl From<AccountState> for State {
    fn from(state: AccountState) -> Self {
        match state {
            AccountState::Incomplete => Self::Incomplete,
            AccountState::Restricted => Self::Restricted,
            AccountState::Ready => Self::Ready,
        }
    }
}

/// Keys as they are stored: sealed, hex.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SealedKeys {
    pub wrapped_key: String,
    pub api_key: String,
    pub webhook_secret: String,
}

/// The account at a provider into which a company is paid.
#[derive(Clone)]
pub(crate) struct MerchantAccount {
    pub id: MerchantId,
    pub kind: Kind,
    /// The provider's id of it.
    pub account: String,
    pub keys: Option<SealedKeys>,
    pub active: bool,
    pub created_at: DateTime<Utc>,
    pub created_by: UserId,
    /// `None` until the provider has said it.
    pub state: Option<State>,
}

/// Where an announcement belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Routed {
    pub tenant: TenantId,
    pub merchant: MerchantId,
}

/// The account into which new payments go.
pub(crate) async fn active(scope: &TenantScope) -> Result<Option<MerchantAccount>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Active.eq(true));
    rows.one().await?.map(read).transpose()
}

/// An account, also one that was replaced.
pub(crate) async fn find(
    scope: &TenantScope,
    id: MerchantId,
) -> Result<Option<MerchantAccount>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// Makes this the account into which new payments go.
pub(super) async fn replace(
    scope: &TenantScope,
    account: &MerchantAccount,
) -> Result<(), StorageError> {
    let others = scope.update::<row::Entity>().set(row::Column::Active, false);
    others.filter(row::Column::Active.eq(true)).exec().await?;
    let keys = account.keys.as_ref();
    scope
        .insert(row::ActiveModel {
            id: Set(account.id.as_uuid()),
            kind: Set(stored::word(account.kind)?),
            account: Set(account.account.clone()),
            wrapped_key: Set(keys.map(|k| k.wrapped_key.clone())),
            api_key: Set(keys.map(|k| k.api_key.clone())),
            webhook_secret: Set(keys.map(|k| k.webhook_secret.clone())),
            active: Set(account.active),
            created_at: Set(account.created_at),
            created_by: Set(account.created_by.as_uuid()),
            state: Set(account.state.map(stored::word).transpose()?),
            ..Default::default()
        })
        .await?;
    // A company that comes back to the platform keeps one entry: the newest.
    let connected = account.kind == Kind::Connected;
    if connected {
        let sql =
            "DELETE FROM merchant_directory WHERE tenant_id = $1 AND account = $2 AND connected";
        scope.execute(sql, [account.account.as_str().into()]).await?;
    }
    let sql = "INSERT INTO merchant_directory (tenant_id, merchant_id, account, connected) \
               VALUES ($1, $2, $3, $4)";
    let values = [account.id.as_uuid().into(), account.account.as_str().into(), connected.into()];
    scope.execute(sql, values).await.map(drop)
}

/// Keeps what the provider says about an account; `false` when that was known.
pub(super) async fn set_state(
    scope: &TenantScope,
    id: MerchantId,
    state: State,
) -> Result<bool, StorageError> {
    let sql = "UPDATE merchant_accounts SET state = $3 \
               WHERE tenant_id = $1 AND id = $2 AND (state IS NULL OR state <> $3)";
    let values = [id.as_uuid().into(), stored::word(state)?.into()];
    Ok(scope.execute(sql, values).await? == 1)
}

#[derive(FromQueryResult)]
struct Entry {
    merchant_id: uuid::Uuid,
    tenant_id: uuid::Uuid,
}

impl From<Entry> for Routed {
    fn from(entry: Entry) -> Self {
        Self {
            tenant: TenantId::from_uuid(entry.tenant_id),
            merchant: MerchantId::from_uuid(entry.merchant_id),
        }
    }
}

/// Whose account with own keys this is.
pub(crate) async fn of_id(db: &Db, id: MerchantId) -> Result<Option<Routed>, StorageError> {
    let sql = "SELECT merchant_id, tenant_id FROM merchant_directory \
               WHERE merchant_id = $1 AND NOT connected";
    let rows: Vec<Entry> = db.worker().rows(sql, [id.as_uuid().into()]).await?;
    Ok(rows.into_iter().next().map(Routed::from))
}

/// Whose account under the platform this is.
pub(crate) async fn of_account(db: &Db, account: &str) -> Result<Option<Routed>, StorageError> {
    let sql = "SELECT merchant_id, tenant_id FROM merchant_directory \
               WHERE account = $1 AND connected";
    let rows: Vec<Entry> = db.worker().rows(sql, [account.into()]).await?;
    Ok(rows.into_iter().next().map(Routed::from))
}

fn read(row: row::Model) -> Result<MerchantAccount, StorageError> {
    let keys = match (row.wrapped_key, row.api_key, row.webhook_secret) {
        (Some(wrapped_key), Some(api_key), Some(webhook_secret)) => {
            Some(SealedKeys { wrapped_key, api_key, webhook_secret })
        }
        _ => None,
    };
    Ok(MerchantAccount {
        id: MerchantId::from_uuid(row.id),
        kind: stored::read_word(&row.kind)?,
        account: row.account,
        keys,
        active: row.active,
        created_at: row.created_at,
        created_by: UserId::from_uuid(row.created_by),
        state: row.state.as_deref().map(stored::read_word).transpose()?,
    })
}
