//! What community events are given.

use super::domain::{BudgetLine, Plan};
use crate::charges::graphql::fen;
use async_graphql::{ID, InputObject, Result};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;

/// One line of a budget.
#[derive(InputObject)]
pub(crate) struct EventBudgetLineInput {
    /// Its code, unique in the event; 1 to 32 characters.
    pub(super) code: String,
    /// What for, 1 to 100 characters.
    pub(super) name: String,
    /// How much, in yuan.
    pub(super) amount: Decimal,
}

/// A plan of an event.
#[derive(InputObject)]
pub(crate) struct PlanCommunityEventInput {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// The event, `cev_…`, that is still planned; a new one when left out.
    pub(super) event_id: Option<ID>,
    /// The version that was read; needed with `eventId`.
    pub(super) expected_version: Option<i32>,
    /// Its title in Chinese, 1 to 100 characters.
    pub(super) title_zh: String,
    /// Its title in English, 1 to 200 characters.
    pub(super) title_en: String,
    /// What it is for, 1 to 1000 characters.
    pub(super) goal: String,
    /// Where, 1 to 200 characters.
    pub(super) place: String,
    /// When it begins; its year is the plan that it is a part of.
    pub(super) starts_at: DateTime<Utc>,
    /// When it ends.
    pub(super) ends_at: DateTime<Utc>,
    /// How many people may come, companions among them.
    pub(super) capacity: u32,
    /// From when on residents sign up.
    pub(super) opens_at: DateTime<Utc>,
    /// Until when; before it begins.
    pub(super) closes_at: DateTime<Utc>,
    /// How many companions one may bring, 0 to 20.
    #[graphql(default)]
    pub(super) most_companions: u32,
    /// How it is kept safe, 1 to 5000 characters.
    pub(super) safety_plan: String,
    /// The budget, 1 to 50 lines.
    pub(super) budget: Vec<EventBudgetLineInput>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

impl PlanCommunityEventInput {
    /// The plan that it says.
    pub(super) fn plan(self) -> Result<Plan> {
        let budget = self.budget.into_iter().map(|it| {
            Ok(BudgetLine { amount: fen(it.amount, "budget")?, code: it.code, name: it.name })
        });
        Ok(Plan {
            title_zh: self.title_zh,
            title_en: self.title_en,
            goal: self.goal,
            place: self.place,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            capacity: self.capacity,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            most_companions: self.most_companions,
            safety_plan: self.safety_plan,
            budget: budget.collect::<Result<_>>()?,
        })
    }
}

/// What is proposed.
#[derive(InputObject)]
pub(crate) struct ProposeCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is approved.
#[derive(InputObject)]
pub(crate) struct ApproveCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is given back.
#[derive(InputObject)]
pub(crate) struct ReturnCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is announced.
#[derive(InputObject)]
pub(crate) struct AnnounceCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What took place.
#[derive(InputObject)]
pub(crate) struct HoldCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is cancelled.
#[derive(InputObject)]
pub(crate) struct CancelCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// The report of an event.
#[derive(InputObject)]
pub(crate) struct SummariseCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// What happened, 1 to 5000 characters.
    pub(super) summary: String,
    /// What it did for the community, 1 to 2000 characters.
    pub(super) effect: String,
    /// What to do better, 1 to 2000 characters.
    pub(super) lessons: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is over.
#[derive(InputObject)]
pub(crate) struct ArchiveCommunityEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Money spent for an event.
#[derive(InputObject)]
pub(crate) struct NoteEventExpenseInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The budget line's code.
    pub(super) line_code: String,
    /// How much, in yuan; below zero takes back what was noted wrongly.
    pub(super) amount: Decimal,
    /// The day, today or before.
    pub(super) on: NaiveDate,
    /// What was bought, 1 to 200 characters.
    pub(super) what: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// What is otherwise than it was announced; what is left out stays.
#[derive(InputObject)]
pub(crate) struct RescheduleCommunityEventInput {
    /// The event, `cev_…`, announced and not begun.
    pub(super) event_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// When it begins.
    pub(super) starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    pub(super) ends_at: Option<DateTime<Utc>>,
    /// Until when residents sign up.
    pub(super) closes_at: Option<DateTime<Utc>>,
    /// Where, 1 to 200 characters.
    pub(super) place: Option<String>,
    /// How many people may come; not fewer than before.
    pub(super) capacity: Option<u32>,
    /// Why, 1 to 500 characters; who signed up is told.
    pub(super) reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Who comes.
#[derive(InputObject)]
pub(crate) struct SignUpForEventInput {
    /// The event, `cev_…`.
    pub(super) event_id: ID,
    /// The unit, `unt_…`: one's own for a resident.
    pub(super) unit_id: ID,
    /// Who comes, `psn_…`, where a member of staff signs them up: somebody of the unit.
    pub(super) person_id: Option<ID>,
    /// Who comes along; each takes a place.
    #[graphql(default)]
    pub(super) companions: u32,
    /// Whether they may be seen on the event's photos.
    pub(super) photo_consent: bool,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// A place that is given back.
#[derive(InputObject)]
pub(crate) struct GiveBackEventPlaceInput {
    /// The sign-up, `ces_…`.
    pub(super) sign_up_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// The client's key for this act: repeated with the same input it changes nothing.
    pub(super) idempotency_key: String,
}

/// Somebody who comes without a ticket.
#[derive(InputObject)]
pub(crate) struct CheckInEventGuestInput {
    /// The sign-up, `ces_…`.
    pub(super) sign_up_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// How many of them came; all of them when left out.
    pub(super) present: Option<u32>,
}

/// Who was let in wrongly.
#[derive(InputObject)]
pub(crate) struct UndoEventCheckInInput {
    /// The sign-up, `ces_…`.
    pub(super) sign_up_id: ID,
    /// The version that was read.
    pub(super) expected_version: i32,
    /// Why, 1 to 500 characters.
    pub(super) reason: String,
}

/// A ticket that is shown.
#[derive(InputObject)]
pub(crate) struct CheckInEventTicketInput {
    /// The estate, `est_…`.
    pub(super) estate_id: ID,
    /// The code of the e-ticket.
    pub(super) code: String,
    /// How many of those on it came; all of them when left out.
    pub(super) present: Option<u32>,
}
