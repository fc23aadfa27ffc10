//! Paying an approved settlement out: the rest and the deposits, each through its own channel.

use super::{
    LEAVING_PAY_OUT,
    domain::LeavingState,
    prepare::may,
    repo::{Leaving, Leavings, PaidOut},
};
use crate::{
    accounts::{self, BillingAccount},
    cashier::{CashMove, CashMoved, cash_moved},
    deposits::{self, Proof},
    estates::{self, Estate},
    ids::LeavingId,
    ledger::{self, Account, Entry, Posting, Till},
    payments::{PayError, ReceiptKind},
    receipts, say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};

/// Pays it out, once; whoever approved it cannot.
#[tracing::instrument(name = "usecase.settlements.pay_out", skip_all, fields(leaving.id = %id))]
pub(super) async fn pay_out(
    db: &Db,
    caller: &Caller,
    id: LeavingId,
    proof: Proof,
    key: &IdempotencyKey,
) -> Result<LeavingId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let leaving = Leavings(&scope).find(id).await?.ok_or(Denied::Hidden)?;
    may(&scope, caller, LEAVING_PAY_OUT, leaving.account).await?;
    drop(scope);
    let proof = proof.checked()?;
    let (actor, input) = (caller.clone(), (id, proof.clone()));
    keyed(db, caller, "pay_leaving", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, leaving.estate).await?.ok_or(Denied::Hidden)?;
            let account = accounts::lock(scope, leaving.account).await?.ok_or(Denied::Hidden)?;
            let mut leaving = Leavings(scope).find(id).await?.ok_or(Denied::Hidden)?;
            if leaving.state != LeavingState::Approved {
                return Err(PayError::Conflict(say::leaving_not_approved()));
            }
            if leaving.decided.is_some_and(|(by, _)| by == actor.user()) {
                return Err(Denied::SamePerson(say::pay_out_second_person()).into());
            }
            let is_cash = leaving.till == Till::Cash;
            let on = estate.today(scope.clock());
            leaving.paid = Some(PaidOut {
                by: actor.user(),
                on,
                at: scope.now(),
                signed_by: proof.signed_by.clone().filter(|_| is_cash),
                bank_reference: proof.bank_reference.clone().filter(|_| !is_cash),
            });
            leaving.state = LeavingState::Settled;
            Leavings(scope).save(&leaving).await?;
            let fact = AuditFact {
                action: "leaving.paid_out",
                object: leaving.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: (leaving.till, leaving.sheet.paid_out()),
            };
            audit(scope, &actor, fact).await?;
            for refund in &leaving.refunds {
                deposits::pay(scope, &actor, (&estate, &account), *refund, &proof).await?;
            }
            pay_rest(scope, &actor, (&estate, &account), &leaving, &proof).await?;
            Ok(id)
        })
    })
    .await
}

/// The rest leaves the prepayment through the channel of the last payment.
async fn pay_rest(
    scope: &TenantScope,
    caller: &Caller,
    (estate, account): (&Estate, &BillingAccount),
    leaving: &Leaving,
    proof: &Proof,
) -> Result<(), PayError> {
    let rest = leaving.sheet.rest();
    if !rest.is_positive() {
        return Ok(());
    }
    proof.fits(leaving.till)?;
    if accounts::prepayment(scope, account).await? < rest {
        return Err(PayError::Conflict(say::prepayment_used()));
    }
    let ahead = Account::PrepaymentLiability(account.id);
    let posting = Posting {
        estate: estate.id,
        entry: Entry::refund(leaving.till, ahead, rest, estate.currency)?,
        date: estate.today(scope.clock()),
        source: leaving.id.to_string(),
        memo: say::leaving_refund().bilingual(),
    };
    ledger::post(scope, posting).await?;
    if leaving.till == Till::Cash {
        let moved = CashMoved {
            estate: estate.id,
            person: caller.user(),
            kind: CashMove::Refund,
            amount: -rest,
            source: leaving.id.to_string(),
        };
        cash_moved(scope, &moved).await?;
    }
    let draft = receipts::Draft {
        kind: ReceiptKind::Refund,
        account: account.id,
        source: leaving.id.as_uuid(),
        payer: account.name.full.clone(),
        lines: vec![(say::leaving_refund().bilingual(), rest)],
        by: Some(caller.user()),
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}
