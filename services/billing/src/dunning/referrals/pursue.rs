//! A referral's way: a second person approves it, it is filed, it ends.

use super::{
    domain::{Outcome, ReferralState},
    repo::{self, Referral},
};
use crate::{
    accounts,
    dunning::{
        LEGAL_REFERRAL_APPROVE, LEGAL_REFERRAL_CREATE, LEGAL_REFERRAL_READ, cases, domain::Stage,
        right::act_on,
    },
    error::Refused,
    estates,
    ids::LegalReferralId,
    say,
};
use authz::{AuditFact, Caller, Denied, Permission, audit};
use chrono::NaiveDate;
use db::{Db, TenantScope};
use errors::{Invalid, expected};

/// A referral that was filed.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub referral: LegalReferralId,
    pub court_reference: String,
}

/// A referral that ended.
#[derive(Clone, Debug)]
pub(crate) struct Close {
    pub referral: LegalReferralId,
    pub outcome: Outcome,
    pub note: String,
}

/// Approves a referral; who put it together cannot.
#[tracing::instrument(name = "usecase.dunning.approve_referral", skip_all, fields(referral.id = %id))]
pub(crate) async fn approve(db: &Db, caller: &Caller, id: LegalReferralId) -> Result<(), Refused> {
    let (scope, mut it, _) =
        begin(db, caller, id, (LEGAL_REFERRAL_APPROVE, ReferralState::Approved)).await?;
    if it.created_by == caller.user() {
        return Err(Denied::SamePerson(say::referral_second_person()).into());
    }
    it.state = ReferralState::Approved;
    it.approved_by = Some(caller.user());
    it.approved_at = Some(scope.now());
    keep(scope, caller, &it, "legal_referral.approved").await
}

/// Notes that a referral was filed: its case is before a court, or a mediator.
#[tracing::instrument(name = "usecase.dunning.file_referral", skip_all, fields(referral.id = %command.referral))]
pub(crate) async fn file(db: &Db, caller: &Caller, command: File) -> Result<(), Refused> {
    let right = (LEGAL_REFERRAL_CREATE, ReferralState::Filed);
    let (scope, mut it, today) = begin(db, caller, command.referral, right).await?;
    let reference = command.court_reference.trim();
    if !(1..=200).contains(&reference.chars().count()) {
        return Err(Invalid::new("courtReference", expected::length(1, 200)).into());
    }
    it.state = ReferralState::Filed;
    it.filed_on = Some(today);
    it.court_reference = Some(reference.to_owned());
    let case = cases::lock(&scope, it.case).await?;
    if let Some(mut case) = case.filter(|case| case.closed_on.is_none()) {
        case.stage = Stage::Litigation;
        cases::save(&scope, &case).await?;
    }
    keep(scope, caller, &it, "legal_referral.filed").await
}

/// Ends a referral. Written off, its case ends too; the money is waived by whoever may.
#[tracing::instrument(name = "usecase.dunning.close_referral", skip_all, fields(referral.id = %command.referral))]
pub(crate) async fn close(db: &Db, caller: &Caller, command: Close) -> Result<(), Refused> {
    let right = (LEGAL_REFERRAL_CREATE, ReferralState::Closed);
    let (scope, mut it, today) = begin(db, caller, command.referral, right).await?;
    let note = command.note.trim();
    if !(1..=1000).contains(&note.chars().count()) {
        return Err(Invalid::new("note", expected::length(1, 1000)).into());
    }
    if !command.outcome.from(it.state) {
        return Err(Refused::Conflict(say::referral_outcome()));
    }
    it.state = ReferralState::Closed;
    it.closed_on = Some(today);
    it.outcome = Some(command.outcome);
    it.outcome_note = Some(note.to_owned());
    if command.outcome == Outcome::WrittenOff {
        let case = cases::lock(&scope, it.case).await?;
        if let Some(mut case) = case.filter(|case| case.closed_on.is_none()) {
            case.stage = Stage::WrittenOff;
            cases::close(&scope, &mut case, today).await?;
        }
    }
    keep(scope, caller, &it, "legal_referral.closed").await
}

async fn begin(
    db: &Db,
    caller: &Caller,
    id: LegalReferralId,
    (right, next): (Permission, ReferralState),
) -> Result<(TenantScope, Referral, NaiveDate), Refused> {
    let scope = db.write(caller.tenant()).await?;
    let found = repo::find(&scope, id).await?.ok_or(Denied::Hidden)?;
    act_on(&scope, caller, found.account, (right, LEGAL_REFERRAL_READ)).await?;
    accounts::lock(&scope, found.account).await?.ok_or(Denied::Hidden)?;
    let it = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(&scope, it.estate).await?.ok_or(Denied::Hidden)?;
    if !it.state.leads_to(next) {
        return Err(Refused::Conflict(say::referral_state()));
    }
    let today = estate.today(scope.clock());
    Ok((scope, it, today))
}

async fn keep(
    scope: TenantScope,
    caller: &Caller,
    it: &Referral,
    action: &str,
) -> Result<(), Refused> {
    repo::save(&scope, it).await?;
    let fact = AuditFact {
        action,
        object: it.id.to_string(),
        estate: Some(it.estate),
        reason: it.outcome_note.as_deref(),
        detail: serde_json::json!({ "claimed": it.claimed, "outcome": it.outcome }),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(())
}
