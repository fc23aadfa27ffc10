//! Accounts and reset links in and out.

use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, sea_query::Expr};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub kind: String,
        pub login: String,
        pub password_hash: Option<String>,
        pub person_id: Option<Uuid>,
        pub disabled: bool,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod reset {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "password_resets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub secret_hash: String,
        pub expires_at: DateTimeUtc,
        pub used_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row, reset);

/// What kind of account, and whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountKind {
    /// A member of staff.
    Staff,
    /// A resident, by the person that residents know.
    Resident(Uuid),
}

impl AccountKind {
    /// How it is stored and named in the audit log.
    pub fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Resident(_) => "resident",
        }
    }
}

/// Somebody who signs in with a password.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: UserId,
    pub kind: AccountKind,
    pub login: String,
    pub password_hash: Option<String>,
    pub disabled: bool,
}

impl From<row::Model> for Account {
    fn from(row: row::Model) -> Self {
        let kind = row.person_id.map_or(AccountKind::Staff, AccountKind::Resident);
        Self {
            id: UserId::from_uuid(row.id),
            kind,
            login: row.login,
            password_hash: row.password_hash,
            disabled: row.disabled,
        }
    }
}

/// A reset link that was found, to be checked against the token's secret.
#[derive(Clone, Debug)]
pub struct ResetLink {
    pub user: UserId,
    pub secret_hash: String,
    pub expires_at: DateTime<Utc>,
}

/// The accounts of the company of a transaction.
pub struct Accounts<'t>(pub &'t TenantScope);

impl Accounts<'_> {
    /// The account with a sign-in name (already lower case).
    pub async fn by_login(&self, login: &str) -> Result<Option<Account>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Login.eq(login)).one();
        Ok(found.await?.map(Into::into))
    }

    /// The account of a user.
    pub async fn by_id(&self, user: UserId) -> Result<Option<Account>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Id.eq(user.as_uuid())).one();
        Ok(found.await?.map(Into::into))
    }

    /// The accounts of some users.
    pub async fn by_ids(&self, users: &[UserId]) -> Result<Vec<Account>, StorageError> {
        let ids = users.iter().map(|user| user.as_uuid());
        let found = self.0.find::<row::Entity>().filter_in(row::Column::Id, ids).all();
        Ok(found.await?.into_iter().map(Into::into).collect())
    }

    /// The account of a resident's person.
    pub async fn by_person(&self, person: Uuid) -> Result<Option<Account>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::PersonId.eq(person)).one();
        Ok(found.await?.map(Into::into))
    }

    /// Opens an account; a sign-in name that is taken is a unique violation.
    pub async fn insert(
        &self,
        kind: AccountKind,
        login: &str,
        password_hash: Option<String>,
    ) -> Result<UserId, StorageError> {
        let id = self.0.new_id();
        let person = match kind {
            AccountKind::Staff => None,
            AccountKind::Resident(person) => Some(person),
        };
        self.0
            .insert(row::ActiveModel {
                id: Set(id),
                kind: Set(kind.word().to_owned()),
                login: Set(login.to_owned()),
                password_hash: Set(password_hash),
                person_id: Set(person),
                disabled: Set(false),
                created_at: Set(self.0.now()),
                ..Default::default()
            })
            .await?;
        Ok(UserId::from_uuid(id))
    }

    /// Sets the password.
    pub async fn set_password(&self, user: UserId, hash: String) -> Result<(), StorageError> {
        let update =
            self.0.update::<row::Entity>().set(row::Column::PasswordHash, Expr::value(hash));
        update.filter(row::Column::Id.eq(user.as_uuid())).exec().await.map(drop)
    }

    /// Lets nobody sign in with it any more; its sign-in name becomes free.
    pub async fn disable(&self, user: UserId) -> Result<(), StorageError> {
        let freed = format!("{user}");
        let update = self.0.update::<row::Entity>();
        let update = update.set(row::Column::Disabled, Expr::value(true));
        let update = update.set(row::Column::Login, Expr::value(freed));
        update.filter(row::Column::Id.eq(user.as_uuid())).exec().await.map(drop)
    }

    /// Keeps a new reset link; older ones of the user are void.
    pub async fn put_reset(
        &self,
        id: Uuid,
        user: UserId,
        secret_hash: String,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let older = self.0.delete::<reset::Entity>();
        older
            .filter(reset::Column::UserId.eq(user.as_uuid()))
            .filter(reset::Column::UsedAt.is_null())
            .exec()
            .await?;
        self.0
            .insert(reset::ActiveModel {
                id: Set(id),
                user_id: Set(user.as_uuid()),
                secret_hash: Set(secret_hash),
                expires_at: Set(expires_at),
                used_at: Set(None),
                ..Default::default()
            })
            .await
    }

    /// A reset link.
    pub async fn reset_link(&self, id: Uuid) -> Result<Option<ResetLink>, StorageError> {
        let found = self.0.find::<reset::Entity>().filter(reset::Column::Id.eq(id)).one();
        Ok(found.await?.map(|row| ResetLink {
            user: UserId::from_uuid(row.user_id),
            secret_hash: row.secret_hash,
            expires_at: row.expires_at,
        }))
    }

    /// Uses a reset link up; `false` when somebody already did.
    pub async fn use_reset(&self, id: Uuid) -> Result<bool, StorageError> {
        let now = self.0.now();
        let update = self.0.update::<reset::Entity>().set(reset::Column::UsedAt, Expr::value(now));
        let update =
            update.filter(reset::Column::Id.eq(id)).filter(reset::Column::UsedAt.is_null());
        Ok(update.exec().await? == 1)
    }
}
