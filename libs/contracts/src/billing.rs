//! What billing tells, and what others ask of it.

use crate::{ImportId, PersonId, UnitId};
use chrono::NaiveDate;
use events::Event;
use ids::EstateId;
use money::Fen;
use serde::{Deserialize, Serialize};

/// A service asks for a charge. The answer is [`ChargeAccepted`] or [`ChargeRejected`]; the same
/// reference asked again is the same charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRequested {
    /// The asking service, e.g. `facilities`.
    pub source: String,
    /// The asking service's own reference, unique within it.
    pub reference: String,
    /// The estate.
    pub estate: EstateId,
    /// The unit it belongs to, if any.
    pub unit: Option<UnitId>,
    /// Who pays.
    pub payer: PersonId,
    /// The fee item's code in the estate.
    pub fee_item: String,
    /// How much.
    pub amount: Fen,
    /// The day it is for.
    pub on: NaiveDate,
    /// What the payer reads on the bill.
    pub description: String,
}

impl Event for ChargeRequested {
    const KIND: &'static str = "charge_requested";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// The charge is on a bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeAccepted {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The bill's id as text.
    pub bill: String,
}

impl Event for ChargeAccepted {
    const KIND: &'static str = "billing.charge_accepted";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// The charge cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeRejected {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The field to blame, if it is one.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
}

impl Event for ChargeRejected {
    const KIND: &'static str = "billing.charge_rejected";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// Part of a payment reached a requested charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentConfirmed {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The payment's id as text.
    pub payment: String,
    /// How much of it went to this charge.
    pub amount: Fen,
    /// Whether nothing is open any more.
    pub settled: bool,
}

impl Event for PaymentConfirmed {
    const KIND: &'static str = "billing.payment_confirmed";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// Money that had reached a requested charge went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The refund's id as text.
    pub refund: String,
    /// How much.
    pub amount: Fen,
}

impl Event for Refunded {
    const KIND: &'static str = "billing.refunded";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// A service asks for a deposit. The answer is [`DepositAccepted`] or [`DepositRejected`]; the same
/// reference asked again is the same deposit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRequested {
    /// The asking service, e.g. `facilities`.
    pub source: String,
    /// The asking service's own reference, unique within it.
    pub reference: String,
    /// The estate.
    pub estate: EstateId,
    /// The unit it belongs to, if any.
    pub unit: Option<UnitId>,
    /// Who pays.
    pub payer: PersonId,
    /// `RENOVATION`, `PASS`, `KEY_CARD`, `PARKING_CARD`, `VENUE` or `OTHER`.
    pub kind: String,
    /// How much.
    pub amount: Fen,
    /// Under which agreement.
    pub agreement: String,
    /// When it should be back.
    pub expected_return: Option<NaiveDate>,
}

impl Event for DepositRequested {
    const KIND: &'static str = "deposit_requested";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// The deposit is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositAccepted {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The deposit's id as text.
    pub deposit: String,
}

impl Event for DepositAccepted {
    const KIND: &'static str = "billing.deposit_accepted";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// The deposit cannot be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRejected {
    /// As asked.
    pub source: String,
    /// As asked.
    pub reference: String,
    /// The field to blame, if it is one.
    pub field: Option<String>,
    /// Why.
    pub reason: String,
}

impl Event for DepositRejected {
    const KIND: &'static str = "billing.deposit_rejected";
    fn aggregate(&self) -> String {
        format!("{}/{}", self.source, self.reference)
    }
}

/// A deposit was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositHeld {
    /// The service that asked for it; `None` when a person did.
    pub source: Option<String>,
    /// As asked.
    pub reference: Option<String>,
    /// The deposit's id as text.
    pub deposit: String,
    /// How much.
    pub amount: Fen,
}

impl Event for DepositHeld {
    const KIND: &'static str = "billing.deposit_held";
    fn aggregate(&self) -> String {
        self.deposit.clone()
    }
}

/// Part of a deposit was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositDeducted {
    /// The service that asked for the deposit; `None` when a person did.
    pub source: Option<String>,
    /// As asked.
    pub reference: Option<String>,
    /// The deposit's id as text.
    pub deposit: String,
    /// How much was kept.
    pub amount: Fen,
    /// What is held after it.
    pub left: Fen,
}

impl Event for DepositDeducted {
    const KIND: &'static str = "billing.deposit_deducted";
    fn aggregate(&self) -> String {
        self.deposit.clone()
    }
}

/// Part of a deposit went back, or the last of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositRefunded {
    /// The service that asked for the deposit; `None` when a person did.
    pub source: Option<String>,
    /// As asked.
    pub reference: Option<String>,
    /// The deposit's id as text.
    pub deposit: String,
    /// How much went back.
    pub amount: Fen,
    /// What is held after it; nothing once the deposit is settled.
    pub left: Fen,
}

impl Event for DepositRefunded {
    const KIND: &'static str = "billing.deposit_refunded";
    fn aggregate(&self) -> String {
        self.deposit.clone()
    }
}

/// Billing took some more of the fee settings and links of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeesImported {
    /// The import.
    pub import: ImportId,
    /// What there is to say about links that only billing could check, each a `sheets::Finding`
    /// in JSON.
    pub findings: Vec<String>,
    /// Whether this is the last of them for now: everything is taken, or it stopped.
    pub ended: bool,
    /// Why it stopped.
    pub failure: Option<String>,
}

impl Event for FeesImported {
    const KIND: &'static str = "billing.fees_imported";
    fn aggregate(&self) -> String {
        self.import.to_string()
    }
}

/// A debtor was written to; whoever has inboxes and telephones delivers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DunningMessageSent {
    /// The contact's id as text.
    pub action: String,
    /// The estate.
    pub estate: EstateId,
    /// The unit it is about, if any.
    pub unit: Option<UnitId>,
    /// Who owes.
    pub debtor: PersonId,
    /// What is written, in Chinese.
    pub text_zh: String,
    /// The same in English.
    pub text_en: String,
}

impl Event for DunningMessageSent {
    const KIND: &'static str = "billing.dunning_message_sent";
    fn aggregate(&self) -> String {
        self.action.clone()
    }
}

/// Whether a unit is in arrears: a bill of it is unpaid after the day on which it was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitArrears {
    /// The unit.
    pub unit: UnitId,
    /// Whether it is from now on.
    pub behind: bool,
}

/// Units of an estate began to be in arrears, or ceased to be. Who keeps the last word on each unit
/// knows which are; one that was never told of is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrearsChanged {
    /// The estate.
    pub estate: EstateId,
    /// At most [`crate::MAX_BATCH`] units.
    pub units: Vec<UnitArrears>,
}

impl Event for ArrearsChanged {
    const KIND: &'static str = "billing.arrears_changed";
    fn aggregate(&self) -> String {
        self.estate.to_string()
    }
}
