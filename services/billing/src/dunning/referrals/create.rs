//! Putting a referral together.

use super::{
    domain::ReferralState,
    repo::{self, Debt, Referral},
};
use crate::{
    accounts,
    bills::Bill,
    dunning::{
        LEGAL_REFERRAL_CREATE, LEGAL_REFERRAL_READ, actions, cases, demand, limitation, pauses,
        right::act_on,
    },
    error::Refused,
    estates::{self, Estate},
    ids::{DunningCaseId, LegalReferralId},
    say,
};
use authz::{AuditFact, Caller, Denied, audit, keyed};
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{Invalid, expected};
use serde::Serialize;

/// The longest contract terms and note.
const MAX_TEXT: usize = 4000;

/// Give this case to a lawyer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Create {
    pub case: DunningCaseId,
    pub contract_terms: String,
    pub note: Option<String>,
}

/// Puts together what a lawyer needs: the debts that are not disputed, and what was done. Somebody
/// must have been reminded first, and that must be shown.
#[tracing::instrument(name = "usecase.dunning.refer", skip_all, fields(case.id = %command.case))]
pub(crate) async fn create(
    db: &Db,
    caller: &Caller,
    command: Create,
    key: &IdempotencyKey,
) -> Result<LegalReferralId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let case = cases::find(&scope, command.case).await?.ok_or(Denied::Hidden)?;
    act_on(&scope, caller, case.account, (LEGAL_REFERRAL_CREATE, LEGAL_REFERRAL_READ)).await?;
    drop(scope);
    if !(1..=MAX_TEXT).contains(&command.contract_terms.trim().chars().count()) {
        return Err(Invalid::new("contractTerms", expected::length(1, MAX_TEXT)).into());
    }
    if command.note.as_ref().is_some_and(|note| note.chars().count() > MAX_TEXT) {
        return Err(Invalid::new("note", expected::length(1, MAX_TEXT)).into());
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "create_legal_referral", key, &input, move |scope| {
        Box::pin(async move { keep(scope, &actor, command).await })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    command: Create,
) -> Result<LegalReferralId, Refused> {
    let found = cases::find(scope, command.case).await?.ok_or(Denied::Hidden)?;
    let account = accounts::lock(scope, found.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
    cases::advance(scope, &estate, &account).await?;
    let case = cases::lock(scope, command.case).await?.ok_or(Denied::Hidden)?;
    if case.closed_on.is_some() {
        return Err(Refused::Conflict(say::dunning_case_over()));
    }
    if case.held {
        return Err(Refused::Conflict(say::dunning_held()));
    }
    if repo::is_open(scope, case.id).await? {
        return Err(Refused::Conflict(say::referral_open()));
    }
    let standing = actions::of_case(scope, case.id).await?;
    let ids: Vec<_> = standing.iter().map(|action| action.id).collect();
    if actions::attached(scope, &ids).await?.delivered.is_empty() {
        return Err(Refused::Conflict(say::referral_needs_delivery()));
    }
    let hold = pauses::of_account(scope, &account, case.opened_on).await?;
    let due = cases::due_bills(scope, account.id, estate.today(scope.clock())).await?;
    let bills: Vec<Bill> = due.into_iter().filter(|bill| hold.lets(bill.id)).collect();
    let debts = debts(scope, &estate, &bills).await?;
    let referral = Referral {
        id: LegalReferralId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: account.id,
        building: account.building,
        case: case.id,
        state: ReferralState::Draft,
        contract_terms: command.contract_terms.trim().to_owned(),
        note: command.note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty()),
        claimed: debts.iter().map(|debt| debt.principal + debt.late_fee).sum(),
        created_by: actor.user(),
        created_at: scope.now(),
        approved_by: None,
        approved_at: None,
        filed_on: None,
        court_reference: None,
        closed_on: None,
        outcome: None,
        outcome_note: None,
    };
    repo::insert(scope, &referral, &debts).await?;
    let fact = AuditFact {
        action: "legal_referral.created",
        object: referral.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: referral.claimed,
    };
    audit(scope, actor, fact).await?;
    Ok(referral.id)
}

async fn debts(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
) -> Result<Vec<Debt>, StorageError> {
    let today = estate.today(scope.clock());
    let ids: Vec<_> = bills.iter().map(|bill| bill.id).collect();
    let mut restarts = limitation::restarts(scope, estate.zone, &ids).await?;
    let demands = demand::demands(scope, estate, bills, today).await?;
    let debt = |demand: demand::Demand| Debt {
        bill: demand.bill,
        first_month: demand.first_month.first(),
        last_month: demand.last_month.first(),
        due: demand.due,
        principal: demand.principal,
        late_fee: demand.late_fee,
        barred_on: limitation::barred_on(
            demand.due,
            restarts.remove(&demand.bill).unwrap_or_default(),
        ),
    };
    Ok(demands.into_iter().map(debt).collect())
}
