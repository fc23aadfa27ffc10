//! An order and its steps.

use super::quote::{Quote, share};
use crate::{
    partner_settlements::PartnerId,
    special_services::{OrderId, ServiceId, catalogue::domain::Terms, say},
};
use authz::UserId;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use ids::EstateId;
use money::Fen;
use serde::{Deserialize, Serialize};
use texts::Text;

/// After how many days silence counts as acceptance.
pub(crate) const SILENCE_DAYS: i64 = 7;

/// How far an order has come (handbook ch. 29).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum OrderState {
    /// Asked for; nobody has priced it.
    Requested,
    /// Priced; waits for the resident.
    Quoted,
    /// The resident agreed to the price.
    Confirmed,
    /// Somebody will come.
    Scheduled,
    /// Being done.
    InProgress,
    /// Done; the resident has not looked.
    Done,
    /// The resident is not content: it is done again for nothing.
    Disputed,
    /// The resident accepted it; it is charged.
    Accepted,
    /// Paid.
    Paid,
    /// Somebody asked afterwards.
    Revisited,
    /// Over.
    Closed,
    /// Not wanted any more.
    Cancelled,
}

impl OrderState {
    /// In words.
    pub(crate) fn word(self) -> Text {
        match self {
            Self::Requested => say::state_requested(),
            Self::Quoted => say::state_quoted(),
            Self::Confirmed => say::state_confirmed(),
            Self::Scheduled => say::state_scheduled(),
            Self::InProgress => say::state_in_progress(),
            Self::Done => say::state_done(),
            Self::Disputed => say::state_disputed(),
            Self::Accepted => say::state_accepted(),
            Self::Paid => say::state_paid(),
            Self::Revisited => say::state_revisited(),
            Self::Closed => say::state_closed(),
            Self::Cancelled => say::state_cancelled(),
        }
    }
}

/// What is known of an order besides what lists filter by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Details {
    /// When the resident would like it.
    pub wanted_at: Option<DateTime<Utc>>,
    /// What the resident wrote.
    pub note: Option<String>,
    /// The number of the terms, and the terms, that it was quoted with.
    pub terms: Option<(i32, Terms)>,
    /// What it costs.
    pub quote: Option<Quote>,
    /// Who priced it.
    pub quoted_by: Option<UserId>,
    /// When the resident agreed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the work began.
    pub started_at: Option<DateTime<Utc>>,
    /// Whether the appointment was kept; of the first visit.
    pub kept: Option<bool>,
    /// When it was done first.
    pub done_at: Option<DateTime<Utc>>,
    /// What was done.
    pub result: Option<String>,
    /// When the resident accepted it first.
    pub accepted_at: Option<DateTime<Utc>>,
    /// When billing told that it is paid.
    pub paid_at: Option<DateTime<Utc>>,
    /// When somebody was asked about it.
    pub revisited_at: Option<DateTime<Utc>>,
    /// When it was over.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why it was cancelled.
    pub cancelled_because: Option<String>,
    /// What cancelling so late costs.
    pub cancel_fee: Fen,
    /// Why the resident is not content, the last time.
    pub dispute: Option<String>,
    /// How often it was done again.
    pub reworks: u32,
    /// How many charges billing has rejected and were asked again.
    pub charged_again: u32,
    /// When it was done, the last time.
    #[serde(default)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Everybody who ever began to work on it.
    #[serde(default)]
    pub began: Vec<UserId>,
    /// What it costs since a dispute was settled, instead of what was quoted.
    #[serde(default)]
    pub settled_total: Option<Fen>,
    /// Why the supervisor ended the work or the dispute, the last time.
    #[serde(default)]
    pub ended_because: Option<String>,
    /// What the household answered, and how it came to be known.
    #[serde(default)]
    pub answers: Vec<Answer>,
}

/// What a household says to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Said {
    /// It agrees to the price.
    Confirms,
    /// It accepts the work.
    Accepts,
    /// It wants it done again.
    Disputes,
}

/// How it came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Way {
    /// By the app.
    App,
    /// On the phone; somebody took it down.
    Phone,
    /// Signed on paper, of which there is a picture.
    Signature,
    /// Nobody said anything in time.
    Silence,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub said: Said,
    pub way: Way,
    /// Whose word it is; `None` for silence.
    pub person: Option<PersonId>,
    /// Who took it down.
    pub recorded_by: Option<UserId>,
    pub at: DateTime<Utc>,
    pub note: Option<String>,
}

/// An order of a special service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub id: OrderId,
    pub estate: EstateId,
    pub unit: UnitId,
    pub building: BuildingId,
    pub person: PersonId,
    pub service: ServiceId,
    pub state: OrderState,
    pub version: i32,
    pub requested_at: DateTime<Utc>,
    /// Who does it.
    pub workers: Vec<UserId>,
    /// Whose work it is instead of the company's.
    pub partner: Option<PartnerId>,
    /// The day in the estate on which it was paid.
    pub paid_on: Option<NaiveDate>,
    pub details: Details,
}

/// A step, with what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Price it, or price it anew before the work.
    Quote { quote: Box<Quote>, terms: (i32, Terms), by: UserId },
    /// The resident agrees.
    Confirm,
    /// These will come.
    Schedule(Vec<UserId>),
    /// They are there.
    Start,
    /// It is done.
    Finish(String),
    /// The resident accepts it.
    Accept,
    /// The resident wants it done again.
    Dispute(String),
    /// Not wanted any more; `free` when the company is the cause.
    Cancel { reason: String, free: bool },
    /// Work that has begun is not brought to its end; nothing is charged for it.
    Abort(String),
    /// A dispute ends without doing it again, for less where `total` says so.
    Settle { reason: String, total: Option<Fen> },
    /// Over.
    Close,
}

/// What must be charged after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Charge {
    /// Nothing.
    Nothing,
    /// What was quoted.
    Quoted(Fen),
    /// The fee for cancelling late.
    LateCancel(Fen),
}

impl Order {
    /// What billing is asked for this order, by its reference.
    pub(crate) fn reference(&self) -> String {
        match self.details.charged_again {
            0 => format!("special_order/{}", self.id),
            again => format!("special_order/{}/{again}", self.id),
        }
    }

    /// What it costs.
    pub(crate) fn total(&self) -> Fen {
        self.details.settled_total.unwrap_or_else(|| self.quoted())
    }

    fn quoted(&self) -> Fen {
        self.details.quote.as_ref().map_or(Fen::ZERO, Quote::total)
    }

    /// Labour, as it is shared with a partner. What a dispute took off the price is taken off it: the
    /// work was at fault, not the material.
    pub(crate) fn labour(&self) -> Fen {
        let quoted = self.details.quote.as_ref().map_or(Fen::ZERO, Quote::labour);
        (quoted - (self.quoted() - self.total())).max(Fen::ZERO)
    }

    /// The partner's share of labour, and what is left to the company of it.
    pub(crate) fn shares(&self) -> Option<(Fen, Fen)> {
        let (_, terms) = self.details.terms.as_ref()?;
        terms.partner?;
        let labour = self.labour();
        let partner = share(labour, terms.partner_share);
        Some((partner, labour - partner))
    }

    /// When silence counts as acceptance: as long after the work as a repair can be opened again
    /// (handbook ch. 21), so that what was done does not wait unpaid for ever.
    pub(crate) fn accepted_by_silence_at(&self) -> Option<DateTime<Utc>> {
        let finished = self.details.finished_at.or(self.details.done_at)?;
        (self.state == OrderState::Done).then(|| finished + Duration::days(SILENCE_DAYS))
    }

    /// Whether an account ever had a hand in the work.
    pub(crate) fn is_worker(&self, user: UserId) -> bool {
        self.workers.contains(&user) || self.details.began.contains(&user)
    }

    /// Everybody who had a hand in the work.
    pub(crate) fn hands(&self) -> Vec<UserId> {
        let mut all = [self.details.began.as_slice(), &self.workers].concat();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Until when rework is free.
    pub(crate) fn free_rework_until(&self) -> Option<DateTime<Utc>> {
        let (done, (_, terms)) = (self.details.done_at?, self.details.terms.as_ref()?);
        Some(done + Duration::hours(terms.rework_hours()))
    }

    /// Takes a step; what must be charged for it.
    ///
    /// # Errors
    /// Why the order does not allow it.
    pub(crate) fn take(&mut self, step: Step, now: DateTime<Utc>) -> Result<Charge, Text> {
        self.allow(&step, now)?;
        let details = &mut self.details;
        match step {
            Step::Quote { quote, terms, by } => {
                self.partner = terms.1.partner;
                (details.quote, details.terms) = (Some(*quote), Some(terms));
                (details.quoted_by, details.confirmed_at) = (Some(by), None);
                self.workers.clear();
                self.state = OrderState::Quoted;
            }
            Step::Confirm => {
                details.confirmed_at = Some(now);
                self.state = OrderState::Confirmed;
            }
            Step::Schedule(workers) => {
                if self.state == OrderState::Disputed {
                    details.reworks += 1;
                }
                self.workers = workers;
                self.state = OrderState::Scheduled;
            }
            Step::Start => {
                details.kept = details.kept.or_else(|| kept(details, now));
                details.started_at = Some(now);
                details.began.extend(&self.workers);
                details.began.sort_unstable();
                details.began.dedup();
                self.state = OrderState::InProgress;
            }
            Step::Finish(result) => {
                details.done_at = details.done_at.or(Some(now));
                details.finished_at = Some(now);
                details.result = Some(result);
                self.state = OrderState::Done;
            }
            Step::Accept => return Ok(self.accept(now)),
            Step::Dispute(reason) => {
                details.dispute = Some(reason);
                self.state = OrderState::Disputed;
            }
            Step::Cancel { reason, free } => return Ok(self.cancel(reason, free, now)),
            Step::Abort(reason) => self.abort(reason, now),
            Step::Settle { reason, total } => {
                details.ended_because = Some(reason);
                details.settled_total = total.or(details.settled_total);
                return Ok(self.accept(now));
            }
            Step::Close => {
                details.closed_at = Some(now);
                self.state = OrderState::Closed;
            }
        }
        Ok(Charge::Nothing)
    }

    fn allow(&self, step: &Step, now: DateTime<Utc>) -> Result<(), Text> {
        use OrderState as S;
        let from: &[S] = match step {
            Step::Quote { .. } => &[S::Requested, S::Quoted, S::Confirmed],
            Step::Confirm => &[S::Quoted],
            Step::Schedule(_) => &[S::Confirmed, S::Scheduled, S::Disputed],
            Step::Start => &[S::Scheduled],
            Step::Finish(_) | Step::Abort(_) => &[S::InProgress],
            Step::Accept => &[S::Done],
            Step::Dispute(_) => &[S::Done, S::Accepted, S::Paid, S::Revisited, S::Closed],
            Step::Cancel { .. } => &[S::Requested, S::Quoted, S::Confirmed, S::Scheduled],
            Step::Settle { .. } => &[S::Disputed],
            Step::Close => &[S::Paid, S::Revisited],
        };
        // What is done again was accepted or charged: it ends by being accepted, not cancelled.
        let again = matches!(step, Step::Cancel { .. }) && self.details.done_at.is_some();
        if again || !from.contains(&self.state) {
            return Err(say::wrong_state(self.state.word()));
        }
        let late = self.free_rework_until().is_none_or(|until| now > until);
        if matches!(step, Step::Dispute(_)) && self.state != S::Done && late {
            return Err(say::rework_term_over());
        }
        let appointment = self.details.quote.as_ref().map(|quote| quote.appointment);
        match step {
            Step::Confirm if appointment.is_some_and(|at| now > at) => {
                Err(say::appointment_passed())
            }
            Step::Settle { total: Some(_), .. } if self.details.accepted_at.is_some() => {
                Err(say::charged_already())
            }
            _ => Ok(()),
        }
    }

    /// Rework is accepted without another charge; what costs nothing is paid at once.
    fn accept(&mut self, now: DateTime<Utc>) -> Charge {
        let (total, first) = (self.total(), self.details.accepted_at.is_none());
        self.details.accepted_at = self.details.accepted_at.or(Some(now));
        if total.is_zero() {
            self.details.paid_at = self.details.paid_at.or(Some(now));
        }
        let paid = self.details.paid_at.is_some();
        self.state = if paid { self.settled() } else { OrderState::Accepted };
        if first && total.is_positive() { Charge::Quoted(total) } else { Charge::Nothing }
    }

    fn cancel(&mut self, reason: String, free: bool, now: DateTime<Utc>) -> Charge {
        let details = &mut self.details;
        let agreed = details.confirmed_at.is_some() && !free;
        let appointment = details.quote.as_ref().map(|quote| quote.appointment);
        let late = appointment.is_some_and(|at| now > at - Duration::hours(2));
        let fee = details.terms.as_ref().map_or(Fen::ZERO, |(_, terms)| terms.late_cancel_fee);
        details.cancel_fee = if agreed && late { fee } else { Fen::ZERO };
        (details.cancelled_at, details.cancelled_because) = (Some(now), Some(reason));
        self.state = OrderState::Cancelled;
        if details.cancel_fee.is_positive() {
            Charge::LateCancel(details.cancel_fee)
        } else {
            Charge::Nothing
        }
    }

    /// What was begun for the first time ends; what was done again is still disputed.
    fn abort(&mut self, reason: String, now: DateTime<Utc>) {
        self.details.ended_because = Some(reason.clone());
        if self.details.done_at.is_some() {
            self.state = OrderState::Disputed;
            return;
        }
        (self.details.cancelled_at, self.details.cancelled_because) = (Some(now), Some(reason));
        self.state = OrderState::Cancelled;
    }

    /// Billing told that nothing is open any more.
    pub(crate) fn paid(&mut self, now: DateTime<Utc>, today: NaiveDate) {
        (self.details.paid_at, self.paid_on) = (Some(now), Some(today));
        if self.state == OrderState::Accepted {
            self.state = self.settled();
        }
    }

    /// What a paid order is: somebody may have been asked about it before it was paid.
    fn settled(&self) -> OrderState {
        if self.details.revisited_at.is_some() { OrderState::Revisited } else { OrderState::Paid }
    }

    /// Somebody was asked about it.
    pub(crate) fn revisited(&mut self, now: DateTime<Utc>) {
        self.details.revisited_at = self.details.revisited_at.or(Some(now));
        if self.state == OrderState::Paid {
            self.state = OrderState::Revisited;
        }
    }

    /// Billing told that money went back.
    pub(crate) fn refunded(&mut self) {
        (self.details.paid_at, self.paid_on) = (None, None);
        if matches!(self.state, OrderState::Paid | OrderState::Revisited) {
            self.state = OrderState::Accepted;
        }
    }
}

/// Whether somebody who begins now keeps the appointment.
fn kept(details: &Details, now: DateTime<Utc>) -> Option<bool> {
    let (quote, (_, terms)) = (details.quote.as_ref()?, details.terms.as_ref()?);
    let off = (now - quote.appointment).num_seconds().abs();
    Some(off <= terms.tolerance_minutes() * 60)
}

#[cfg(test)]
mod tests;
