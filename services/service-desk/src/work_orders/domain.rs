//! What a work order is, and the one table of how it moves (handbook ch. 21).

use super::{IncidentId, WorkOrderId, catalogue::PriceKind};
use crate::contacts::ContactId;
use authz::UserId;
use chrono::{DateTime, Duration, Utc};
use contracts::{BuildingId, PersonId, UnitId};
use ids::EstateId;
use money::Fen;
use serde::{Deserialize, Serialize};

/// How long after it was done a work order can be opened again (handbook ch. 21).
pub const REOPEN_DAYS: i64 = 7;

/// The most lines of a quote.
pub const MOST_LINES: usize = 50;

/// Where a work order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Nobody has it.
    New,
    /// It is somebody's to accept.
    Dispatched,
    /// They take it.
    Accepted,
    /// They are on their way.
    EnRoute,
    /// They are at it.
    Working,
    /// Parts are missing.
    WaitingParts,
    /// Nobody lets them in.
    WaitingAccess,
    /// The resident has to decide or do something.
    WaitingResident,
    /// The resident has to answer a quote.
    QuotePending,
    /// The work is done.
    Done,
    /// The resident says so too.
    Confirmed,
    /// The matter is over.
    Closed,
    /// There is nothing to do.
    Cancelled,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 13] = [
        Self::New,
        Self::Dispatched,
        Self::Accepted,
        Self::EnRoute,
        Self::Working,
        Self::WaitingParts,
        Self::WaitingAccess,
        Self::WaitingResident,
        Self::QuotePending,
        Self::Done,
        Self::Confirmed,
        Self::Closed,
        Self::Cancelled,
    ];

    /// Whether there is still work to do.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Confirmed | Self::Closed | Self::Cancelled)
    }

    /// Why the clock stands, if it does.
    pub const fn waits_for(self) -> Option<&'static str> {
        match self {
            Self::WaitingParts => Some("WAITING_PARTS"),
            Self::WaitingAccess => Some("WAITING_ACCESS"),
            Self::WaitingResident => Some("WAITING_RESIDENT"),
            Self::QuotePending => Some("QUOTE_PENDING"),
            _ => None,
        }
    }
}

/// What is done to a work order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// It is reported.
    Create,
    /// Somebody gets it, perhaps instead of somebody else.
    Assign,
    /// They take it.
    Accept,
    /// They set out.
    SetOut,
    /// They begin, or go on.
    Start,
    /// They wait for parts.
    WaitForParts,
    /// They wait to be let in.
    WaitForAccess,
    /// They wait for the resident.
    WaitForResident,
    /// They say what it would cost.
    Quote,
    /// The resident agrees to the price.
    AcceptQuote,
    /// The resident does not.
    RefuseQuote,
    /// The price was wrong, or is not needed: nobody has to answer it.
    WithdrawQuote,
    /// The work is done.
    Complete,
    /// The resident confirms it.
    Confirm,
    /// The matter is closed.
    Close,
    /// It was not in order after all.
    Reopen,
    /// There is nothing to do.
    Cancel,
    /// It is the same as another one.
    Merge,
    /// Its incident is over.
    EndIncident,
    /// It is otherwise than it was written down.
    Revise,
}

impl Action {
    /// Every action on a work order that exists.
    pub const ALL: [Self; 19] = [
        Self::Assign,
        Self::Accept,
        Self::SetOut,
        Self::Start,
        Self::WaitForParts,
        Self::WaitForAccess,
        Self::WaitForResident,
        Self::Quote,
        Self::AcceptQuote,
        Self::RefuseQuote,
        Self::WithdrawQuote,
        Self::Complete,
        Self::Confirm,
        Self::Close,
        Self::Reopen,
        Self::Cancel,
        Self::Merge,
        Self::EndIncident,
        Self::Revise,
    ];
}

/// Where an action leads from a state; `None` where it has no place.
pub const fn next(from: State, action: Action) -> Option<State> {
    use Action as A;
    use State as S;
    let busy = matches!(from, S::Accepted | S::EnRoute | S::Working);
    let waits = matches!(from, S::WaitingParts | S::WaitingAccess | S::WaitingResident);
    let open = from.is_open();
    match action {
        // Somebody else may do the work while the resident thinks about its price.
        A::Assign if matches!(from, S::QuotePending) => Some(S::QuotePending),
        A::Assign if open => Some(S::Dispatched),
        A::Accept if matches!(from, S::Dispatched) => Some(S::Accepted),
        A::SetOut if matches!(from, S::Accepted) || waits => Some(S::EnRoute),
        A::Start if matches!(from, S::Accepted | S::EnRoute) || waits => Some(S::Working),
        A::WaitForParts if busy => Some(S::WaitingParts),
        A::WaitForAccess if busy => Some(S::WaitingAccess),
        A::WaitForResident if busy => Some(S::WaitingResident),
        A::Quote if busy || waits || matches!(from, S::QuotePending) => Some(S::QuotePending),
        A::AcceptQuote | A::RefuseQuote | A::WithdrawQuote if matches!(from, S::QuotePending) => {
            Some(S::Accepted)
        }
        A::Complete if matches!(from, S::Working) => Some(S::Done),
        A::Confirm if matches!(from, S::Done) => Some(S::Confirmed),
        A::Close if matches!(from, S::Done | S::Confirmed) => Some(S::Closed),
        A::Reopen if matches!(from, S::Done | S::Confirmed | S::Closed) => Some(S::New),
        A::Cancel if open => Some(S::Cancelled),
        A::Merge | A::EndIncident if open => Some(S::Closed),
        A::Revise if open => Some(from),
        _ => None,
    }
}

/// How soon something has to be repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Urgency {
    /// On site in 30 minutes.
    Urgent,
    /// By what is promised for the category.
    Ordinary,
}

/// How a quote stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuoteState {
    /// The resident has not answered.
    Pending,
    /// The resident agreed before the work began.
    Accepted,
    /// The resident did not agree.
    Refused,
    /// The property pays: the public part.
    Property,
}

/// Labour or material of a work order, at the price of the list on the day it was quoted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The code of the price list.
    pub code: String,
    /// Its Chinese name.
    pub name_zh: String,
    /// Its English name.
    pub name_en: String,
    /// What is counted, e.g. `次`.
    pub unit: String,
    /// Labour or material.
    pub kind: PriceKind,
    /// How many.
    pub quantity: i64,
    /// What one costs.
    pub price: Fen,
    /// For how many days it is repaired again without charge.
    pub warranty_days: i32,
}

impl Line {
    /// What it costs; `None` when that is no amount any more.
    pub fn amount(&self) -> Option<Fen> {
        self.quantity.checked_mul(self.price.0).map(Fen)
    }
}

/// What work would cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// How it stands.
    pub state: QuoteState,
    /// Labour and material.
    pub lines: Vec<Line>,
    /// Who agreed or did not.
    pub answered_by: Option<PersonId>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who of the staff heard it on the phone; nobody when it was said in the app.
    #[serde(default)]
    pub recorded_by: Option<UserId>,
    /// What was agreed to before, which holds until this one is agreed to as well.
    #[serde(default)]
    pub agreed: Option<Box<Quote>>,
}

impl Quote {
    /// What the resident is asked to agree to.
    pub const fn new(lines: Vec<Line>) -> Self {
        Self {
            state: QuoteState::Pending,
            lines,
            answered_by: None,
            answered_at: None,
            recorded_by: None,
            agreed: None,
        }
    }

    /// What holds when this one is not agreed to: itself, if it was, else what was before it.
    fn holding(self) -> Option<Box<Self>> {
        if self.state == QuoteState::Accepted { Some(Box::new(self)) } else { self.agreed }
    }

    /// All of it; `None` when that is no amount any more.
    pub fn total(&self) -> Option<Fen> {
        let sum = |sum: i64, line: &Line| sum.checked_add(line.amount()?.0);
        self.lines.iter().try_fold(0_i64, sum).map(Fen)
    }

    /// Until when the same is repaired again without charge, done at an instant.
    pub fn warranty_until(&self, done: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let paid = self.state == QuoteState::Accepted;
        let days = self.lines.iter().map(|line| line.warranty_days).max().unwrap_or(0);
        (paid && days > 0).then(|| done + Duration::days(days.into()))
    }
}

/// The resident's signature on the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Who signed, as they wrote it.
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The picture of it, as the id of an attachment.
    pub attachment: Option<String>,
}

/// Something to be repaired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkOrder {
    /// Its id.
    pub id: WorkOrderId,
    /// The estate.
    pub estate: EstateId,
    /// What people call it, e.g. `FCH-WO-202607-0001`.
    pub number: String,
    /// The unit, for work in one.
    pub unit: Option<UnitId>,
    /// The building, where it is known.
    pub building: Option<BuildingId>,
    /// The place in words, for work outside units.
    pub place: Option<String>,
    /// The code of its category.
    pub category: String,
    /// Whether it concerns the public part, for which the property pays.
    pub public_part: bool,
    /// Who reported it, if a resident did.
    pub reporter: Option<PersonId>,
    /// The contact it came from.
    pub contact: Option<ContactId>,
    /// How soon.
    pub urgency: Urgency,
    /// What is to be repaired.
    pub description: String,
    /// From when the resident is there.
    pub appointment: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: State,
    /// Who has it.
    pub assignee: Option<UserId>,
    /// What it would cost.
    pub quote: Option<Quote>,
    /// The done order that this one repairs again without charge.
    pub warranty_of: Option<WorkOrderId>,
    /// Until when it is repaired again without charge.
    pub warranty_until: Option<DateTime<Utc>>,
    /// The order that goes on in its place.
    pub merged_into: Option<WorkOrderId>,
    /// The incident that it is part of.
    pub incident: Option<IncidentId>,
    /// The resident's signature.
    pub signature: Option<Signature>,
    /// Who wrote it down.
    pub created_by: UserId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// When the work was done.
    pub done_at: Option<DateTime<Utc>>,
    /// How often it was changed, from 1.
    pub version: i32,
}

impl WorkOrder {
    /// Whether it may still be opened again.
    pub fn may_reopen(&self, now: DateTime<Utc>) -> bool {
        let in_time = |done| now <= done + Duration::days(REOPEN_DAYS);
        self.merged_into.is_none() && self.done_at.is_some_and(in_time)
    }

    /// The code under which time is promised: urgency first, then that of the category.
    pub fn promise_code<'a>(&self, category: &'a str) -> &'a str {
        if self.urgency == Urgency::Urgent { "URGENT" } else { category }
    }

    /// A new quote takes the place of the last one; what was agreed to holds until it is answered.
    pub fn quoted(&mut self, quote: Quote) {
        let agreed = self.quote.take().and_then(Quote::holding);
        self.quote = Some(Quote { agreed, ..quote });
    }

    /// The resident agrees to the quote, or does not; then what they agreed to before holds again.
    pub fn answered(&mut self, agrees: bool, by: Option<PersonId>, at: DateTime<Utc>) {
        let Some(quote) = &mut self.quote else { return };
        let agreed = quote.agreed.take();
        quote.state = if agrees { QuoteState::Accepted } else { QuoteState::Refused };
        (quote.answered_by, quote.answered_at) = (by, Some(at));
        if let (false, Some(agreed)) = (agrees, agreed) {
            *quote = *agreed;
        }
    }

    /// Nobody has to answer the quote any more; what was agreed to before holds again.
    pub fn withdraw_quote(&mut self) {
        self.quote = self.quote.take().and_then(|quote| quote.agreed).map(|agreed| *agreed);
    }

    /// Whether work may begin: what costs the resident something only once they agreed.
    pub fn may_start(&self) -> bool {
        self.quote.as_ref().is_none_or(|quote| quote.state != QuoteState::Pending)
    }
}

/// Somebody who could take an order, and how many open ones they have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// Who.
    pub user: UserId,
    /// How much they have.
    pub load: u64,
}

/// Who gets it: whoever has the least; of several, the one whose id comes first.
pub fn least_busy(hands: impl IntoIterator<Item = Hand>) -> Option<UserId> {
    hands.into_iter().min_by_key(|hand| (hand.load, hand.user.as_uuid())).map(|hand| hand.user)
}
