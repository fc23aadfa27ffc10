//! Going on with one account: opening its case, firing the steps that are due, settling it.

use super::{
    job::cause,
    repo::{self, Case, Task},
};
use crate::{
    accounts::BillingAccount,
    bills::{self, Bill},
    dunning::{
        actions, demand,
        domain::{Stage, Step, TaskState},
        ladder::{self, Fired, Ladder},
        pauses,
    },
    error::Refused,
    estates::Estate,
    ids::{BillingAccountId, DunningCaseId, DunningTaskId},
    instalments,
};
use authz::AuditFact;
use chrono::NaiveDate;
use db::{StorageError, TenantScope};

/// Brings an account's dunning to where the estate's calendar says it must be today. Whoever calls
/// it holds the account; called twice it does nothing more.
pub(crate) async fn advance(
    scope: &TenantScope,
    estate: &Estate,
    account: &BillingAccount,
) -> Result<(), Refused> {
    let today = estate.today(scope.clock());
    let due = due_bills(scope, account.id, today).await?;
    let planned = instalments::kept_plans(scope, estate, &[account.id], today).await?;
    let unplanned: Vec<Bill> =
        due.iter().filter(|bill| !planned.contains_key(&bill.id)).cloned().collect();
    let open = match repo::open_of(scope, account.id).await? {
        Some(case) => Some(case),
        None => open_if_late(scope, estate, account, &unplanned).await?,
    };
    let Some(mut case) = open else { return Ok(()) };
    if due.is_empty() {
        return settle(scope, case, today).await;
    }
    let ladder = ladder::version(scope, estate.id, case.ladder_version).await?.ladder;
    let hold = pauses::of_account(scope, account, case.opened_on).await?;
    // Who keeps an instalment plan is not asked for what it spreads.
    let demanded: Vec<Bill> = unplanned.into_iter().filter(|bill| hold.lets(bill.id)).collect();
    case.held = demanded.is_empty();
    let mut tasks = repo::tasks_of(scope, [case.id]).await?;
    let next = fire(scope, &case, &ladder, (&mut tasks, hold.until), today).await?;
    let open = |task: &&Task| task.step == Step::Reminder && task.state == TaskState::Open;
    let mut waits = false;
    if tasks.iter().any(|task| open(&task)) && !case.held {
        let sent =
            actions::remind(scope, (estate, account), (&mut case, &ladder), &demanded).await?;
        waits = !sent;
    }
    case.next_on = if waits { Some(today) } else { next };
    repo::save(scope, &case).await?;
    Ok(())
}

/// What an account owes that is due, oldest first, without what was written off.
pub(crate) async fn due_bills(
    scope: &TenantScope,
    account: BillingAccountId,
    today: NaiveDate,
) -> Result<Vec<Bill>, StorageError> {
    let mut due = bills::owed(scope, &[account], today).await?;
    if let Some(day) = repo::written_off(scope, account).await? {
        due.retain(|bill| bill.due > day);
    }
    Ok(due)
}

/// Opens a case for what is overdue.
async fn open_if_late(
    scope: &TenantScope,
    estate: &Estate,
    account: &BillingAccount,
    due: &[Bill],
) -> Result<Option<Case>, Refused> {
    let today = estate.today(scope.clock());
    let late: Vec<Bill> = due.iter().filter(|bill| bill.due < today).cloned().collect();
    if late.is_empty() {
        return Ok(None);
    }
    open_case(scope, estate, account, &late).await.map(Some)
}

/// Opens a case for bills that are due.
pub(super) async fn open_case(
    scope: &TenantScope,
    estate: &Estate,
    account: &BillingAccount,
    late: &[Bill],
) -> Result<Case, Refused> {
    let today = estate.today(scope.clock());
    let demands = demand::demands(scope, estate, late, today).await?;
    // Nobody can have been late before the bill was there.
    let anchor = late.iter().map(|bill| bill.due.max(bill.issued_on)).min().unwrap_or(today);
    let case = Case {
        id: DunningCaseId::from_uuid(scope.new_id()),
        estate: estate.id,
        account: account.id,
        unit: account.debtor.unit,
        building: account.building,
        ladder_version: ladder::in_force(scope, estate.id).await?.version,
        opened_on: today,
        anchor,
        opening_debt: demand::sum(&demands),
        stage: Stage::Clear,
        reason_class: None,
        assigned_to: None,
        held: false,
        next_on: Some(today),
        closed_on: None,
    };
    repo::insert(scope, &case).await?;
    note(scope, "dunning_case.opened", &case, serde_json::json!({ "debt": case.opening_debt }))
        .await?;
    Ok(case)
}

/// Makes a task of every step that is due; the day of the next one.
async fn fire(
    scope: &TenantScope,
    case: &Case,
    ladder: &Ladder,
    (tasks, held_until): (&mut Vec<Task>, Option<NaiveDate>),
    today: NaiveDate,
) -> Result<Option<NaiveDate>, Refused> {
    loop {
        let fired: Vec<Fired> =
            tasks.iter().map(|task| Fired { step: task.step, due: task.due_on }).collect();
        let next = ladder.next(case.anchor, &fired, held_until);
        let Some((step, due)) = next.filter(|(_, due)| *due <= today && !case.held) else {
            return Ok(next.map(|(_, due)| due));
        };
        let task = Task {
            id: DunningTaskId::from_uuid(scope.new_id()),
            case: case.id,
            estate: case.estate,
            account: case.account,
            building: case.building,
            step,
            due_on: due,
            state: TaskState::Open,
            assigned_to: case.assigned_to,
            action: None,
            skip_reason: None,
            skipped_by: None,
        };
        repo::insert_task(scope, &task).await?;
        note(scope, "dunning_task.fired", case, serde_json::json!({ "step": step, "due": due }))
            .await?;
        tasks.push(task);
    }
}

/// Nothing is owed any more.
async fn settle(scope: &TenantScope, mut case: Case, today: NaiveDate) -> Result<(), Refused> {
    case.stage = Stage::Settled;
    close(scope, &mut case, today).await?;
    note(scope, "dunning_case.settled", &case, serde_json::json!({})).await?;
    Ok(())
}

/// Ends a case in the stage it has.
pub(crate) async fn close(
    scope: &TenantScope,
    case: &mut Case,
    today: NaiveDate,
) -> Result<(), Refused> {
    case.closed_on = Some(today);
    case.next_on = None;
    case.held = false;
    repo::cancel_open(scope, case.id).await?;
    repo::save(scope, case).await?;
    Ok(())
}

async fn note(
    scope: &TenantScope,
    action: &str,
    case: &Case,
    detail: serde_json::Value,
) -> Result<(), Refused> {
    let fact = AuditFact {
        action,
        object: case.id.to_string(),
        estate: Some(case.estate),
        reason: None,
        detail,
    };
    Ok(cause(case.estate).audit(scope, fact).await?)
}
