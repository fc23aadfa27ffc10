//! What can be wrong with a row of opening balances.

use super::domain::OpeningKind;
use crate::{meters::domain::MeterError, say};
use texts::Text;

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Problem {
    /// The amount is not above zero.
    Amount,
    /// Neither an account nor a unit is named.
    NoDebtor,
    /// There is no such account in the estate.
    Account,
    /// There is no such unit in the estate.
    Unit,
    /// Nobody of that name pays for the unit.
    Payer,
    /// Several people pay for the unit; one must be named.
    SeveralPayers,
    /// There is no such fee item in the estate.
    Item,
    /// The month is missing or cannot be read.
    Month,
    /// The month is not before the cut-over.
    MonthTooLate,
    /// The due date is missing, or before the month.
    Due,
    /// The kind of deposit is missing or too long.
    DepositKind,
    /// There is no such meter in the estate.
    Meter,
    /// Several meters have the number; the unit must be named.
    SeveralMeters,
    /// The reading is missing, or has more digits than the meter.
    Reading,
    /// The meter showed more before.
    ReadingFalls,
    /// The day of a reading is missing, not before the cut-over, or not after the last reading.
    ReadingDay,
    /// A reading has an amount.
    ReadingAmount,
    /// An earlier row says the same.
    Repeated,
    /// The same was posted before with another amount or reading.
    OtherAmount,
}

impl Problem {
    /// The problem in words.
    pub fn text(self) -> Text {
        match self {
            Self::Amount => errors::expected::above_zero(),
            Self::NoDebtor => say::opening_no_debtor(),
            Self::Account => say::opening_account(),
            Self::Unit => say::opening_unit(),
            Self::Payer => say::opening_payer(),
            Self::SeveralPayers => say::opening_several_payers(),
            Self::Item => say::opening_item(),
            Self::Month => say::opening_month(),
            Self::MonthTooLate => say::opening_month_too_late(),
            Self::Due => say::opening_due(),
            Self::DepositKind => say::opening_deposit_kind(),
            Self::Meter => say::opening_meter(),
            Self::SeveralMeters => say::opening_several_meters(),
            Self::Reading => say::opening_reading(),
            Self::ReadingFalls => say::opening_reading_falls(),
            Self::ReadingDay => say::opening_reading_day(),
            Self::ReadingAmount => say::opening_reading_amount(),
            Self::Repeated => say::opening_repeated(),
            Self::OtherAmount => say::opening_other_amount(),
        }
    }

    /// The field of a row of this kind that is to blame, as the graph names it.
    pub fn field(self, kind: OpeningKind) -> &'static str {
        let of_reading = kind == OpeningKind::MeterReading;
        match self {
            Self::Account => "accountId",
            Self::NoDebtor | Self::Unit | Self::SeveralMeters => "unitLabel",
            Self::Payer | Self::SeveralPayers => "payerName",
            Self::Item => "itemCode",
            Self::Month | Self::MonthTooLate => "month",
            Self::Due => "due",
            Self::DepositKind => "note",
            Self::Meter => "meterNumber",
            Self::Reading | Self::ReadingFalls => "reading",
            Self::ReadingDay => "readOn",
            Self::Repeated => "kind",
            Self::OtherAmount if of_reading => "reading",
            Self::OtherAmount | Self::Amount | Self::ReadingAmount => "amount",
        }
    }
}

impl From<MeterError> for Problem {
    fn from(error: MeterError) -> Self {
        match error {
            MeterError::Falls(_) | MeterError::NoRollover | MeterError::Implausible(_) => {
                Self::ReadingFalls
            }
            MeterError::TooManyDigits => Self::Reading,
            MeterError::Day(_) => Self::ReadingDay,
        }
    }
}
