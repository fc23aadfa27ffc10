//! Recording a visit, and what became of a promise.

use super::{
    VISIT_READ, VISIT_RECORD, VisitId, VisitPromiseId,
    domain::{Mood, Promise, PromiseState, Visit, check_days},
    repo, say,
};
use crate::{Refused, homes::covered};
use authz::{AuditFact, Caller, audit, keyed};
use chrono::NaiveDate;
use contracts::UnitId;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{expected, input};
use places::{estates, homes};
use serde::Serialize;

/// The most topics of a visit.
const MOST_TOPICS: usize = 20;

/// What was said at a door.
#[derive(Clone, Debug, Serialize)]
pub(super) struct RecordVisit {
    pub unit: UnitId,
    pub day: NaiveDate,
    pub who: String,
    pub topics: Vec<String>,
    pub mood: Mood,
    pub needs: Option<String>,
    /// What was promised, and by when.
    pub promise: Option<(String, NaiveDate)>,
}

/// Keeps a visit that the caller made, and what was promised there.
#[tracing::instrument(name = "usecase.visits.record", skip_all)]
pub(super) async fn record(
    db: &Db,
    caller: &Caller,
    command: RecordVisit,
    key: &IdempotencyKey,
) -> Result<(VisitId, Option<VisitPromiseId>), Refused> {
    let scope = db.read(caller.tenant()).await?;
    let unit = homes::unit(&scope, command.unit).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(VISIT_RECORD, VISIT_READ, unit.estate)?;
    let unit = covered(&scope, &right, unit.id).await?;
    check_days(
        estates::today(&scope, unit.estate).await?,
        command.day,
        command.promise.as_ref().map(|it| it.1),
    )?;
    drop(scope);
    let (actor, given) = (caller.clone(), command.clone());
    keyed(db, caller, "record_visit", key, &given, move |scope| {
        Box::pin(async move {
            let visit = visit(scope, &actor, &unit, &command)?;
            repo::insert(scope, &visit).await?;
            let promised = match &command.promise {
                Some((text, due)) => Some(promise(scope, &visit, (text, *due)).await?),
                None => None,
            };
            let object = visit.id.to_string();
            let fact = AuditFact {
                action: "visit.recorded",
                object,
                estate: Some(visit.estate),
                reason: None,
                detail: (visit.unit, visit.day),
            };
            audit(scope, &actor, fact).await?;
            Ok((visit.id, promised))
        })
    })
    .await
}

fn visit(
    scope: &TenantScope,
    caller: &Caller,
    unit: &homes::Unit,
    command: &RecordVisit,
) -> Result<Visit, Refused> {
    if !(1..=MOST_TOPICS).contains(&command.topics.len()) {
        return Err(Refused::invalid("topics", expected::items(1, MOST_TOPICS)));
    }
    let topics = command.topics.iter().map(|topic| input::text("topics", topic, 50));
    Ok(Visit {
        id: VisitId::from_uuid(scope.new_id()),
        estate: unit.estate,
        unit: unit.id,
        building: unit.building,
        officer: caller.user(),
        day: command.day,
        who: input::text("who", &command.who, 100)?,
        topics: topics.collect::<Result<_, _>>()?,
        mood: command.mood,
        needs: input::optional("needs", command.needs.as_deref(), 1_000)?,
        recorded_at: scope.now(),
    })
}

async fn promise(
    scope: &TenantScope,
    visit: &Visit,
    (text, due): (&str, NaiveDate),
) -> Result<VisitPromiseId, Refused> {
    let promise = Promise {
        id: VisitPromiseId::from_uuid(scope.new_id()),
        visit: visit.id,
        estate: visit.estate,
        unit: visit.unit,
        building: visit.building,
        officer: visit.officer,
        text: input::lines("promise.text", text, 500)?,
        due,
        state: PromiseState::Open,
        note: None,
        settled_by: None,
        settled_at: None,
        version: 1,
    };
    repo::insert_promise(scope, &promise).await?;
    Ok(promise.id)
}

/// Says whether a promise was kept.
#[tracing::instrument(name = "usecase.visits.settle_promise", skip_all)]
pub(super) async fn settle(
    db: &Db,
    caller: &Caller,
    (id, version): (VisitPromiseId, i32),
    (kept, note): (bool, Option<&str>),
) -> Result<VisitPromiseId, Refused> {
    let scope = db.write(caller.tenant()).await?;
    let mut promise = repo::promise(&scope, id).await?.ok_or_else(Refused::not_found)?;
    let right = caller.act(VISIT_RECORD, VISIT_READ, promise.estate)?;
    if right.zone().is_some_and(|zone| !zone.contains(&promise.building.as_uuid())) {
        return Err(Refused::not_found());
    }
    if promise.version != version {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    if promise.state != PromiseState::Open {
        return Err(Refused::Conflict(say::settled_already()));
    }
    promise.state = if kept { PromiseState::Kept } else { PromiseState::Broken };
    promise.note = input::optional("note", note, 500)?;
    promise.settled_by = Some(caller.user());
    promise.settled_at = Some(scope.now());
    promise.version += 1;
    if !repo::settle(&scope, &promise).await? {
        return Err(Refused::Conflict(crate::say::changed_meanwhile()));
    }
    let fact = AuditFact {
        action: "visit_promise.settled",
        object: id.to_string(),
        estate: Some(promise.estate),
        reason: promise.note.as_deref(),
        detail: promise.state,
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(id)
}
