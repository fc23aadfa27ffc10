//! Issuing a voided bill again, as the rules compute it now.

use super::{BILL_READ, domain::Bill, issue, prepayment::apply_prepayments, repo};
use crate::{
    accounts,
    bill_runs::{
        BILL_RUN_START,
        plan::{self, Issue},
    },
    error::Refused,
    estates::{self, Estate},
    ids::BillId,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::{Db, Idempotency, IdempotencyKey, TenantScope};

/// Issues the months of a voided bill to its account again, each time at most once.
#[tracing::instrument(name = "usecase.bills.reissue", skip_all, fields(bill.id = %id))]
pub(crate) async fn reissue(
    db: &Db,
    caller: &Caller,
    id: BillId,
    key: &IdempotencyKey,
) -> Result<Bill, Refused> {
    match once(db, caller, id, key).await {
        Err(refused) if refused.is_race() => once(db, caller, id, key).await,
        done => done,
    }
}

async fn once(db: &Db, caller: &Caller, id: BillId, key: &IdempotencyKey) -> Result<Bill, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let bill = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    caller.act(BILL_RUN_START, BILL_READ, bill.estate)?;
    let operation = format!("reissue_bill/{}", caller.user());
    let keyed = Idempotency::new(&scope, operation, key, &id)?;
    if let Some(id) = keyed.first_answer::<BillId>().await? {
        return Ok(repo::find(&scope, id).await?.ok_or(Denied::Hidden)?);
    }
    let estate = estates::lock(&scope, bill.estate).await?.ok_or(Denied::Hidden)?;
    if bill.voided_on.is_none() {
        return Err(Refused::Conflict(say::only_voided_again()));
    }
    if repo::is_replaced(&scope, id).await? {
        return Err(Refused::Conflict(say::issued_again()));
    }
    let new = again(&scope, &estate, &bill).await?;
    keyed.keep(&new).await?;
    let fact = AuditFact {
        action: "bill.reissued",
        object: new.to_string(),
        estate: Some(bill.estate),
        reason: None,
        detail: serde_json::json!({ "replaces": id }),
    };
    authz::audit(&scope, caller, fact).await?;
    let issued = repo::find(&scope, new).await?.ok_or(Denied::Hidden)?;
    scope.commit().await?;
    Ok(issued)
}

async fn again(scope: &TenantScope, estate: &Estate, bill: &Bill) -> Result<BillId, Refused> {
    let account = accounts::find(scope, bill.account).await?.ok_or(Denied::Hidden)?;
    let sites = plan::sites_of(scope, estate, account.debtor).await?;
    let wanted = plan::Wanted {
        estate,
        sites: &sites,
        start: bill.first_month,
        again: Some(bill.first_month.through(bill.last_month).collect()),
    };
    let mut planned = plan::plan(scope, &wanted).await?;
    planned.lines.retain(|line| line.debtor == account.debtor);
    let issued_on = estate.today(scope.clock());
    let issuing = Issue { run: None, replaces: Some(bill.id), issued_on };
    let bills = plan::bills_of(scope, &wanted, planned, &issuing).await?;
    let issued = issue(scope, bills).await?;
    let new = issued.first().copied();
    let new = new.ok_or_else(|| Refused::Conflict(say::owes_nothing()))?;
    apply_prepayments(scope, estate, &[bill.account], issued_on).await?;
    Ok(new)
}
