//! The first reminder, which nobody has to send by hand.

use super::{
    record::{follow, publish, script},
    repo::{self, Action, NewAction},
};
use crate::{
    accounts::BillingAccount,
    bills::Bill,
    dunning::{
        cases::{Case, cause},
        demand,
        domain::{Channel, Step},
        ladder::Ladder,
    },
    error::Refused,
    estates::Estate,
    ids::DunningActionId,
};
use authz::AuditFact;
use db::TenantScope;

/// Sends the first reminder to the app, once the hour is decent and the day's message is not used
/// up; `false` while it has to wait.
pub(crate) async fn remind(
    scope: &TenantScope,
    (estate, account): (&Estate, &BillingAccount),
    (case, ladder): (&mut Case, &Ladder),
    bills: &[Bill],
) -> Result<bool, Refused> {
    let (now, today) = (scope.now(), estate.today(scope.clock()));
    let sent = repo::messages_on(scope, account.id, today).await?;
    if !ladder.may_contact(estate.zone, now) || sent >= u64::from(ladder.messages_a_day) {
        return Ok(false);
    }
    let demands = demand::demands(scope, estate, bills, today).await?;
    let (name, text) =
        script(scope, (estate, account, ladder), Step::Reminder, &demands, today).await?;
    let action = Action {
        id: DunningActionId::from_uuid(scope.new_id()),
        case: case.id,
        estate: case.estate,
        account: case.account,
        building: case.building,
        step: Some(Step::Reminder),
        channel: Channel::App,
        staff: None,
        second: None,
        script: name,
        happened_at: now,
        happened_on: today,
        demanded: demand::sum(&demands),
        text: Some(text),
        reply: None,
        reason: None,
        acknowledged_on: None,
        note: None,
        corrects: None,
    };
    let new = NewAction {
        action: &action,
        demands: &demands,
        delivered: None,
        zone: estate.zone,
        promise: None,
    };
    repo::insert(scope, &new).await?;
    follow(scope, case, &action).await?;
    publish(scope, account, &action).await?;
    let fact = AuditFact {
        action: "dunning_action.reminded",
        object: action.id.to_string(),
        estate: Some(estate.id),
        reason: None,
        detail: action.demanded,
    };
    cause(estate.id).audit(scope, fact).await?;
    Ok(true)
}
