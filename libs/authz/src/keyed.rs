//! One effect per idempotency key.

use crate::Caller;
use db::{Db, Idempotency, IdempotencyError, IdempotencyKey, StorageError, TenantScope};
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

/// Acts once per caller, operation and key, in one transaction with keeping the answer, for ever.
///
/// The same key and input answer the first answer again, also to those who ask at the same time:
/// who comes second undoes everything and reads the answer of the first.
///
/// # Errors
/// What the act answers; [`IdempotencyError`] for a key that was used with another input.
pub async fn keyed<T, E, A>(
    db: &Db,
    caller: &Caller,
    operation: &str,
    key: &IdempotencyKey,
    input: &(impl Serialize + Sync),
    act: A,
) -> Result<T, E>
where
    T: Serialize + DeserializeOwned + Send + Sync,
    E: From<StorageError> + From<IdempotencyError> + Send,
    A: for<'s> FnOnce(&'s TenantScope) -> BoxFuture<'s, Result<T, E>> + Send,
{
    let operation = format!("{operation}/{}", caller.user());
    let scope = db.write(caller.tenant()).await?;
    let idempotency = Idempotency::new(&scope, operation.as_str(), key, input)?;
    if let Some(answer) = idempotency.first_answer().await? {
        return Ok(answer);
    }
    let refusal = match act(&scope).await {
        Ok(answer) => match idempotency.keep(&answer).await {
            Ok(()) => {
                scope.commit().await?;
                return Ok(answer);
            }
            Err(error) => E::from(error),
        },
        Err(refusal) => refusal,
    };
    // Somebody may have acted with the key meanwhile; what they did explains the refusal.
    drop(scope);
    let scope = db.read(caller.tenant()).await?;
    let first = Idempotency::new(&scope, operation, key, input)?.first_answer().await?;
    first.ok_or(refusal)
}
