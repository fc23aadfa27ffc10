//! One effect per idempotency key.

use crate::error::Refused;
use authz::Caller;
use db::{Db, Idempotency, IdempotencyKey, TenantScope};
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};

/// Acts once per caller, operation and key, in one transaction with keeping the answer, for ever.
/// Who comes second with the same key and input reads the answer of the first.
pub(crate) async fn keyed<T, A>(
    db: &Db,
    caller: &Caller,
    operation: &str,
    key: &IdempotencyKey,
    input: &(impl Serialize + Sync),
    act: A,
) -> Result<T, Refused>
where
    T: Serialize + DeserializeOwned + Send + Sync,
    A: for<'s> FnOnce(&'s TenantScope) -> BoxFuture<'s, Result<T, Refused>> + Send,
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
            Err(error) => Refused::from(error),
        },
        Err(refusal) => refusal,
    };
    drop(scope);
    let scope = db.read(caller.tenant()).await?;
    let first = Idempotency::new(&scope, operation, key, input)?.first_answer().await?;
    first.ok_or(refusal)
}
