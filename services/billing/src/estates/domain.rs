//! What an estate is to billing.

use crate::{
    charges::{BillingMonth, Cycle, DueRule, PayerKind},
    fees::UnitUse,
    ids::{BuildingId, ParkingSpaceId, PersonId, UnitId},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use clock::Clock;
use contracts::residents::PartyName;
use ids::EstateId;
use money::{Area, Currency};

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

    /// The calendar date there at an instant.
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }
}

/// One unit.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The estate.
    pub estate: EstateId,
    /// Its building.
    pub building: BuildingId,
    /// Building-entrance-number, e.g. `3-1-1201`.
    pub label: String,
    /// Fee base.
    pub area: Area,
    /// What it is used for.
    pub used_as: UnitUse,
}

/// Somebody who is charged for a unit on some days.
#[derive(Clone, Debug)]
pub struct Payer {
    /// The unit.
    pub unit: UnitId,
    /// The person or organisation.
    pub person: PersonId,
    /// Its name.
    pub name: PartyName,
    /// In which capacity.
    pub kind: PayerKind,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
}

/// One parking space.
#[derive(Clone, Debug)]
pub struct Space {
    /// Its id.
    pub id: ParkingSpaceId,
    /// Lot and code, e.g. `1-C0001`.
    pub label: String,
    /// Who has it, with the name.
    pub holder: Option<(PersonId, PartyName)>,
    /// The unit it is charged with.
    pub unit: Option<UnitId>,
}
