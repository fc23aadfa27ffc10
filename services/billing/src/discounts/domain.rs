//! The life of a discount, and to which units it applies on which days.

use crate::{
    charges::{DiscountSpan, Reduction},
    error::Refused,
    fees::{FeeItem, FeeKind},
    ids::{DiscountId, FeeItemId, UnitId, UserId, VacancyId},
    say,
};
use authz::Denied;
use chrono::NaiveDate;
use errors::{Invalid, expected};
use ids::EstateId;
use money::{Fen, Rate};

/// To which units a discount applies.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", content = "units", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Condition {
    /// To every unit on the days on which it is registered as empty.
    Vacant,
    /// To these units.
    Units(Vec<UnitId>),
}

/// How far a discount has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DiscountStatus {
    /// Waits for another person's approval.
    Proposed,
    /// Approved; the dates decide when it holds.
    Approved,
    /// Given up before it held.
    Withdrawn,
}

/// What a proposer writes down.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DiscountTerms {
    /// From which fee item something is taken off.
    pub item: FeeItemId,
    /// What people call the rule.
    pub name: String,
    /// How much is taken off.
    pub reduction: Reduction,
    /// To which units it applies.
    pub condition: Condition,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` is until it is ended.
    pub to: Option<NaiveDate>,
}

/// A rule that takes something off the price of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Its id.
    pub id: DiscountId,
    /// The estate.
    pub estate: EstateId,
    /// What was written down and approved, never changed.
    pub terms: DiscountTerms,
    /// How far it has come.
    pub status: DiscountStatus,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Who approved it; never the proposer.
    pub approved_by: Option<UserId>,
    /// The day of approval.
    pub approved_on: Option<NaiveDate>,
    /// The last day, when it was ended earlier than its terms say.
    pub ended_on: Option<NaiveDate>,
}

/// A period in which a unit stands empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vacancy {
    /// Its id.
    pub id: VacancyId,
    /// The estate.
    pub estate: EstateId,
    /// The unit.
    pub unit: UnitId,
    /// First day.
    pub from: NaiveDate,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
    /// How it is known.
    pub note: String,
    /// Who registered it.
    pub by: UserId,
}

impl DiscountTerms {
    /// Checks what was written down.
    pub fn checked(mut self, item: &FeeItem) -> Result<Self, Invalid> {
        self.name = self.name.trim().to_owned();
        if !(1..=60).contains(&self.name.chars().count()) {
            return Err(Invalid::new("name", expected::length(1, 60)));
        }
        match self.reduction {
            Reduction::Percent(Rate(1..=Rate::PER_ONE))
            | Reduction::Fixed(Fen(1..=100_000_000)) => {}
            Reduction::Percent(_) => {
                return Err(Invalid::new("percent", expected::between(0, 100)));
            }
            Reduction::Fixed(_) => return Err(Invalid::new("fixed", expected::above_zero())),
        }
        if matches!(item.kind, FeeKind::PassThrough | FeeKind::LateFee) {
            return Err(Invalid::new("feeItemId", say::no_discount_on_item()));
        }
        if let Condition::Units(units) = &self.condition
            && !(1..=500).contains(&units.len())
        {
            return Err(Invalid::new("unitIds", expected::items(1, 500)));
        }
        if self.to.is_some_and(|to| to < self.from) {
            return Err(Invalid::new("to", expected::not_before("from")));
        }
        Ok(self)
    }
}

impl Discount {
    /// The last day; `None` while no end is known.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.ended_on.or(self.terms.to)
    }

    /// Approves a proposal of somebody else; it never holds before that day.
    pub fn approve(mut self, by: UserId, today: NaiveDate) -> Result<Self, Refused> {
        if self.status != DiscountStatus::Proposed {
            return Err(Refused::Conflict(say::discount_decided()));
        }
        if self.proposed_by == by {
            return Err(Denied::SamePerson(say::another_must_approve()).into());
        }
        if self.terms.from < today {
            return Err(Invalid::new("from", say::not_before_approval()).into());
        }
        self.status = DiscountStatus::Approved;
        (self.approved_by, self.approved_on) = (Some(by), Some(today));
        Ok(self)
    }

    /// Gives it up before it holds, or ends it with the day.
    pub fn end(mut self, today: NaiveDate) -> Result<Self, Refused> {
        let over = self.last_day().is_some_and(|last| last < today);
        match self.status {
            DiscountStatus::Withdrawn => return Err(Refused::Conflict(say::discount_over())),
            DiscountStatus::Approved if over => {
                return Err(Refused::Conflict(say::discount_over()));
            }
            DiscountStatus::Approved if self.terms.from <= today => self.ended_on = Some(today),
            _ => self.status = DiscountStatus::Withdrawn,
        }
        Ok(self)
    }

    /// On which days it applies to a unit; `vacancies` are that unit's.
    pub fn spans(&self, unit: UnitId, vacancies: &[Vacancy]) -> Vec<DiscountSpan> {
        let (first, last) = (self.terms.from, self.last_day());
        let span = |from: NaiveDate, to: Option<NaiveDate>| DiscountSpan {
            id: self.id,
            reduction: self.terms.reduction,
            from,
            to,
        };
        if self.status != DiscountStatus::Approved {
            return Vec::new();
        }
        match &self.terms.condition {
            Condition::Units(units) if units.contains(&unit) => vec![span(first, last)],
            Condition::Units(_) => Vec::new(),
            Condition::Vacant => vacancies
                .iter()
                .map(|empty| {
                    let to = empty.to.into_iter().chain(last).min();
                    span(empty.from.max(first), to)
                })
                .filter(|span| span.to.is_none_or(|to| span.from <= to))
                .collect(),
        }
    }
}
