//! What is doubtful about a run, in the graph.

use super::{Doubt, Reason};
use crate::graphql::UnitNode;
use async_graphql::{Enum, SimpleObject};
use texts::Language;

/// What is doubtful about a unit or space.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "BillingDoubtCode")]
pub enum DoubtCode {
    /// Nobody pays for it in the month.
    NoPayer,
    /// No fee item has a price for it in the month.
    NoPrice,
    /// Its area is zero, but a price per area applies.
    ZeroArea,
    /// No line can be computed.
    Contradiction,
    /// Days are charged to somebody else or with another amount.
    ChargedOtherwise,
    /// It differs from the month before by more than 30 %.
    Jump,
    /// A meter was not read for more than 35 days.
    MissingReading,
    /// The last reading of a meter is estimated.
    Estimated,
    /// What a meter counted has no price.
    NoMeterPrice,
    /// The readings of a meter fall.
    MeterFalls,
    /// Too much is charged for a meter; it is taken off the next use.
    MeterCredit,
}

/// Something a person should look at before bills go out.
#[derive(SimpleObject)]
pub struct BillingDoubt {
    /// The unit or space, as people call it.
    label: String,
    /// The unit.
    unit: Option<UnitNode>,
    /// What is doubtful.
    code: DoubtCode,
    /// In a sentence, in the language of the request.
    message: String,
}

impl BillingDoubt {
    pub(super) fn new(doubt: &Doubt, language: Language) -> Self {
        let code = match &doubt.reason {
            Reason::NoPayer => DoubtCode::NoPayer,
            Reason::NoPrice => DoubtCode::NoPrice,
            Reason::ZeroArea => DoubtCode::ZeroArea,
            Reason::Contradiction(_) => DoubtCode::Contradiction,
            Reason::ChargedOtherwise(_) => DoubtCode::ChargedOtherwise,
            Reason::Jump(..) => DoubtCode::Jump,
            Reason::MissingReading(..) => DoubtCode::MissingReading,
            Reason::Estimated(_) => DoubtCode::Estimated,
            Reason::NoMeterPrice(_) => DoubtCode::NoMeterPrice,
            Reason::MeterFalls(_) => DoubtCode::MeterFalls,
            Reason::MeterCredit(..) => DoubtCode::MeterCredit,
        };
        let (unit, message) = (doubt.unit.map(Into::into), doubt.reason.text().say(language));
        Self { label: doubt.label.clone(), unit, code, message }
    }
}
