//! Noting what an event costs, against the lines of its budget.

use super::{
    CommunityEventId, EVENT_APPROVE, EVENT_PLAN, EVENT_READ, ExpenseId,
    domain::EventState,
    repo::{self, Expense},
    say,
};
use crate::Refused;
use authz::{AuditFact, Caller, Denied, audit, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::{expected, input};
use money::Fen;
use serde::Serialize;

/// Money spent for an event; below zero takes back what was noted wrongly.
#[derive(Clone, Debug, Serialize)]
pub(super) struct NoteExpense {
    pub event: CommunityEventId,
    pub line: String,
    pub amount: Fen,
    pub on: NaiveDate,
    pub what: String,
}

/// Notes an expense; it is never changed, only taken back by another.
#[tracing::instrument(name = "usecase.community_events.note_expense", skip_all)]
pub(super) async fn note_expense(
    db: &Db,
    caller: &Caller,
    command: NoteExpense,
    key: &IdempotencyKey,
) -> Result<CommunityEventId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let event = repo::find(&scope, command.event).await?.ok_or_else(Refused::not_found)?;
    drop(scope);
    let planner = caller.act(EVENT_PLAN, EVENT_READ, event.estate);
    let approves = caller.act(EVENT_APPROVE, EVENT_READ, event.estate).is_ok();
    if !approves {
        planner?;
    }
    let (actor, input) = (caller.clone(), command.clone());
    keyed(db, caller, "note_event_expense", key, &input, move |scope| {
        Box::pin(async move {
            let event = repo::lock(scope, command.event).await?.ok_or_else(Refused::not_found)?;
            // Money is spent before an event, and bills come after it, also after one that was
            // cancelled; not once it is put away.
            let open = [
                EventState::Approved,
                EventState::Announced,
                EventState::Held,
                EventState::Cancelled,
                EventState::Summarised,
            ];
            if !open.contains(&event.state) {
                return Err(Refused::Conflict(say::wrong_state(event.state.word())));
            }
            if !event.details.plan.budget.iter().any(|line| line.code == command.line) {
                return Err(Refused::invalid("lineCode", expected::existing()));
            }
            if command.amount.is_zero() || command.amount.0.abs() > 10_000_000_000 {
                return Err(Refused::invalid(
                    "amount",
                    expected::between(-100_000_000, 100_000_000),
                ));
            }
            let spent = repo::spent(scope, [event.id]).await?;
            let of_line = (event.id, command.line.clone());
            let before = spent.get(&of_line).copied().unwrap_or_default();
            if (before + command.amount).is_negative() {
                return Err(Refused::invalid("amount", say::line_below_zero()));
            }
            let all: Fen = spent.values().copied().sum();
            let over =
                command.amount.is_positive() && all + command.amount > event.details.plan.total();
            // Who planned it asks whoever approved the budget before it is exceeded.
            if over && !approves {
                return Err(Denied::Missing(EVENT_APPROVE).into());
            }
            if command.on > places::estates::today(scope, event.estate).await? {
                return Err(Refused::invalid("on", say::day_passed()));
            }
            let expense = Expense {
                id: ExpenseId::from_uuid(scope.new_id()),
                event: event.id,
                line: command.line,
                amount: command.amount,
                on: command.on,
                what: input::text("what", &command.what, 200)?,
                noted_by: actor.user(),
                noted_at: scope.now(),
            };
            repo::insert_expense(scope, &expense).await?;
            let fact = AuditFact {
                action: "community_event.expense_noted",
                object: event.id.to_string(),
                estate: Some(event.estate),
                reason: None,
                detail: (&expense.line, expense.amount, expense.on),
            };
            audit(scope, &actor, fact).await?;
            Ok(event.id)
        })
    })
    .await
}
