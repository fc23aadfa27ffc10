//! What a deduction is, and when it may be confirmed.

use crate::{
    ids::{DeductionId, DepositId, EntryId, FeeItemId},
    say,
};
use authz::UserId;
use chrono::{DateTime, Days, NaiveDate, Utc};
use money::Fen;
use serde::{Deserialize, Serialize};
use texts::Text;

/// How many days after the delivery of the notice the payer may appeal.
pub const APPEAL_DAYS: u64 = 5;

/// On what grounds money is kept. A property company cannot fine anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeductionClass {
    /// What a repair or clearance has cost, with its voucher.
    DocumentedCost,
    /// Damages that the agreement names.
    AgreedDamages,
    /// Forfeited as the agreement says, e.g. for a card that did not come back.
    AgreedForfeit,
}

/// How far a deduction has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeductionState {
    /// Recorded; the payer may appeal.
    Proposed,
    /// The payer has appealed.
    Appealed,
    /// The appeal was turned down.
    AppealRejected,
    /// The money is kept.
    Confirmed,
    /// Given up, or the appeal was upheld.
    Withdrawn,
}

impl DeductionState {
    /// Whether its money is spoken for but not kept yet.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Appealed | Self::AppealRejected)
    }
}

/// What the payer says against a deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// In the payer's words.
    pub text: String,
    /// Who appealed.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who decided it, when and why.
    pub decided: Option<(UserId, DateTime<Utc>, String)>,
}

/// The notice of a deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The day it was delivered.
    pub on: NaiveDate,
    /// Who delivered it.
    pub by: UserId,
    /// How, with the evidence.
    pub delivery: String,
}

/// The end of a deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Who confirmed or gave up.
    pub by: UserId,
    /// On which day in the estate.
    pub on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: Option<String>,
    /// Its entry in the ledger, once it is confirmed.
    pub entry: Option<EntryId>,
}

/// One deduction from a deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// Its id.
    pub id: DeductionId,
    /// The deposit.
    pub deposit: DepositId,
    /// How much.
    pub amount: Fen,
    /// On what grounds.
    pub class: DeductionClass,
    /// For what.
    pub reason: String,
    /// Where the proof is: a voucher, photos, the clause.
    pub proof: Option<String>,
    /// The fee item that earns it; else other income does.
    pub item: Option<FeeItemId>,
    /// How far it has come.
    pub state: DeductionState,
    /// Who recorded it.
    pub proposed_by: UserId,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// The notice, once it is delivered.
    pub notice: Option<Notice>,
    /// The appeal, if there was one.
    pub appeal: Option<Appeal>,
    /// How it ended.
    pub ended: Option<Ended>,
}

impl Deduction {
    /// The last day on which the payer may appeal, once the notice is delivered.
    pub fn last_day_to_appeal(&self) -> Option<NaiveDate> {
        self.notice.as_ref().map(|notice| last_day_to_appeal(notice.on))
    }

    /// Whether the payer may appeal on `today`.
    pub fn may_be_appealed(&self, today: NaiveDate) -> Result<(), Text> {
        match (self.state, self.last_day_to_appeal()) {
            (DeductionState::Proposed, Some(last)) if today > last => Err(say::appeal_late(last)),
            (DeductionState::Proposed, _) => Ok(()),
            (DeductionState::Appealed | DeductionState::AppealRejected, _) => {
                Err(say::appealed_already())
            }
            _ => Err(say::deduction_ended()),
        }
    }

    /// Whether the money may be kept on `today`: the window has passed or the appeal is decided.
    pub fn may_be_confirmed(&self, today: NaiveDate) -> Result<(), Text> {
        match (self.state, self.last_day_to_appeal()) {
            (DeductionState::Appealed, _) => Err(say::appeal_undecided()),
            (DeductionState::Proposed, None) => Err(say::notice_first()),
            (DeductionState::Proposed, Some(last)) if today <= last => {
                Err(say::appeal_window(last))
            }
            (DeductionState::Proposed | DeductionState::AppealRejected, _) => Ok(()),
            _ => Err(say::deduction_ended()),
        }
    }
}

/// The last day to appeal against a notice that was delivered on this day, which does not count.
pub fn last_day_to_appeal(delivered_on: NaiveDate) -> NaiveDate {
    delivered_on.checked_add_days(Days::new(APPEAL_DAYS)).unwrap_or(NaiveDate::MAX)
}

/// Whether a text claims a power to punish that a property company does not have.
pub fn speaks_of_a_fine(text: &str) -> bool {
    let in_chinese = ["罚款", "罚金", "处罚"].iter().any(|word| text.contains(word));
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).map(str::to_ascii_lowercase);
    in_chinese || words.into_iter().any(|word| ["fine", "fines", "fined"].contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn proposed() -> Deduction {
        Deduction {
            id: DeductionId::from_uuid(Uuid::from_u128(1)),
            deposit: DepositId::from_uuid(Uuid::from_u128(2)),
            amount: Fen(15_000),
            class: DeductionClass::DocumentedCost,
            reason: "清运".to_owned(),
            proof: Some("FP-1".to_owned()),
            item: None,
            state: DeductionState::Proposed,
            proposed_by: UserId::from_uuid(Uuid::from_u128(3)),
            proposed_at: "2026-07-21T00:00:00Z".parse().unwrap(),
            notice: None,
            appeal: None,
            ended: None,
        }
    }

    fn notified(on: &str) -> Deduction {
        let notice =
            Notice { on: day(on), by: proposed().proposed_by, delivery: "当面".to_owned() };
        Deduction { notice: Some(notice), ..proposed() }
    }

    #[test]
    fn the_window_is_five_days_after_the_delivery() {
        let told = notified("2026-07-20");
        assert_eq!(told.last_day_to_appeal(), Some(day("2026-07-25")));
        assert!(told.may_be_appealed(day("2026-07-25")).is_ok());
        assert!(told.may_be_appealed(day("2026-07-26")).is_err());
        assert!(told.may_be_confirmed(day("2026-07-25")).is_err());
        assert!(told.may_be_confirmed(day("2026-07-26")).is_ok());
        // Over a leap day and the end of a year.
        assert_eq!(last_day_to_appeal(day("2028-02-25")), day("2028-03-01"));
        assert_eq!(last_day_to_appeal(day("2026-12-29")), day("2027-01-03"));
    }

    #[test]
    fn without_a_notice_nothing_is_kept_however_late_it_is() {
        assert!(proposed().may_be_confirmed(day("2036-01-01")).is_err());
        assert!(proposed().may_be_appealed(day("2036-01-01")).is_ok());
    }

    #[test]
    fn an_appeal_holds_the_money_until_it_is_decided() {
        let appealed = Deduction { state: DeductionState::Appealed, ..notified("2026-07-20") };
        assert!(appealed.may_be_confirmed(day("2026-09-01")).is_err());
        assert!(appealed.may_be_appealed(day("2026-07-21")).is_err());
        let rejected = Deduction { state: DeductionState::AppealRejected, ..appealed };
        assert!(rejected.may_be_confirmed(day("2026-07-21")).is_ok());
    }

    #[test]
    fn no_deduction_speaks_of_a_fine() {
        for text in ["罚款200元", "违规处罚", "A fine for drilling", "fined"] {
            assert!(speaks_of_a_fine(text), "{text}");
        }
        for text in ["约定违约金", "清运垃圾", "refined"] {
            assert!(!speaks_of_a_fine(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn either_the_payer_may_still_appeal_or_the_money_may_be_kept(
            delivered in 0_u64..4000, later in 0_u64..40,
        ) {
            let start = day("2026-01-01").checked_add_days(Days::new(delivered)).unwrap();
            let told = notified(&start.to_string());
            let today = start.checked_add_days(Days::new(later)).unwrap();
            prop_assert_ne!(told.may_be_appealed(today).is_ok(), told.may_be_confirmed(today).is_ok());
        }
    }
}
