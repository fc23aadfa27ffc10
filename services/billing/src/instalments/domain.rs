//! Instalment plans: how a debt is divided, and whether the plan is kept.
//!
//! Nothing but the payments and the day decides: a plan is broken by the first instalment that is
//! not fully paid at the end of its day, and stays so.

use crate::{
    ids::{BillId, BillingAccountId, PlanId},
    late_fees::Pause,
    say,
};
use authz::UserId;
use chrono::{DateTime, Days, NaiveDate, Utc};
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Currency, Fen, round_half_up};

/// The most instalments of one plan.
pub const MAX_PARTS: usize = 36;
/// The most bills of one plan.
pub const MAX_BILLS: usize = 100;

/// What people have decided about a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlanState {
    /// Waits for another person's decision.
    Proposed,
    /// Agreed.
    Agreed,
    /// Refused.
    Rejected,
    /// Given up, before or after it was agreed.
    Cancelled,
}

/// What a plan is on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanStatus {
    /// Waits for another person's decision.
    Proposed,
    /// Agreed, and nothing is missed so far.
    Agreed,
    /// All of it is paid.
    Kept,
    /// An instalment was not fully paid at the end of its day.
    Broken,
    /// Refused.
    Rejected,
    /// Given up.
    Cancelled,
}

/// One instalment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// The last day to pay it.
    pub due: NaiveDate,
    /// How much.
    pub amount: Fen,
}

/// What of one bill a plan spreads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanBill {
    /// The bill.
    pub bill: BillId,
    /// Principal that was open.
    pub principal: Fen,
    /// Late fee that was owed, and is not to grow.
    pub late_fee: Fen,
}

/// An instalment plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// The estate.
    pub estate: EstateId,
    /// Whose debt it spreads.
    pub account: BillingAccountId,
    /// The currency.
    pub currency: Currency,
    /// Why.
    pub reason: String,
    /// What people have decided.
    pub state: PlanState,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// When; what is paid from then on counts.
    pub proposed_at: DateTime<Utc>,
    /// That day in the estate: the late fee is kept as it was on it.
    pub proposed_on: NaiveDate,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// The day on which it was given up.
    pub cancelled_on: Option<NaiveDate>,
    /// The reason of the decision, or of giving it up.
    pub decision: Option<String>,
    /// The instalments in order.
    pub instalments: Vec<Instalment>,
    /// The bills.
    pub bills: Vec<PlanBill>,
}

/// How a plan stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is.
    pub status: PlanStatus,
    /// What was paid of it.
    pub paid: Fen,
    /// The day of the instalment that broke it.
    pub broken_on: Option<NaiveDate>,
    /// The day on which the last of it was paid.
    pub paid_on: Option<NaiveDate>,
}

impl Plan {
    /// All of it.
    pub fn total(&self) -> Fen {
        self.instalments.iter().map(|part| part.amount).sum()
    }

    /// How it stands on `on`, after what its bills got since it was proposed, by day.
    pub fn standing(&self, paid: &[(NaiveDate, Fen)], on: NaiveDate) -> Standing {
        let by = |day: NaiveDate| -> Fen {
            paid.iter().filter(|(at, _)| *at <= day).map(|(_, amount)| *amount).sum()
        };
        let last = self.cancelled_on.map_or(on, |end| end.min(on));
        let mut owed = Fen::ZERO;
        let mut broken_on = None;
        for part in &self.instalments {
            owed += part.amount;
            if part.due < last && by(part.due) < owed {
                broken_on = Some(part.due);
                break;
            }
        }
        let mut days: Vec<NaiveDate> = paid.iter().map(|(day, _)| *day).collect();
        days.sort_unstable();
        let whole = |day: &NaiveDate| *day <= on && by(*day) >= self.total();
        let paid_on = days.into_iter().find(whole).filter(|_| broken_on.is_none());
        let status = match self.state {
            PlanState::Proposed => PlanStatus::Proposed,
            PlanState::Rejected => PlanStatus::Rejected,
            PlanState::Agreed | PlanState::Cancelled if broken_on.is_some() => PlanStatus::Broken,
            PlanState::Cancelled => PlanStatus::Cancelled,
            PlanState::Agreed if paid_on.is_some() => PlanStatus::Kept,
            PlanState::Agreed => PlanStatus::Agreed,
        };
        Standing { status, paid: by(on).max(Fen::ZERO), broken_on, paid_on }
    }

    /// The days on which its bills' late fees stay as they were when it was proposed: until the
    /// missed instalment's day, the day it was given up, or the day it was paid.
    pub fn pause(&self, paid: &[(NaiveDate, Fen)], on: NaiveDate) -> Option<Pause> {
        let agreed = self.decided_at.is_some()
            && matches!(self.state, PlanState::Agreed | PlanState::Cancelled);
        if !agreed {
            return None;
        }
        let standing = self.standing(paid, on);
        let ends = [standing.broken_on, self.cancelled_on, standing.paid_on];
        let to = ends.into_iter().flatten().min();
        Some(Pause { from: self.proposed_on + Days::new(1), to })
    }
}

/// Divides a debt into `parts`: every part but the last is the rounded share, the last takes the
/// residue.
///
/// # Errors
/// [`Invalid`] when a part would be nothing, or there are too few or too many.
pub fn divide(total: Fen, parts: usize) -> Result<Vec<Fen>, Invalid> {
    let count = i64::try_from(parts).unwrap_or(i64::MAX);
    if !(2..=MAX_PARTS).contains(&parts) {
        return Err(Invalid::new("dueDates", expected::items(2, MAX_PARTS)));
    }
    if total.0 < count {
        return Err(Invalid::new("dueDates", say::instalments_too_small()));
    }
    let rounded = round_half_up(total.0.into(), count.into());
    // Where a share is hardly a fen, rounding up would leave nothing for the last.
    let each = if rounded * (count - 1) < total.0 { rounded } else { total.0 / count };
    let mut all = vec![Fen(each); parts - 1];
    all.push(Fen(total.0 - each * (count - 1)));
    Ok(all)
}

/// The instalments of a debt on these days.
///
/// # Errors
/// [`Invalid`] when the days are not each after the one before, or one is not after `today`.
pub fn schedule(
    total: Fen,
    dates: &[NaiveDate],
    today: NaiveDate,
) -> Result<Vec<Instalment>, Invalid> {
    let amounts = divide(total, dates.len())?;
    let late = dates.first().is_some_and(|first| *first <= today);
    if late || dates.windows(2).any(|pair| pair[1] <= pair[0]) {
        return Err(Invalid::new("dueDates", say::instalment_days()));
    }
    let parts = dates.iter().zip(amounts);
    Ok(parts.map(|(due, amount)| Instalment { due: *due, amount }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan(total: i64, days: &[&str]) -> Plan {
        let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
        let user = UserId::from_uuid(Uuid::from_u128(1));
        Plan {
            id: PlanId::from_uuid(Uuid::from_u128(1)),
            estate: EstateId::from_uuid(Uuid::from_u128(1)),
            account: BillingAccountId::from_uuid(Uuid::from_u128(1)),
            currency: Currency::CNY,
            reason: String::new(),
            state: PlanState::Agreed,
            proposed_by: user,
            proposed_at: "2026-08-01T04:00:00Z".parse().unwrap(),
            proposed_on: day("2026-08-01"),
            decided_by: Some(user),
            decided_at: Some("2026-08-02T04:00:00Z".parse().unwrap()),
            cancelled_on: None,
            decision: None,
            instalments: schedule(Fen(total), &days, day("2026-08-01")).unwrap(),
            bills: Vec::new(),
        }
    }

    const DAYS: [&str; 3] = ["2026-08-15", "2026-09-15", "2026-10-15"];

    #[test]
    fn scenario_7_three_instalments_with_the_residue_on_the_last() {
        let amounts = divide(Fen(38_990), 3).unwrap();
        assert_eq!(amounts, [Fen(12_997), Fen(12_997), Fen(12_996)]);
        assert_eq!(divide(Fen(2), 3).unwrap_err().field, "dueDates");
        assert_eq!(divide(Fen(200), 1).unwrap_err().field, "dueDates");
        let backwards = [day("2026-09-15"), day("2026-09-15")];
        assert!(schedule(Fen(200), &backwards, day("2026-08-01")).is_err());
        assert!(
            schedule(Fen(200), &[day("2026-08-01"), day("2026-08-02")], day("2026-08-01")).is_err()
        );
    }

    #[test]
    fn a_plan_is_kept_or_broken_by_what_is_paid_at_the_end_of_the_day() {
        let plan = plan(38_990, &DAYS);
        let status = |paid: &[(NaiveDate, Fen)], on| plan.standing(paid, day(on)).status;
        assert_eq!(status(&[], "2026-08-15"), PlanStatus::Agreed);
        let missed = plan.standing(&[], day("2026-08-16"));
        assert_eq!(missed.status, PlanStatus::Broken);
        assert_eq!(missed.broken_on, Some(day("2026-08-15")));
        let first = (day("2026-08-15"), Fen(12_997));
        assert_eq!(status(&[first], "2026-09-15"), PlanStatus::Agreed);
        assert_eq!(status(&[first], "2026-09-16"), PlanStatus::Broken);
        // A day late heals nothing.
        let late = (day("2026-09-16"), Fen(25_993));
        assert_eq!(status(&[first, late], "2026-12-01"), PlanStatus::Broken);
        let early = (day("2026-09-01"), Fen(25_993));
        assert_eq!(status(&[first, early], "2026-12-01"), PlanStatus::Kept);
        // One fen is missing, or went back.
        let back = (day("2026-10-15"), Fen(-1));
        assert_eq!(status(&[first, early, back], "2026-10-16"), PlanStatus::Broken);
    }

    #[test]
    fn the_late_fee_rests_until_the_missed_day() {
        let mut plan = plan(38_990, &DAYS);
        let from = day("2026-08-02");
        assert_eq!(plan.pause(&[], day("2026-08-15")), Some(Pause { from, to: None }));
        let broken = Some(Pause { from, to: Some(day("2026-08-15")) });
        assert_eq!(plan.pause(&[], day("2026-08-16")), broken);
        plan.state = PlanState::Cancelled;
        plan.cancelled_on = Some(day("2026-08-10"));
        let cancelled = Some(Pause { from, to: Some(day("2026-08-10")) });
        assert_eq!(plan.pause(&[], day("2026-12-01")), cancelled);
        plan.state = PlanState::Proposed;
        assert_eq!(plan.pause(&[], day("2026-08-15")), None);
    }

    proptest! {
        #[test]
        fn the_instalments_are_the_debt_and_none_is_nothing(
            total in 2_i64..1_000_000_000, parts in 2_usize..=MAX_PARTS,
        ) {
            let Ok(all) = divide(Fen(total), parts) else {
                prop_assert!(total < i64::try_from(parts).unwrap());
                return Ok(());
            };
            prop_assert_eq!(all.len(), parts);
            prop_assert_eq!(all.iter().copied().sum::<Fen>(), Fen(total));
            prop_assert!(all.iter().all(|part| part.is_positive()));
            prop_assert!(all[1..parts - 1].iter().all(|part| *part == all[0]));
        }
    }
}
