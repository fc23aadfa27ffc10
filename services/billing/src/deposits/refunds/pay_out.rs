//! Paying an approved refund of a deposit out.

use super::{
    DepositRefunds,
    domain::RefundState,
    may_on, online,
    post::{Posted, post},
};
use crate::{
    accounts::BillingAccount,
    cashier::{CashMove, CashMoved, cash_moved},
    deposits::{
        DEPOSIT_PAY_OUT, Deposits,
        access::{checked, lock},
        acts::kind_name,
    },
    estates::{self, Estate},
    ids::DepositRefundId,
    ledger::Till,
    payments::{PayError, ReceiptKind},
    receipts, say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use serde::Serialize;

/// What proves that the payer has the money: a signature for cash, else the bank's number.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Proof {
    pub signed_by: Option<String>,
    pub bank_reference: Option<String>,
}

impl Proof {
    /// The proof with its texts trimmed.
    pub fn checked(self) -> Result<Self, Invalid> {
        let text = |field: &str, text: Option<String>| {
            text.map(|text| checked(field, &text, 100)).transpose()
        };
        Ok(Self {
            signed_by: text("signedBy", self.signed_by)?,
            bank_reference: text("bankReference", self.bank_reference)?,
        })
    }

    /// The channel that the proof is of, where nobody knows by which the money came: cash with a
    /// signature alone, else the bank.
    fn till(&self) -> Till {
        if self.signed_by.is_some() && self.bank_reference.is_none() {
            Till::Cash
        } else {
            Till::Transfer
        }
    }

    /// Refuses a proof that does not fit the channel.
    pub fn fits(&self, till: Till) -> Result<(), Invalid> {
        match till {
            Till::Cash if self.signed_by.is_none() => {
                Err(Invalid::new("signedBy", expected::filled()))
            }
            Till::Card | Till::Transfer | Till::Online if self.bank_reference.is_none() => {
                Err(Invalid::new("bankReference", expected::filled()))
            }
            _ => Ok(()),
        }
    }
}

/// Pays it out through the channel the deposit came in by, to the payer; posted and receipted. What
/// was paid online is given back by the provider, or by transfer after it could not; what an earlier
/// manager took goes back as the proof says.
#[tracing::instrument(name = "usecase.deposits.pay_refund", skip_all, fields(refund.id = %id))]
pub(super) async fn pay_out(
    db: &Db,
    caller: &Caller,
    id: DepositRefundId,
    proof: Proof,
    key: &IdempotencyKey,
) -> Result<DepositRefundId, PayError> {
    let scope = db.read(caller.tenant()).await?;
    let (_, deposit, _) = may_on(&scope, caller, DEPOSIT_PAY_OUT, id).await?;
    drop(scope);
    let proof = proof.checked()?;
    let (actor, input) = (caller.clone(), (id, proof.clone()));
    keyed(db, caller, "pay_deposit_refund", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, deposit.estate).await?.ok_or(Denied::Hidden)?;
            let (account, _) = lock(scope, &deposit).await?;
            pay(scope, &actor, (&estate, &account), id, &proof).await?;
            Ok(id)
        })
    })
    .await
}

/// Pays an approved refund of the locked account out, once. Call it last: a receipt's number stays
/// locked until the transaction ends.
pub(crate) async fn pay(
    scope: &TenantScope,
    caller: &Caller,
    (estate, account): (&Estate, &BillingAccount),
    id: DepositRefundId,
    proof: &Proof,
) -> Result<(), PayError> {
    let mut refund = DepositRefunds(scope).find(id).await?.ok_or(Denied::Hidden)?;
    let mut deposit = Deposits(scope).lock(refund.deposit).await?.ok_or(Denied::Hidden)?;
    if refund.state != RefundState::Approved {
        return Err(PayError::Conflict(say::refund_not_approved()));
    }
    if refund.decided.is_some_and(|(by, _)| by == caller.user()) {
        return Err(Denied::SamePerson(say::pay_out_second_person()).into());
    }
    let taken = deposit.taken.as_ref();
    let taken = taken.ok_or_else(|| PayError::Defect(format!("{} was not taken", deposit.id)))?;
    if refund.amount > deposit.left() {
        return Err(PayError::Conflict(say::deposit_not_held()));
    }
    let mut till = taken.till.unwrap_or_else(|| proof.till());
    if till == Till::Online {
        if !online::is_given_up(scope, id, proof).await? {
            return online::send(scope, caller, &deposit, refund).await;
        }
        till = Till::Transfer;
    }
    proof.fits(till)?;
    let (signed_by, bank_reference) = match till {
        Till::Cash => (proof.signed_by.clone(), None),
        _ => (None, proof.bank_reference.clone()),
    };
    let posted = Posted {
        till,
        by: caller.user(),
        signed_by,
        bank_reference,
        source: refund.id.to_string(),
    };
    if till == Till::Cash {
        let moved = CashMoved {
            estate: estate.id,
            person: caller.user(),
            kind: CashMove::DepositRefund,
            amount: -refund.amount,
            source: refund.id.to_string(),
        };
        cash_moved(scope, &moved).await?;
    }
    let fact = AuditFact {
        action: "deposit.refunded",
        object: deposit.id.to_string(),
        estate: Some(estate.id),
        reason: Some(&refund.reason),
        detail: (refund.id, till, refund.amount),
    };
    audit(scope, caller, fact).await?;
    post(scope, (estate, account), (&mut deposit, &mut refund), posted).await?;
    let draft = receipts::Draft {
        kind: ReceiptKind::Refund,
        account: account.id,
        source: refund.id.as_uuid(),
        payer: account.name.full.clone(),
        lines: vec![(kind_name(deposit.kind).bilingual(), refund.amount)],
        by: Some(caller.user()),
        replaces: None,
    };
    receipts::issue(scope, estate, draft).await.map(drop)
}
