//! Saying that what is left of a deposit may go back.

use crate::{
    deposits::{
        DEPOSIT_PROPOSE, Deposits,
        access::{lock, may},
    },
    estates,
    ids::DepositId,
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};

/// What is left is refundable from today on; said again it stays as it is.
#[tracing::instrument(name = "usecase.deposits.release", skip_all, fields(deposit.id = %id))]
pub(super) async fn release(
    db: &Db,
    caller: &Caller,
    id: DepositId,
    key: &IdempotencyKey,
) -> Result<DepositId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deposit, _) = may(&scope, caller, DEPOSIT_PROPOSE, id).await?;
    drop(scope);
    let actor = caller.clone();
    keyed(db, caller, "release_deposit", key, &id, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (_, mut deposit) = lock(scope, &deposit).await?;
            if !deposit.left().is_positive() {
                return Err(PayError::Conflict(say::deposit_not_held()));
            }
            if deposit.refundable_since.is_none() {
                deposit.refundable_since = Some(estate.today(scope.clock()));
                Deposits(scope).save(&deposit).await?;
                let fact = AuditFact {
                    action: "deposit.released",
                    object: deposit.id.to_string(),
                    estate: Some(estate.id),
                    reason: None,
                    detail: deposit.left(),
                };
                audit(scope, &actor, fact).await?;
            }
            Ok(deposit.id)
        })
    })
    .await
}
