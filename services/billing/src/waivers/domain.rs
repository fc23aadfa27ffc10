//! What a waiver is, and who may grant it.

use crate::{
    ids::{BillId, BillingAccountId, EntryId, UserId, WaiverId},
    ledger::Toward,
    say,
};
use authz::Denied;
use chrono::{DateTime, Utc};
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Currency, Fen};

/// The longest description of evidence.
const MAX_EVIDENCE: usize = 1000;

/// How far a waiver has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WaiverState {
    /// Waits for another person's decision.
    Requested,
    /// So much less is owed.
    Granted,
    /// It was refused.
    Rejected,
    /// Nobody wants it any more.
    Withdrawn,
    /// It was granted and undone: so much is owed again.
    Reversed,
}

/// A debt, or a part of one, that somebody asks to be waived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Its id.
    pub id: WaiverId,
    /// The estate.
    pub estate: EstateId,
    /// Whose debt.
    pub account: BillingAccountId,
    /// The bill.
    pub bill: BillId,
    /// Its principal or its late fee.
    pub of: Toward,
    /// How much.
    pub amount: Fen,
    /// The currency.
    pub currency: Currency,
    /// Why.
    pub reason: String,
    /// What proves the reason.
    pub evidence: String,
    /// How far it has come.
    pub state: WaiverState,
    /// Who asked for it.
    pub requested_by: UserId,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who decided it.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// The reason of the last decision.
    pub decision: Option<String>,
    /// Who undid it.
    pub reversed_by: Option<UserId>,
    /// When.
    pub reversed_at: Option<DateTime<Utc>>,
    /// Its entry in the ledger; a late fee that nobody paid has none.
    pub entry: Option<EntryId>,
}

impl Waiver {
    /// Whether `by` may decide it: neither who asks nor who took money for the bill (handbook
    /// Part 2 (b), separation of duties 1).
    ///
    /// # Errors
    /// [`Denied::SamePerson`].
    pub fn may_be_decided_by(&self, by: UserId, takers: &[UserId]) -> Result<(), Denied> {
        if self.requested_by == by || takers.contains(&by) {
            return Err(Denied::SamePerson(say::waiver_second_person()));
        }
        Ok(())
    }
}

/// Checks the amount of a request against what is owed, earlier requests deducted.
///
/// # Errors
/// [`Invalid`] that names the amount.
pub fn checked_amount(amount: Fen, owed: Fen) -> Result<Fen, Invalid> {
    if !amount.is_positive() || amount > owed {
        return Err(Invalid::new("amount", say::at_most(owed.max(Fen::ZERO))));
    }
    Ok(amount)
}

/// Checks the description of the evidence.
///
/// # Errors
/// [`Invalid`] when it is missing or too long.
pub fn checked_evidence(text: &str) -> Result<&str, Invalid> {
    let text = text.trim();
    if (1..=MAX_EVIDENCE).contains(&text.chars().count()) {
        Ok(text)
    } else {
        Err(Invalid::new("evidence", expected::length(1, MAX_EVIDENCE)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn user(n: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn neither_who_asks_nor_who_took_money_decides() {
        let id = Uuid::from_u128(1);
        let waiver = Waiver {
            id: WaiverId::from_uuid(id),
            estate: EstateId::from_uuid(id),
            account: BillingAccountId::from_uuid(id),
            bill: BillId::from_uuid(id),
            of: Toward::LateFee,
            amount: Fen(2410),
            currency: Currency::CNY,
            reason: String::new(),
            evidence: String::new(),
            state: WaiverState::Requested,
            requested_by: user(1),
            requested_at: DateTime::UNIX_EPOCH,
            decided_by: None,
            decided_at: None,
            decision: None,
            reversed_by: None,
            reversed_at: None,
            entry: None,
        };
        assert!(matches!(waiver.may_be_decided_by(user(1), &[]), Err(Denied::SamePerson(_))));
        let takers = [user(2)];
        assert!(matches!(waiver.may_be_decided_by(user(2), &takers), Err(Denied::SamePerson(_))));
        assert_eq!(waiver.may_be_decided_by(user(3), &takers), Ok(()));
    }

    #[test]
    fn no_more_is_waived_than_is_owed_and_not_without_evidence() {
        assert_eq!(checked_amount(Fen(5), Fen(5)), Ok(Fen(5)));
        for wrong in [-1, 0, 6] {
            assert_eq!(checked_amount(Fen(wrong), Fen(5)).unwrap_err().field, "amount");
        }
        assert_eq!(checked_evidence(" ").unwrap_err().field, "evidence");
        assert!(checked_evidence(&"长".repeat(1001)).is_err());
        assert_eq!(checked_evidence(" 照片 "), Ok("照片"));
    }
}
