//! What an estate is to billing.

use crate::charges::{BillingMonth, Cycle, DueRule};
use chrono::NaiveDate;
use chrono_tz::Tz;
use clock::Clock;
use ids::EstateId;
use money::Currency;

/// How often an account is billed and when a bill falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How many months a bill covers.
    pub cycle: Cycle,
    /// When it falls due.
    pub due: DueRule,
}

impl Terms {
    /// Of an estate that has said nothing: monthly, due the 15th.
    pub const DEFAULT: Self = Self { cycle: Cycle::Month, due: DueRule::DayOfFirstMonth(15) };
}

/// One estate as far as billing needs it.
#[derive(Clone, Debug)]
pub struct Estate {
    /// Its id.
    pub id: EstateId,
    /// Short code, e.g. in receipt numbers.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its time zone; dates of money are in it.
    pub zone: Tz,
    /// The currency of all its money.
    pub currency: Currency,
    /// The terms of accounts that have none of their own.
    pub terms: Terms,
    /// Nothing before this month is charged.
    pub cut_over: Option<BillingMonth>,
}

impl Estate {
    /// The calendar date there.
    pub fn today(&self, clock: &Clock) -> NaiveDate {
        clock.today(self.zone)
    }
}
