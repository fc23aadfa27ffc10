//! Recording applications and what happens to the fund.

use super::{
    FUND_READ, FUND_RECORD,
    domain::{Application, FundKind, FundRecord, Votes},
    repo,
};
use crate::{
    error::Refused,
    estates,
    ids::{FundApplicationId, FundRecordId},
    owners_funds::common::text,
    say,
};
use authz::{AuditFact, Caller, Denied, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Invalid, expected};
use ids::EstateId;
use money::Fen;

/// Record how owners voted on a use.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Apply {
    pub(crate) estate: EstateId,
    pub(crate) purpose: String,
    pub(crate) amount: Fen,
    pub(crate) voted_on: NaiveDate,
    pub(crate) document: String,
    pub(crate) votes: Votes,
}

/// Records an application with its votes, passed or not.
#[tracing::instrument(name = "usecase.fund.apply", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn apply(
    db: &Db,
    caller: &Caller,
    command: Apply,
    key: &IdempotencyKey,
) -> Result<Application, Refused> {
    let rights = (FUND_RECORD, FUND_READ);
    estates::permitted(db, caller, rights, command.estate).await?;
    let (actor, input) = (caller.clone(), command.clone());
    let id = keyed(db, caller, "record_fund_application", key, &input, move |scope| {
        Box::pin(async move { applied(scope, &actor, &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::application(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn applied(
    scope: &TenantScope,
    caller: &Caller,
    command: &Apply,
) -> Result<FundApplicationId, Refused> {
    above_zero(command.amount)?;
    let new = Application {
        id: FundApplicationId::from_uuid(scope.new_id()),
        estate: command.estate,
        purpose: text("purpose", &command.purpose, 200)?,
        amount: command.amount,
        voted_on: command.voted_on,
        document: text("document", &command.document, 200)?,
        votes: command.votes.checked()?,
        recorded: (caller.user(), scope.now()),
    };
    repo::insert_application(scope, &new).await?;
    let fact = AuditFact {
        action: "fund.application_recorded",
        object: new.id.to_string(),
        estate: Some(new.estate),
        reason: Some(&new.purpose),
        detail: serde_json::json!({ "amount": new.amount, "passed": new.votes.pass() }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(new.id)
}

/// Record what happened to the fund.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Record {
    pub(crate) estate: EstateId,
    pub(crate) kind: FundKind,
    pub(crate) day: NaiveDate,
    pub(crate) amount: Fen,
    pub(crate) document: String,
    pub(crate) memo: String,
    pub(crate) application: Option<FundApplicationId>,
}

/// Records a deposit, interest, a correction, or a use that the owners voted for.
#[tracing::instrument(name = "usecase.fund.record", skip_all, fields(estate.id = %command.estate))]
pub(crate) async fn record(
    db: &Db,
    caller: &Caller,
    command: Record,
    key: &IdempotencyKey,
) -> Result<FundRecord, Refused> {
    let rights = (FUND_RECORD, FUND_READ);
    estates::permitted(db, caller, rights, command.estate).await?;
    let (actor, input) = (caller.clone(), command.clone());
    let id = keyed(db, caller, "record_fund", key, &input, move |scope| {
        Box::pin(async move { recorded(scope, &actor, &command).await })
    })
    .await?;
    let scope = db.read(caller.tenant()).await?;
    Ok(repo::one(&scope, id).await?.ok_or(Denied::Hidden)?)
}

async fn recorded(
    scope: &TenantScope,
    caller: &Caller,
    command: &Record,
) -> Result<FundRecordId, Refused> {
    // One at a time: two uses together do not take more than there is.
    let rights = (FUND_RECORD, FUND_READ);
    let estate = estates::held(scope, caller, rights, command.estate).await?;
    if command.kind == FundKind::Correction {
        if command.amount.is_zero() {
            return Err(Invalid::new("amount", say::correction_of_nothing()).into());
        }
    } else {
        above_zero(command.amount)?;
    }
    let today = estate.today(scope.clock());
    if command.day > today {
        return Err(Invalid::new("day", say::not_in_future()).into());
    }
    check(scope, command, today).await?;
    let memo = command.memo.trim();
    if memo.chars().count() > 500 {
        return Err(Invalid::new("memo", expected::length(0, 500)).into());
    }
    let new = FundRecord {
        id: FundRecordId::from_uuid(scope.new_id()),
        estate: command.estate,
        kind: command.kind,
        day: command.day,
        amount: command.amount,
        document: text("document", &command.document, 200)?,
        memo: memo.to_owned(),
        application: command.application,
        recorded: (caller.user(), scope.now()),
    };
    repo::insert_record(scope, &new).await?;
    let fact = AuditFact {
        action: "fund.recorded",
        object: new.id.to_string(),
        estate: Some(new.estate),
        reason: None,
        detail: serde_json::json!({ "kind": new.kind, "amount": new.amount, "day": new.day }),
    };
    authz::audit(scope, caller, fact).await?;
    Ok(new.id)
}

fn above_zero(amount: Fen) -> Result<(), Invalid> {
    if amount.is_positive() { Ok(()) } else { Err(Invalid::new("amount", expected::above_zero())) }
}

/// A use is one that the owners voted for, within what they allowed and what there is; nothing
/// takes more than there is.
async fn check(scope: &TenantScope, command: &Record, today: NaiveDate) -> Result<(), Refused> {
    match (command.kind, command.application) {
        (FundKind::Use, None) => {
            return Err(Invalid::new("applicationId", say::use_needs_application()).into());
        }
        (FundKind::Use, Some(id)) => {
            let found = repo::application(scope, id).await?;
            let found = found.filter(|found| found.estate == command.estate);
            let found = found.ok_or(Denied::Hidden)?;
            if !found.votes.pass() {
                return Err(Refused::Conflict(say::vote_failed()));
            }
            let left = found.amount - repo::used(scope, id).await?;
            if command.amount > left {
                return Err(Refused::Conflict(say::more_than_approved(left)));
            }
        }
        (_, Some(_)) => return Err(Invalid::new("applicationId", say::only_for_uses()).into()),
        (_, None) => {}
    }
    let there = repo::balance(scope, command.estate, today).await?.balance;
    if (there + command.kind.adds(command.amount)).is_negative() {
        return Err(Refused::Conflict(say::more_than_in_fund(there)));
    }
    Ok(())
}
