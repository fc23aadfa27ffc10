//! One effect per key, for ever.

use crate::{StorageError, TenantScope, tenant_owned};
use errors::{Code, Coded, Invalid, expected};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use texts::Text;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub operation: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub input_hash: String,
        pub answer: String,
        pub at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A key that a client chose for one act; 8 to 255 printable characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl std::str::FromStr for IdempotencyKey {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        if (8..=255).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("idempotencyKey", expected::idempotency_key()))
        }
    }
}

impl IdempotencyKey {
    /// The key as text, e.g. to derive the provider's key from it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key cannot be honoured.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key was used before for something else.
    #[error("the idempotency key was used before with other input")]
    OtherInput,
    /// Reading or writing failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Coded for IdempotencyError {
    fn code(&self) -> Code {
        match self {
            Self::OtherInput => Code::IdempotencyMismatch,
            Self::Storage(error) => error.code(),
        }
    }
    fn text(&self) -> Text {
        self.code().text()
    }
    fn field(&self) -> Option<&str> {
        matches!(self, Self::OtherInput).then_some("idempotencyKey")
    }
}

/// One keyed act inside a transaction: ask for the first answer, act, keep the answer.
///
/// The actor belongs into `operation`, so that two people's keys never meet.
#[derive(Debug)]
pub struct Idempotency<'s> {
    scope: &'s TenantScope,
    operation: String,
    key: IdempotencyKey,
    input_hash: String,
}

impl<'s> Idempotency<'s> {
    /// Prepares the act; `input` is everything that makes it what it is.
    ///
    /// # Errors
    /// [`StorageError`] when the input has no JSON form.
    pub fn new(
        scope: &'s TenantScope,
        operation: impl Into<String>,
        key: &IdempotencyKey,
        input: &impl Serialize,
    ) -> Result<Self, StorageError> {
        let input =
            serde_json::to_vec(input).map_err(|e| StorageError::unreadable(e.to_string()))?;
        let input_hash = hex::encode(Sha256::digest(input));
        Ok(Self { scope, operation: operation.into(), key: key.clone(), input_hash })
    }

    /// The answer given before to the same key and input.
    ///
    /// # Errors
    /// [`IdempotencyError::OtherInput`] when the key stands for something else.
    pub async fn first_answer<T: DeserializeOwned>(&self) -> Result<Option<T>, IdempotencyError> {
        let found = self
            .scope
            .find::<row::Entity>()
            .filter(row::Column::Operation.eq(self.operation.as_str()))
            .filter(row::Column::Key.eq(self.key.as_str()))
            .one()
            .await?;
        match found {
            None => Ok(None),
            Some(row) if row.input_hash == self.input_hash => serde_json::from_str(&row.answer)
                .map(Some)
                .map_err(|e| StorageError::unreadable(e.to_string()).into()),
            Some(_) => Err(IdempotencyError::OtherInput),
        }
    }

    /// Keeps the answer, in the transaction of the act.
    ///
    /// # Errors
    /// [`StorageError`] with [`StorageError::is_unique_violation`] when somebody acted with the
    /// same key at the same time: undo everything and ask for the first answer.
    pub async fn keep(self, answer: &impl Serialize) -> Result<(), StorageError> {
        let answer =
            serde_json::to_string(answer).map_err(|e| StorageError::unreadable(e.to_string()))?;
        self.scope
            .insert(row::ActiveModel {
                operation: Set(self.operation),
                key: Set(self.key.0),
                input_hash: Set(self.input_hash),
                answer: Set(answer),
                at: Set(self.scope.now()),
                ..Default::default()
            })
            .await
    }
}
