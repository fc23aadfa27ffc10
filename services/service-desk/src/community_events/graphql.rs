//! Community events in the graph.

use super::{
    CommunityEventId, EVENT_CHECK_IN, EVENT_READ, SignUpId,
    act::{Act, act},
    check_in::{CheckIn, CheckInGuest, check_in, check_in_guest, undo},
    domain::{EventState, Report, Step},
    event_graphql::{EventNode, SignUpNode},
    expense::{NoteExpense, note_expense},
    input_graphql::{
        AnnounceCommunityEventInput, ApproveCommunityEventInput, ArchiveCommunityEventInput,
        CancelCommunityEventInput, CheckInEventGuestInput, CheckInEventTicketInput,
        GiveBackEventPlaceInput, HoldCommunityEventInput, NoteEventExpenseInput,
        PlanCommunityEventInput, ProposeCommunityEventInput, RescheduleCommunityEventInput,
        ReturnCommunityEventInput, SignUpForEventInput, SummariseCommunityEventInput,
        UndoEventCheckInInput,
    },
    plan::{PlanEvent, plan},
    repo::{self, Wanted},
    reschedule::{Reschedule, reschedule},
    seen::visible,
    sign_up::{GiveBack, SignUpFor, give_back, sign_up},
    sign_up_repo,
};
use crate::{Refused, charges::graphql::fen, homes};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject, connection::Connection};
use authz::Caller;
use db::Db;
use ids::EstateId;

/// What people have decided about a community event; whether registration is open, the clock says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "EventState")]
pub(crate) enum CommunityEventStage {
    /// In the year's plan.
    Planned,
    /// Waits for the director.
    Proposed,
    /// The director agreed.
    Approved,
    /// Residents know of it.
    Announced,
    /// It took place.
    Held,
    /// It does not take place.
    Cancelled,
    /// The report is written.
    Summarised,
    /// Over.
    Archived,
}

/// The event after an act.
#[derive(SimpleObject)]
pub(crate) struct CommunityEventPayload {
    /// The event.
    community_event: EventNode,
}

/// The sign-up after an act.
#[derive(SimpleObject)]
pub(crate) struct EventSignUpPayload {
    /// The sign-up.
    event_sign_up: SignUpNode,
}

/// Queries on community events.
#[derive(Default)]
pub(crate) struct EventQuery;

#[Object]
impl EventQuery {
    /// One community event; residents see those that were announced.
    async fn community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The event, `cev_…`")] id: ID,
    ) -> Result<Option<EventNode>> {
        let id = parse_id(&id, "id")?;
        node(ctx.data()?, caller(ctx)?, id).await.graphql().map(Some)
    }

    /// The community events of an estate, newest first: with a year its annual plan. Residents see
    /// those that were announced.
    async fn community_events(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this year's plan")] year: Option<i32>,
        #[graphql(desc = "Only those about which people have decided so")] stage: Option<
            CommunityEventStage,
        >,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, EventNode>>> {
        let page = PageArgs::new(first, after)?;
        let estate = parse_id(&estate_id, "estateId")?;
        let wanted = Wanted { year, state: stage.map(Into::into), public: false };
        let nodes = listed(ctx.data()?, caller(ctx)?, (estate, wanted), &page).await.graphql()?;
        Ok(Some(connection(&page, nodes, |node| node.id.to_string(), |node| node)))
    }
}

/// Mutations on community events.
#[derive(Default)]
pub(crate) struct EventMutation;

#[Object]
impl EventMutation {
    /// Put an event into the year's plan, or plan it otherwise until it is proposed.
    async fn plan_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The plan")] input: PlanCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let id = input.event_id.as_ref().map(|id| parse_id(id, "eventId")).transpose()?;
        let command = PlanEvent {
            estate: parse_id(&input.estate_id, "estateId")?,
            existing: id.map(|id| (id, input.expected_version.unwrap_or_default())),
            plan: input.plan()?,
        };
        let id = plan(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Ask the director to approve an event, at least a week before it.
    async fn propose_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is proposed")] input: ProposeCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Propose;
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Approve an event that somebody else proposed.
    async fn approve_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is approved")] input: ApproveCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Approve;
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Give a proposal back to who plans it.
    async fn return_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is given back")] input: ReturnCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Return(input.reason);
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Tell the residents of an event, at least 3 days before it.
    async fn announce_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is announced")] input: AnnounceCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Announce;
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Move an event that was announced, or make room for more; who signed up is told.
    async fn reschedule_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is otherwise")] input: RescheduleCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = Reschedule {
            event: parse_id(&input.event_id, "eventId")?,
            expected_version: input.expected_version,
            starts_at: input.starts_at,
            ends_at: input.ends_at,
            closes_at: input.closes_at,
            place: input.place,
            capacity: input.capacity,
            reason: input.reason,
        };
        let id = reschedule(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Note that an event took place; who had a place and did not come is noted with it.
    async fn hold_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What took place")] input: HoldCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Hold;
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Note that an event does not take place.
    async fn cancel_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is cancelled")] input: CancelCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Cancel(input.reason);
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Write the report of an event that took place.
    async fn summarise_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report")] input: SummariseCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let (summary, effect, lessons) = (input.summary, input.effect, input.lessons);
        let step = Step::Summarise(Report { summary, effect, lessons });
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Put a summarised event away.
    async fn archive_community_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is over")] input: ArchiveCommunityEventInput,
    ) -> Result<CommunityEventPayload> {
        let step = Step::Archive;
        acted(ctx, (&input.event_id, input.expected_version), step, &input.idempotency_key).await
    }

    /// Note what an event costs.
    async fn note_event_expense(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The expense")] input: NoteEventExpenseInput,
    ) -> Result<CommunityEventPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = NoteExpense {
            event: parse_id(&input.event_id, "eventId")?,
            line: input.line_code,
            amount: fen(input.amount, "amount")?,
            on: input.on,
            what: input.what,
        };
        let id = note_expense(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        payload(ctx, id).await
    }

    /// Sign up for an event: a place while there is room, else the last place of the queue.
    async fn sign_up_for_event(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who comes")] input: SignUpForEventInput,
    ) -> Result<EventSignUpPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let command = SignUpFor {
            event: parse_id(&input.event_id, "eventId")?,
            unit: parse_id(&input.unit_id, "unitId")?,
            person: input.person_id.map(|id| parse_id(&id, "personId")).transpose()?,
            companions: input.companions,
            photo_consent: input.photo_consent,
        };
        let id = sign_up(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        signed_up(ctx, id).await
    }

    /// Give one's place back; whoever waits moves up at once.
    async fn give_back_event_place(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The place")] input: GiveBackEventPlaceInput,
    ) -> Result<EventSignUpPayload> {
        let key = input.idempotency_key.parse().graphql()?;
        let place = parse_id(&input.sign_up_id, "signUpId")?;
        let command = GiveBack { place, expected_version: input.expected_version };
        let id = give_back(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
        signed_up(ctx, id).await
    }

    /// Let in who shows an e-ticket; showing it again changes nothing.
    async fn check_in_event_ticket(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The ticket")] input: CheckInEventTicketInput,
    ) -> Result<EventSignUpPayload> {
        let estate = parse_id(&input.estate_id, "estateId")?;
        let command = CheckIn { estate, code: input.code, present: input.present };
        let id = check_in(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        signed_up(ctx, id).await
    }

    /// Let in by name who comes without a ticket, or say how many have come by now.
    async fn check_in_event_guest(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who comes")] input: CheckInEventGuestInput,
    ) -> Result<EventSignUpPayload> {
        let place = parse_id(&input.sign_up_id, "signUpId")?;
        let (expected_version, present) = (input.expected_version, input.present);
        let command = CheckInGuest { place, expected_version, present };
        let id = check_in_guest(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        signed_up(ctx, id).await
    }

    /// Take back that somebody was let in, while the event is not held.
    async fn undo_event_check_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who was let in wrongly")] input: UndoEventCheckInInput,
    ) -> Result<EventSignUpPayload> {
        let which = (parse_id(&input.sign_up_id, "signUpId")?, input.expected_version);
        let id = undo(ctx.data()?, caller(ctx)?, which, &input.reason).await.graphql()?;
        signed_up(ctx, id).await
    }
}

async fn acted(
    ctx: &Context<'_>,
    (event, expected_version): (&ID, i32),
    step: Step,
    key: &str,
) -> Result<CommunityEventPayload> {
    let key = key.parse().graphql()?;
    let command = Act { event: parse_id(event, "eventId")?, expected_version, step };
    let id = act(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

async fn payload(ctx: &Context<'_>, id: CommunityEventId) -> Result<CommunityEventPayload> {
    let community_event = node(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(CommunityEventPayload { community_event })
}

async fn signed_up(ctx: &Context<'_>, id: SignUpId) -> Result<EventSignUpPayload> {
    let event_sign_up = place(ctx.data()?, caller(ctx)?, id).await.graphql()?;
    Ok(EventSignUpPayload { event_sign_up })
}

/// A place the caller may see.
async fn place(db: &Db, caller: &Caller, id: SignUpId) -> Result<SignUpNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let place = sign_up_repo::find(&scope, id).await?.ok_or_else(Refused::not_found)?;
    let event = repo::find(&scope, place.event).await?.ok_or_else(Refused::not_found)?;
    let own = caller.read(EVENT_READ, event.estate)?.own_person();
    if own.is_none() {
        caller.read(EVENT_CHECK_IN, event.estate)?;
    } else if own != Some(place.person.as_uuid()) {
        return Err(Refused::not_found());
    }
    let secret = |_| Some(event.secret.clone());
    let nodes = SignUpNode::load(&scope, vec![place], own, secret).await?;
    nodes.into_iter().next().ok_or_else(Refused::not_found)
}

/// An event the caller may see.
async fn node(db: &Db, caller: &Caller, id: CommunityEventId) -> Result<EventNode, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let (event, own) = visible(&scope, caller, id).await?;
    let nodes = EventNode::load(&scope, vec![event], own).await?;
    nodes.into_iter().next().ok_or_else(Refused::not_found)
}

async fn listed(
    db: &Db,
    caller: &Caller,
    (estate, wanted): (EstateId, Wanted),
    page: &PageArgs,
) -> Result<Vec<EventNode>, Refused> {
    let right = caller.read(EVENT_READ, estate)?;
    let own = right.own_person();
    let scope = db.read(caller.tenant()).await?;
    homes::of_right(&scope, &right).await?;
    let wanted = Wanted { public: own.is_some(), ..wanted };
    let found = repo::page(&scope, estate, wanted, page).await?;
    EventNode::load(&scope, found, own).await
}
