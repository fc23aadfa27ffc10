//! Proposing a deduction.

use super::{
    Deductions,
    domain::{Deduction, DeductionClass, DeductionState, speaks_of_a_fine},
};
use crate::{
    deposits::{
        DEPOSIT_PROPOSE,
        access::{checked, lock, may},
        refunds::reserved,
    },
    fees,
    ids::{DeductionId, DepositId, FeeItemId},
    payments::PayError,
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey};
use errors::{Invalid, expected};
use money::Fen;
use serde::Serialize;

/// Keep this much of a deposit.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProposeDeduction {
    pub deposit: DepositId,
    pub amount: Fen,
    pub class: DeductionClass,
    pub reason: String,
    /// Where the proof is; must be given for a documented cost.
    pub proof: Option<String>,
    /// The fee item that earns it.
    pub item: Option<FeeItemId>,
}

/// Proposes it; its money is spoken for from now on.
#[tracing::instrument(name = "usecase.deposits.propose_deduction", skip_all, fields(deposit.id = %command.deposit))]
pub(super) async fn propose(
    db: &Db,
    caller: &Caller,
    command: ProposeDeduction,
    key: &IdempotencyKey,
) -> Result<DeductionId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (deposit, _) = may(&scope, caller, DEPOSIT_PROPOSE, command.deposit).await?;
    if let Some(item) = command.item {
        let item = fees::repo::find_item(&scope, item).await?;
        item.filter(|item| item.estate == deposit.estate).ok_or(Denied::Hidden)?;
    }
    drop(scope);
    let (reason, proof) = check(&command)?;
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "propose_deposit_deduction", key, &input, move |scope| {
        Box::pin(async move {
            let (_, deposit) = lock(scope, &deposit).await?;
            let spoken_for = reserved(scope, deposit.id).await?;
            if command.amount > deposit.free(spoken_for) {
                let most = say::at_most(deposit.free(spoken_for));
                return Err(Invalid::new("amount", most).into());
            }
            let deduction = Deduction {
                id: DeductionId::from_uuid(scope.new_id()),
                deposit: deposit.id,
                amount: command.amount,
                class: command.class,
                reason,
                proof,
                item: command.item,
                state: DeductionState::Proposed,
                proposed_by: actor.user(),
                proposed_at: scope.now(),
                notice: None,
                appeal: None,
                ended: None,
            };
            Deductions(scope).insert(&deduction).await?;
            let fact = AuditFact {
                action: "deposit.deduction_proposed",
                object: deposit.id.to_string(),
                estate: Some(deposit.estate),
                reason: Some(&deduction.reason),
                detail: (deduction.id, deduction.class, deduction.amount),
            };
            audit(scope, &actor, fact).await?;
            Ok(deduction.id)
        })
    })
    .await
}

/// The reason and the proof, as they are kept.
fn check(command: &ProposeDeduction) -> Result<(String, Option<String>), Invalid> {
    if !command.amount.is_positive() {
        return Err(Invalid::new("amount", expected::above_zero()));
    }
    let reason = checked("reason", &command.reason, 500)?;
    if speaks_of_a_fine(&reason) {
        return Err(Invalid::new("reason", say::no_fines()));
    }
    let proof = command.proof.as_deref().map(|proof| checked("proof", proof, 500)).transpose()?;
    if command.class == DeductionClass::DocumentedCost && proof.is_none() {
        return Err(Invalid::new("proof", expected::filled()));
    }
    Ok((reason, proof))
}
