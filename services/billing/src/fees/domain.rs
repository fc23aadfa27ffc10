//! What is charged for, and the life of a price: draft, proposed, approved, in effect.

use super::scope::Scope;
use crate::{
    charges::{Formula, Proration},
    ids::{FeeItemId, FeeStandardId, PartnerId, UserId},
    ledger::Account,
    say,
};
use chrono::NaiveDate;
use errors::{Code, Coded, Invalid, expected};
use ids::EstateId;
use money::Rate;
use texts::Text;

/// What kind of service a fee item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FeeKind {
    /// 物业费: the property fee.
    PropertyFee,
    /// 车位费: parking leases and management of owned spaces.
    Parking,
    /// 公共区域停车: parking on common ground, whose income is the owners'.
    CommonParking,
    /// 代收代付: collected for a partner, without a handling fee.
    PassThrough,
    /// 公摊能耗: shared energy.
    SharedEnergy,
    /// 垃圾清运费: rubbish of a renovation.
    Rubbish,
    /// 特约服务: made-to-order services.
    SpecialService,
    /// 违约金: the contractual late fee.
    LateFee,
    /// Anything else.
    Other,
}

/// A thing that is charged for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeItem {
    /// Its id.
    pub id: FeeItemId,
    /// The estate whose item it is.
    pub estate: EstateId,
    /// Unique in the estate: 2 to 20 upper-case letters, digits or `_`.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What kind of service it is.
    pub kind: FeeKind,
    /// The partner it is collected for; given exactly for [`FeeKind::PassThrough`].
    pub partner: Option<PartnerId>,
}

impl FeeItem {
    /// Checks every field.
    pub fn checked(self) -> Result<Self, Invalid> {
        let letter = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if !(2..=20).contains(&self.code.len()) || !self.code.bytes().all(letter) {
            return Err(Invalid::new("code", expected::upper_code(2, 20)));
        }
        for (field, name) in [("nameZh", &self.name_zh), ("nameEn", &self.name_en)] {
            if name.trim().is_empty() || name.chars().count() > 60 {
                return Err(Invalid::new(field, expected::length(1, 60)));
            }
        }
        if self.partner.is_some() != (self.kind == FeeKind::PassThrough) {
            return Err(Invalid::new("partner", say::partner_of_pass_through()));
        }
        Ok(self)
    }

    /// The ledger account its charges are credited to.
    pub fn income_account(&self) -> Account {
        match (self.kind, self.partner) {
            (_, Some(partner)) => Account::PartnerPayable(partner),
            (FeeKind::CommonParking, None) => Account::CommonIncome,
            _ => Account::Revenue(self.id),
        }
    }
}

/// How far a fee standard has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StandardStatus {
    /// Being written.
    Draft,
    /// Waits for another person's approval.
    Proposed,
    /// Approved and published; the dates decide when it is in effect.
    Approved,
    /// Given up before it took effect.
    Withdrawn,
}

/// What a standard is on a given day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Phase {
    /// Being written.
    Draft,
    /// Waits for approval.
    Proposed,
    /// Approved, takes effect later.
    Approved,
    /// In effect.
    Effective,
    /// Its last day has passed.
    Superseded,
    /// Given up.
    Withdrawn,
}

impl Phase {
    /// As a word in a sentence.
    pub fn word(self) -> Text {
        match self {
            Self::Draft => say::phase_draft(),
            Self::Proposed => say::phase_proposed(),
            Self::Approved => say::phase_approved(),
            Self::Effective => say::phase_effective(),
            Self::Superseded => say::phase_superseded(),
            Self::Withdrawn => say::phase_withdrawn(),
        }
    }
}

/// What a proposer writes down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStandard {
    /// The priced item.
    pub item: FeeItemId,
    /// Where the price applies.
    pub scope: Scope,
    /// The price of a month.
    pub formula: Formula,
    /// What a part of a month costs.
    pub proration: Proration,
    /// First day of effect.
    pub from: NaiveDate,
    /// Last day of effect; `None` is until superseded.
    pub to: Option<NaiveDate>,
}

/// One version of the price of a fee item in one scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeeStandard {
    /// Its id.
    pub id: FeeStandardId,
    /// What was written down and approved, never changed.
    pub terms: NewStandard,
    /// How far it has come.
    pub status: StandardStatus,
    /// Who proposed it, once proposed.
    pub proposed_by: Option<UserId>,
    /// Who approved it, once approved; never the proposer.
    pub approved_by: Option<UserId>,
    /// The day of approval and publication.
    pub approved_on: Option<NaiveDate>,
    /// Set when an approved successor ends it earlier than its terms.
    pub ended: Option<Ending>,
}

/// How a successor ends a standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The successor.
    pub by: FeeStandardId,
    /// The day before the successor begins.
    pub last_day: NaiveDate,
}

/// Why a fee standard cannot take a step.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum FeeError {
    /// Separation of duties: the proposer may not approve.
    #[error("the person who proposed a fee standard cannot approve it")]
    ProposerCannotApprove,
    /// The standard is not in a state that allows the step.
    #[error("a fee standard that is {0:?} does not allow this step")]
    WrongState(Phase),
    /// An approved standard of the same item and scope begins on that day or later.
    #[error("an approved fee standard of the same scope begins on {0}")]
    Overlaps(NaiveDate),
    /// An input is wrong.
    #[error(transparent)]
    Invalid(#[from] Invalid),
}

impl Coded for FeeError {
    fn code(&self) -> Code {
        match self {
            Self::ProposerCannotApprove => Code::Forbidden,
            Self::WrongState(_) | Self::Overlaps(_) => Code::Conflict,
            Self::Invalid(wrong) => wrong.code(),
        }
    }
    fn text(&self) -> Text {
        match self {
            Self::ProposerCannotApprove => say::proposer_cannot_approve(),
            Self::WrongState(phase) => say::wrong_phase(phase.word()),
            Self::Overlaps(day) => say::standard_overlaps(*day),
            Self::Invalid(wrong) => wrong.text(),
        }
    }
    fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid(wrong) => wrong.field(),
            _ => None,
        }
    }
}

/// What an approval changes; all of it is to be stored together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The standard, now approved.
    pub approved: FeeStandard,
    /// The earlier versions that now end the day before it begins.
    pub ended: Vec<FeeStandard>,
}

/// What a withdrawal changes; all of it is to be stored together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The standard, now withdrawn.
    pub withdrawn: FeeStandard,
    /// The earlier versions it had ended, which go on until their next successor.
    pub reopened: Vec<FeeStandard>,
}

impl NewStandard {
    fn check(&self) -> Result<(), Invalid> {
        let dear = match self.formula {
            Formula::AreaRate { rate, surcharge } => {
                rate.0 > 10_000 * Rate::PER_ONE || surcharge.0 > 100_000_000
            }
            Formula::FixedPerUnit { price } | Formula::PerParkingSpace { price } => {
                price.0 > 100_000_000
            }
            // Its steps were checked when they were put together.
            Formula::Metered { .. } => false,
        };
        if !self.formula.is_not_negative() || dear {
            return Err(Invalid::new("formula", say::price_range()));
        }
        if self.to.is_some_and(|to| to < self.from) {
            return Err(Invalid::new("effectiveTo", expected::not_before("effectiveFrom")));
        }
        Ok(())
    }
}

impl FeeStandard {
    /// A draft of `terms`.
    pub fn draft(id: FeeStandardId, terms: NewStandard) -> Result<Self, Invalid> {
        terms.check()?;
        Ok(Self {
            id,
            terms,
            status: StandardStatus::Draft,
            proposed_by: None,
            approved_by: None,
            approved_on: None,
            ended: None,
        })
    }

    /// The last day of effect; `None` while no end is known.
    pub fn last_day(&self) -> Option<NaiveDate> {
        self.ended.map(|ending| ending.last_day).or(self.terms.to)
    }

    /// What it is on `today`.
    pub fn phase(&self, today: NaiveDate) -> Phase {
        match self.status {
            StandardStatus::Draft => Phase::Draft,
            StandardStatus::Proposed => Phase::Proposed,
            StandardStatus::Withdrawn => Phase::Withdrawn,
            StandardStatus::Approved if today < self.terms.from => Phase::Approved,
            StandardStatus::Approved if self.last_day().is_some_and(|to| to < today) => {
                Phase::Superseded
            }
            StandardStatus::Approved => Phase::Effective,
        }
    }

    /// Hands a draft in for approval.
    pub fn propose(mut self, by: UserId, today: NaiveDate) -> Result<Self, FeeError> {
        if self.status != StandardStatus::Draft {
            return Err(FeeError::WrongState(self.phase(today)));
        }
        self.status = StandardStatus::Proposed;
        self.proposed_by = Some(by);
        Ok(self)
    }

    /// Approves and publishes a proposal and ends the versions it follows. `others` are the
    /// standards of the same item; those of another scope or not approved are left alone.
    pub fn approve(
        self,
        by: UserId,
        today: NaiveDate,
        others: &[Self],
    ) -> Result<Approval, FeeError> {
        self.approve_from(by, today, today, others)
    }

    /// As [`FeeStandard::approve`], for a price that was published elsewhere before: it may begin
    /// on any day from `earliest` on.
    pub fn approve_from(
        mut self,
        by: UserId,
        today: NaiveDate,
        earliest: NaiveDate,
        others: &[Self],
    ) -> Result<Approval, FeeError> {
        if self.status != StandardStatus::Proposed {
            return Err(FeeError::WrongState(self.phase(today)));
        }
        if self.proposed_by == Some(by) {
            return Err(FeeError::ProposerCannotApprove);
        }
        if self.terms.from < earliest {
            return Err(Invalid::new("effectiveFrom", say::not_before_approval()).into());
        }
        let (from, to) = (self.terms.from, self.terms.to);
        let mut ended = Vec::new();
        for other in others.iter().filter(|other| self.competes_with(other)) {
            if other.terms.from >= from {
                if to.is_none_or(|to| other.terms.from <= to) {
                    return Err(FeeError::Overlaps(other.terms.from));
                }
            } else if other.last_day().is_none_or(|to| to >= from) {
                ended.push(Self { ended: Some(self.ending()), ..other.clone() });
            }
        }
        self.status = StandardStatus::Approved;
        self.approved_by = Some(by);
        self.approved_on = Some(today);
        Ok(Approval { approved: self, ended })
    }

    /// Gives it up; possible until the day before it takes effect. `others` are as in
    /// [`FeeStandard::approve`]: a version it had ended goes on, so that no gap is left.
    pub fn withdraw(mut self, today: NaiveDate, others: &[Self]) -> Result<Withdrawal, FeeError> {
        match self.phase(today) {
            Phase::Draft | Phase::Proposed | Phase::Approved => {}
            other => return Err(FeeError::WrongState(other)),
        }
        let rest: Vec<_> = others.iter().filter(|other| self.competes_with(other)).collect();
        let ended_by_this =
            rest.iter().filter(|other| other.ended.is_some_and(|ending| ending.by == self.id));
        let reopened = ended_by_this
            .map(|other| {
                let later = rest.iter().filter(|next| next.terms.from > other.terms.from);
                let next = later.min_by_key(|next| next.terms.from);
                let ending = next.map(|next| next.ending());
                let ended = ending.filter(|end| other.terms.to.is_none_or(|to| to > end.last_day));
                Self { ended, ..(*other).clone() }
            })
            .collect();
        self.status = StandardStatus::Withdrawn;
        Ok(Withdrawal { withdrawn: self, reopened })
    }

    /// How this standard ends the ones before it.
    fn ending(&self) -> Ending {
        let last_day = self.terms.from.pred_opt().expect("a day before the first of effect");
        Ending { by: self.id, last_day }
    }

    fn competes_with(&self, other: &Self) -> bool {
        other.id != self.id
            && other.status == StandardStatus::Approved
            && other.terms.item == self.terms.item
            && other.terms.scope == self.terms.scope
    }
}
