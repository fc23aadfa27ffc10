//! What the paper of a demand shows: what the contact demanded, as it was on its day.

use super::repo::{self, attached};
use crate::{
    accounts::BillingAccount,
    bills::{self, Bill},
    dunning::{
        DUNNING_READ, cases,
        domain::Step,
        ladder::{self, Ladder, after},
        right::act_on,
    },
    error::Refused,
    estates,
    ids::DunningActionId,
    late_fees, say,
};
use authz::{Caller, Denied};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use errors::Invalid;
use money::Fen;
use texts::Text;

/// The days that a notice leaves to pay where a ladder says nothing (handbook chapter 27).
const USUAL_GRACE: u32 = 7;

/// One bill that was demanded.
pub(crate) struct Demanded {
    /// The bill.
    pub bill: Bill,
    /// What was open of it.
    pub principal: Fen,
    /// What its lateness came to.
    pub late_fee: Fen,
    /// How that is computed, where it still comes to the same.
    pub arithmetic: Option<Text>,
}

/// A demand on paper.
pub(crate) struct Notice {
    /// Of whom.
    pub account: BillingAccount,
    /// The day of the demand; days of delay count until then.
    pub on: NaiveDate,
    /// The last day to pay.
    pub pay_by: NaiveDate,
    /// What was demanded, the oldest due first.
    pub lines: Vec<Demanded>,
    /// Whether it was recorded by mistake.
    pub is_undone: bool,
}

/// The demand of a contact that the caller may see.
///
/// # Errors
/// [`Denied::Hidden`] for a contact that is not there; [`Invalid`] for one that demanded nothing.
pub(crate) async fn notice(
    scope: &TenantScope,
    caller: &Caller,
    id: DunningActionId,
) -> Result<Notice, Refused> {
    let action = repo::find(scope, id).await?.ok_or(Denied::Hidden)?;
    let (account, _) = act_on(scope, caller, action.account, (DUNNING_READ, DUNNING_READ)).await?;
    let estate = estates::find(scope, action.estate).await?.ok_or(Denied::Hidden)?;
    let case = cases::find(scope, action.case).await?.ok_or(Denied::Hidden)?;
    let ladder = ladder::version(scope, estate.id, case.ladder_version).await?.ladder;
    let mut with = attached(scope, &[id]).await?;
    let demanded = with.bills.remove(&id);
    let demanded = demanded.ok_or_else(|| Invalid::new("actionId", say::dunning_no_notice()))?;
    let ids: Vec<_> = demanded.iter().map(|(bill, ..)| *bill).collect();
    let bills = bills::by_id(scope, &ids).await?;
    let quotes = late_fees::quote(scope, &estate, &bills, action.happened_on).await?;
    let mut lines = Vec::with_capacity(demanded.len());
    for (bill, principal, late_fee) in demanded {
        let arithmetic = quotes.get(&bill).and_then(|quote| quote.words_of(late_fee));
        let bill = bills.iter().find(|known| known.id == bill).ok_or(Denied::Hidden)?.clone();
        lines.push(Demanded { bill, principal, late_fee, arithmetic });
    }
    lines.sort_by_key(|line| (line.bill.due, line.bill.id));
    Ok(Notice {
        pay_by: after(action.happened_on, grace(&ladder, action.step)),
        on: action.happened_on,
        is_undone: with.corrected_by.contains_key(&id),
        account,
        lines,
    })
}

/// In how many days to pay: as the step says, else as the first notice does.
fn grace(ladder: &Ladder, step: Option<Step>) -> u32 {
    let steps = step.into_iter().chain([Step::FirstNotice]);
    let mut graces = steps.filter_map(|step| ladder.rung(step)).map(|rung| rung.grace);
    graces.find(|grace| *grace > 0).unwrap_or(USUAL_GRACE)
}

/// Whether a demand was recorded by mistake.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_undone(
    scope: &TenantScope,
    id: DunningActionId,
) -> Result<bool, StorageError> {
    repo::is_corrected(scope, id).await
}
