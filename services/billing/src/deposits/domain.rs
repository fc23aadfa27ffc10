//! What a deposit is and how far it has come.

use crate::{
    ids::{BillingAccountId, BuildingId, DepositId, EntryId, OpeningId},
    ledger::Till,
};
use authz::UserId;
use chrono::{DateTime, NaiveDate, Utc};
use ids::EstateId;
use money::{Currency, Fen};
use serde::{Deserialize, Serialize};

/// What a deposit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DepositKind {
    /// 装修保证金: a renovation.
    Renovation,
    /// 出入证押金: workers' passes.
    Pass,
    /// 钥匙、门禁卡押金: keys and cards.
    KeyCard,
    /// 停车卡押金: a parking card.
    ParkingCard,
    /// 场地押金: a venue.
    Venue,
    /// Anything else.
    Other,
}

impl DepositKind {
    /// The kind that words say, e.g. those of an earlier manager's list; else anything else.
    pub fn of_words(words: &str) -> Self {
        let said = |any: &[&str]| any.iter().any(|word| words.to_lowercase().contains(word));
        if said(&["装修", "renovation"]) {
            Self::Renovation
        } else if said(&["出入证", "worker"]) {
            Self::Pass
        } else if said(&["停车", "车位", "parking"]) {
            Self::ParkingCard
        } else if said(&["钥匙", "门禁", "key"]) {
            Self::KeyCard
        } else if said(&["场地", "venue"]) {
            Self::Venue
        } else {
            Self::Other
        }
    }
}

/// How far a deposit has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DepositState {
    /// Asked for and not paid yet.
    Due,
    /// Asked for by mistake and never paid, or brought in by mistake.
    Cancelled,
    /// Here, whole.
    Held,
    /// Here, less what was deducted.
    PartlyDeducted,
    /// What is left may go back.
    Refundable,
    /// Nothing is left; the last part went back.
    Refunded,
    /// Nothing is left; all of it was deducted.
    FullyDeducted,
}

/// How the money came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Through which channel; `None` when an earlier manager took it.
    pub till: Option<Till>,
    /// On which day in the estate.
    pub on: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// Who took it, or who drafted the opening balances that brought it in.
    pub by: UserId,
    /// The number of the card slip or bank transfer.
    pub channel_reference: Option<String>,
    /// Its entry in the ledger.
    pub entry: EntryId,
}

/// The service that asked for a deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    pub source: String,
    /// Its own reference.
    pub reference: String,
}

/// One deposit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deposit {
    /// Its id.
    pub id: DepositId,
    /// The estate.
    pub estate: EstateId,
    /// Whose money it is.
    pub account: BillingAccountId,
    /// The account's building.
    pub building: Option<BuildingId>,
    /// What it is for.
    pub kind: DepositKind,
    /// How much, above zero.
    pub amount: Fen,
    /// Its currency.
    pub currency: Currency,
    /// Under which agreement.
    pub agreement: String,
    /// When it should be back.
    pub expected_return: Option<NaiveDate>,
    /// The service that asked for it; `None` when a person did.
    pub origin: Option<Origin>,
    /// The opening balances that brought it in; `None` when it was taken here.
    pub opening: Option<OpeningId>,
    /// The person who asked for it.
    pub requested_by: Option<UserId>,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// Whether it was cancelled before it was paid.
    pub cancelled: bool,
    /// How the money came in; `None` while it is due.
    pub taken: Option<Taken>,
    /// What confirmed deductions have kept.
    pub deducted: Fen,
    /// What went back.
    pub refunded: Fen,
    /// Since when what is left may go back.
    pub refundable_since: Option<NaiveDate>,
}

impl Deposit {
    /// What is held of it.
    pub fn left(&self) -> Fen {
        if self.taken.is_some() { self.amount - self.deducted - self.refunded } else { Fen::ZERO }
    }

    /// Whether it waits for its money.
    pub fn is_due(&self) -> bool {
        self.state() == DepositState::Due
    }

    /// How far it has come.
    pub fn state(&self) -> DepositState {
        if self.cancelled {
            DepositState::Cancelled
        } else if self.taken.is_none() {
            DepositState::Due
        } else if self.left().is_zero() && self.refunded.is_zero() {
            DepositState::FullyDeducted
        } else if self.left().is_zero() {
            DepositState::Refunded
        } else if self.refundable_since.is_some() {
            DepositState::Refundable
        } else if self.deducted.is_positive() {
            DepositState::PartlyDeducted
        } else {
            DepositState::Held
        }
    }

    /// What can still be promised: what is left less what open proposals speak for.
    pub fn free(&self, spoken_for: Fen) -> Fen {
        self.left() - spoken_for
    }
}

/// Ages of refundable money that has not gone back: from this many days on.
pub const AGES: [u32; 4] = [0, 31, 91, 366];

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use uuid::Uuid;

    /// A renovation deposit of 2,000.00 that was taken in cash.
    pub(in crate::deposits) fn held() -> Deposit {
        let at = "2026-07-02T02:00:00Z".parse().unwrap();
        let by = UserId::from_uuid(Uuid::from_u128(1));
        Deposit {
            id: DepositId::from_uuid(Uuid::from_u128(2)),
            estate: EstateId::from_uuid(Uuid::from_u128(3)),
            account: BillingAccountId::from_uuid(Uuid::from_u128(4)),
            building: None,
            kind: DepositKind::Renovation,
            amount: Fen(200_000),
            currency: Currency::CNY,
            agreement: "ZX-2026-001".to_owned(),
            expected_return: None,
            origin: None,
            opening: None,
            requested_by: Some(by),
            requested_at: at,
            cancelled: false,
            taken: Some(Taken {
                till: Some(Till::Cash),
                on: "2026-07-02".parse().unwrap(),
                at,
                by,
                channel_reference: None,
                entry: EntryId::from_uuid(Uuid::from_u128(5)),
            }),
            deducted: Fen::ZERO,
            refunded: Fen::ZERO,
            refundable_since: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{samples::held, *};
    use proptest::prelude::*;

    #[test]
    fn a_deposit_goes_from_due_to_back() {
        let mut deposit = Deposit { taken: None, ..held() };
        assert_eq!((deposit.state(), deposit.left()), (DepositState::Due, Fen::ZERO));
        deposit.taken = held().taken;
        assert_eq!(deposit.state(), DepositState::Held);
        deposit.deducted = Fen(53_000);
        assert_eq!(deposit.state(), DepositState::PartlyDeducted);
        deposit.refundable_since = Some("2027-01-20".parse().unwrap());
        assert_eq!((deposit.state(), deposit.left()), (DepositState::Refundable, Fen(147_000)));
        deposit.refunded = Fen(147_000);
        assert_eq!(deposit.state(), DepositState::Refunded);
        let kept = Deposit { deducted: Fen(200_000), ..held() };
        assert_eq!(kept.state(), DepositState::FullyDeducted);
        let never = Deposit { taken: None, cancelled: true, ..held() };
        assert_eq!(never.state(), DepositState::Cancelled);
    }

    #[test]
    fn the_words_of_a_list_say_the_kind() {
        for (words, kind) in [
            ("装修押金", DepositKind::Renovation),
            ("Renovation deposit", DepositKind::Renovation),
            ("施工出入证押金", DepositKind::Pass),
            ("停车卡押金", DepositKind::ParkingCard),
            ("门禁卡押金", DepositKind::KeyCard),
            ("场地押金", DepositKind::Venue),
            ("水桶押金", DepositKind::Other),
        ] {
            assert_eq!(DepositKind::of_words(words), kind, "{words}");
        }
    }

    proptest! {
        #[test]
        fn it_is_at_its_end_exactly_when_nothing_is_left(
            amount in 1_i64..1000, deducted in 0_i64..1000, refunded in 0_i64..1000, free: bool,
        ) {
            let deducted = deducted.min(amount);
            let refunded = refunded.min(amount - deducted);
            let deposit = Deposit {
                amount: Fen(amount), deducted: Fen(deducted), refunded: Fen(refunded),
                refundable_since: free.then(|| "2026-10-20".parse().unwrap()), ..held()
            };
            let ended = matches!(deposit.state(), DepositState::Refunded | DepositState::FullyDeducted);
            prop_assert_eq!(ended, deposit.left().is_zero());
            prop_assert_eq!(deposit.left() + deposit.deducted + deposit.refunded, deposit.amount);
        }
    }
}
