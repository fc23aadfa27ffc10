//! Recording a contact.

use super::{
    domain::{Contact, Delivered, proper},
    repo::{self, Action, NewAction},
};
use crate::{
    accounts::{self, BillingAccount},
    bills::Bill,
    dunning::{
        DUNNING_CALL, DUNNING_READ, DUNNING_WORK,
        cases::{self, Case},
        demand::{self, Demand},
        domain::{Channel, ReasonClass, Stage, Step, TaskState},
        ladder::{self, Ladder},
        pauses,
        right::{act_on, colleague},
        templates::{self, Facts, Wording},
    },
    error::Refused,
    estates::{self, Estate},
    ids::{BillId, DunningActionId, DunningCaseId},
    say,
};
use authz::{AuditFact, Caller, Denied, Permission, PolicyStore, UserId, audit, keyed};
use chrono::{DateTime, NaiveDate, Utc};
use contracts::billing::DunningMessageSent;
use db::{Db, IdempotencyKey, StorageError, TenantScope};
use errors::{Invalid, expected};
use money::Fen;
use serde::{Deserialize, Serialize};

/// Whom one may take along: everybody who works in the estate sees it.
const STAFF: Permission = Permission::new("estate.read");

/// The longest reply or note.
const MAX_TEXT: usize = 1000;

/// That the debtor will pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Promised {
    /// How much,
    pub amount: Fen,
    /// until when.
    pub due_on: NaiveDate,
}

/// What was done and what came back.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Record {
    pub case: DunningCaseId,
    /// The step of the ladder; `None` for a call or visit beside it.
    pub step: Option<Step>,
    pub channel: Channel,
    pub second: Option<UserId>,
    /// `None`: now.
    pub happened_at: Option<DateTime<Utc>>,
    pub delivered: Option<Delivered>,
    pub reply: Option<String>,
    pub reason: Option<ReasonClass>,
    /// Whether the debtor said that the debt is owed.
    pub acknowledged: bool,
    pub promise: Option<Promised>,
    pub note: Option<String>,
    /// Only these bills; none for all that are due and not held.
    pub bills: Vec<BillId>,
}

/// Records a contact with what it demanded; a step's task is done by it.
#[tracing::instrument(name = "usecase.dunning.record", skip_all, fields(case.id = %command.case))]
pub(crate) async fn record(
    db: &Db,
    (caller, policy): (&Caller, &PolicyStore),
    command: Record,
    key: &IdempotencyKey,
) -> Result<DunningActionId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let case = cases::find(&scope, command.case).await?.ok_or(Denied::Hidden)?;
    let right = if command.channel == Channel::Call { DUNNING_CALL } else { DUNNING_WORK };
    let (_, right) = act_on(&scope, caller, case.account, (right, DUNNING_READ)).await?;
    if let Some(user) = command.second {
        colleague(policy, &right, user, STAFF)?;
    }
    for bill in &command.bills {
        let bill = crate::bills::find(&scope, *bill).await?.ok_or(Denied::Hidden)?;
        if bill.account != case.account {
            return Err(Denied::Hidden.into());
        }
    }
    drop(scope);
    for (field, text) in [("reply", &command.reply), ("note", &command.note)] {
        if text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
            return Err(Invalid::new(field, expected::length(1, MAX_TEXT)).into());
        }
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "record_dunning_action", key, &input, move |scope| {
        Box::pin(async move { keep(scope, &actor, command).await })
    })
    .await
}

async fn keep(
    scope: &TenantScope,
    actor: &Caller,
    command: Record,
) -> Result<DunningActionId, Refused> {
    let found = cases::find(scope, command.case).await?.ok_or(Denied::Hidden)?;
    let account = accounts::lock(scope, found.account).await?.ok_or(Denied::Hidden)?;
    let estate = estates::find(scope, account.estate).await?.ok_or(Denied::Hidden)?;
    // Who has paid meanwhile is not dunned.
    cases::advance(scope, &estate, &account).await?;
    let mut case = cases::lock(scope, command.case).await?.ok_or(Denied::Hidden)?;
    if case.closed_on.is_some() {
        return Err(Refused::Conflict(say::dunning_case_over()));
    }
    if case.held {
        return Err(Refused::Conflict(say::dunning_held()));
    }
    let ladder = ladder::version(scope, estate.id, case.ladder_version).await?.ladder;
    let at = command.happened_at.unwrap_or_else(|| scope.now());
    let contact = Contact {
        step: command.step,
        channel: command.channel,
        staff: actor.user(),
        second: command.second,
        at,
        delivered: command.delivered.as_ref(),
    };
    proper(&contact, (&ladder, estate.zone), (case.opened_on, scope.now()))?;
    let day = at.with_timezone(&estate.zone).date_naive();
    may_be_done(scope, &case, &ladder, (command.step, command.channel, day)).await?;
    promise_of(&command, day)?;
    let bills = demanded(scope, &estate, &account, &case, &command.bills).await?;
    let demands = demand::demands(scope, &estate, &bills, day).await?;
    let words = match command.step {
        Some(step) => Some(script(scope, (&estate, &account, &ladder), step, &demands, day).await?),
        None => None,
    };
    let action = action_of(scope, actor, (&case, &command), (at, day), words, &demands);
    let new = NewAction {
        action: &action,
        demands: &demands,
        delivered: command.delivered.as_ref().map(|it| (it, actor.user())),
        zone: estate.zone,
        promise: command.promise,
    };
    repo::insert(scope, &new).await?;
    follow(scope, &mut case, &action).await?;
    publish(scope, &account, &action).await?;
    let fact = AuditFact {
        action: "dunning_action.recorded",
        object: action.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: serde_json::json!({ "step": action.step, "channel": action.channel,
            "demanded": action.demanded }),
    };
    audit(scope, actor, fact).await?;
    Ok(action.id)
}

fn action_of(
    scope: &TenantScope,
    actor: &Caller,
    (case, command): (&Case, &Record),
    (at, day): (DateTime<Utc>, NaiveDate),
    words: Option<(String, Wording)>,
    demands: &[Demand],
) -> Action {
    let (script, text) = words.unzip();
    let text = text.filter(|_| !matches!(command.channel, Channel::Call | Channel::Visit));
    let acknowledged = command.acknowledged || command.promise.is_some();
    let plain = |text: &Option<String>| {
        text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    Action {
        id: DunningActionId::from_uuid(scope.new_id()),
        case: case.id,
        estate: case.estate,
        account: case.account,
        building: case.building,
        step: command.step,
        channel: command.channel,
        staff: Some(actor.user()),
        second: command.second,
        script: script.unwrap_or_default(),
        happened_at: at,
        happened_on: day,
        demanded: demand::sum(demands),
        text,
        reply: plain(&command.reply),
        reason: command.reason,
        acknowledged_on: acknowledged.then_some(day),
        note: plain(&command.note),
        corrects: None,
    }
}

/// Whether the step has come, has cooled down, and leaves room for a message.
async fn may_be_done(
    scope: &TenantScope,
    case: &Case,
    ladder: &Ladder,
    (step, channel, day): (Option<Step>, Channel, NaiveDate),
) -> Result<(), Refused> {
    if let Some(step) = step {
        let tasks = cases::tasks_of(scope, [case.id]).await?;
        let come = tasks.iter().any(|task| {
            task.step == step && matches!(task.state, TaskState::Open | TaskState::Done)
        });
        if !come {
            return Err(Refused::Conflict(say::dunning_step_not_due()));
        }
        if let Some(last) = repo::last_of(scope, case.id, step).await? {
            let again = ladder.again_from(step, last);
            if day < again {
                return Err(Refused::Conflict(say::dunning_cool_down(again)));
            }
        }
    }
    if channel.is_message()
        && repo::messages_on(scope, case.account, day).await? >= u64::from(ladder.messages_a_day)
    {
        return Err(Refused::Conflict(say::dunning_one_message_a_day()));
    }
    Ok(())
}

fn promise_of(command: &Record, day: NaiveDate) -> Result<(), Invalid> {
    let Some(promise) = command.promise else { return Ok(()) };
    if !promise.amount.is_positive() {
        return Err(Invalid::new("promiseAmount", expected::above_zero()));
    }
    if promise.due_on < day {
        return Err(Invalid::new("promiseDueOn", expected::not_before("happenedAt")));
    }
    Ok(())
}

/// The bills that a contact demands.
async fn demanded(
    scope: &TenantScope,
    estate: &Estate,
    account: &BillingAccount,
    case: &Case,
    named: &[BillId],
) -> Result<Vec<Bill>, Refused> {
    let today = estate.today(scope.clock());
    let hold = pauses::of_account(scope, account, case.opened_on).await?;
    let due = cases::due_bills(scope, account.id, today).await?;
    let open: Vec<Bill> = due.into_iter().filter(|bill| hold.lets(bill.id)).collect();
    if named.is_empty() {
        return Ok(open);
    }
    let wanted: Vec<Bill> = open.into_iter().filter(|bill| named.contains(&bill.id)).collect();
    if named.iter().any(|id| wanted.iter().all(|bill| bill.id != *id)) {
        return Err(Invalid::new("billIds", say::dunning_bill_not_demanded()).into());
    }
    Ok(wanted)
}

/// The text of a step filled in, with the name of its version.
pub(super) async fn script(
    scope: &TenantScope,
    (estate, account, ladder): (&Estate, &BillingAccount, &Ladder),
    step: Step,
    demands: &[Demand],
    day: NaiveDate,
) -> Result<(String, Wording), StorageError> {
    let (version, wording) = templates::in_force(scope, estate.id, step).await?;
    let unit = match account.debtor.unit {
        Some(unit) => estates::unit(scope, unit).await?.map(|unit| unit.label),
        None => None,
    };
    let facts = Facts {
        estate: estate.name.clone(),
        unit: unit.unwrap_or_else(|| estate.name.clone()),
        name: account.name.shown.clone(),
        debt: demand::sum(demands),
        due: demands.iter().map(|demand| demand.due).min().unwrap_or(day),
        pay_by: ladder::after(day, ladder.rung(step).map_or(0, |rung| rung.grace)),
    };
    let name = db::stored::word(step)?;
    Ok((format!("{name}/{version}"), wording.filled(&facts)))
}

/// What a contact changes of its case.
pub(super) async fn follow(
    scope: &TenantScope,
    case: &mut Case,
    action: &Action,
) -> Result<(), StorageError> {
    if let Some(step) = action.step {
        cases::done(scope, case.id, step, action.id).await?;
        if case.stage < Stage::Litigation {
            case.stage = case.stage.max(step.stage());
        }
    }
    case.reason_class = action.reason.or(case.reason_class);
    cases::save(scope, case).await
}

/// Tells whoever delivers messages.
pub(super) async fn publish(
    scope: &TenantScope,
    account: &BillingAccount,
    action: &Action,
) -> Result<(), StorageError> {
    let Some(text) = action.text.as_ref().filter(|_| action.channel.is_message()) else {
        return Ok(());
    };
    let event = DunningMessageSent {
        action: action.id.to_string(),
        estate: account.estate,
        unit: account.debtor.unit,
        debtor: account.debtor.party,
        text_zh: text.zh.clone(),
        text_en: text.en.clone(),
    };
    events::publish(scope, &event).await.map(drop)
}
