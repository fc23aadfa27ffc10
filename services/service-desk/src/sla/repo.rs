//! Clocks and their pauses in the database.

use super::{
    ClockId, PolicyId, Subject, SubjectKind,
    domain::{Counting, Facts, Pause, Promise},
};
use authz::UserId;
use chrono::{DateTime, Utc};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _,
    sea_query::{Query, SelectStatement},
};
use std::collections::HashMap;

mod clock {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sla_clocks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub kind: String,
        pub subject_id: Uuid,
        pub code: String,
        pub policy_id: Option<Uuid>,
        pub promise: String,
        pub office: bool,
        pub assignee: Option<Uuid>,
        pub started_at: DateTimeUtc,
        pub round: i32,
        pub round_from: DateTimeUtc,
        pub agreed_until: Option<DateTimeUtc>,
        pub responded_at: Option<DateTimeUtc>,
        pub resolved_at: Option<DateTimeUtc>,
        pub cancelled_at: Option<DateTimeUtc>,
        pub paused_since: Option<DateTimeUtc>,
        pub pause_reason: Option<String>,
        pub respond_by: Option<DateTimeUtc>,
        pub resolve_by: Option<DateTimeUtc>,
        pub next_at: Option<DateTimeUtc>,
        pub warned: i32,
        pub open: bool,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod pause {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sla_pauses")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub clock_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub reason: String,
        pub from_at: DateTimeUtc,
        pub to_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

tenant_owned!(clock, pause);

/// Where a ticket stands with its promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlaState {
    /// The last instant of a timely first answer; `None` while the clock stands.
    pub respond_by: Option<DateTime<Utc>>,
    /// When it was first answered.
    pub responded_at: Option<DateTime<Utc>>,
    /// The last instant of a timely end; `None` while the clock stands.
    pub resolve_by: Option<DateTime<Utc>>,
    /// When it ended.
    pub resolved_at: Option<DateTime<Utc>>,
    /// Whether the first answer was in time; `None` while it may still be.
    pub response_met: Option<bool>,
    /// Whether the end was in time; `None` while it may still be.
    pub resolution_met: Option<bool>,
    /// Since when the clock stands.
    pub paused_since: Option<DateTime<Utc>>,
    /// Why the clock stands.
    pub pause_reason: Option<String>,
    /// When somebody is told next.
    pub next_escalation: Option<DateTime<Utc>>,
    /// The highest share, in per cent, of which somebody was told in this round; 0 when nobody was.
    pub warned: i32,
}

/// A ticket's clock, as kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub id: ClockId,
    pub estate: EstateId,
    pub subject: Subject,
    pub code: String,
    pub policy: Option<PolicyId>,
    pub assignee: Option<UserId>,
    pub facts: Facts,
    pub cancelled: bool,
    pub open: bool,
    pub respond_by: Option<DateTime<Utc>>,
    pub resolve_by: Option<DateTime<Utc>>,
    pub next_at: Option<DateTime<Utc>>,
    pub warned: i32,
}

impl Kept {
    fn row(&self) -> Result<clock::ActiveModel, StorageError> {
        let facts = &self.facts;
        let pause = facts.pauses.last().filter(|pause| pause.to.is_none());
        let ended = |cancelled| facts.ended_at.filter(|_| self.cancelled == cancelled);
        Ok(clock::ActiveModel {
            id: Set(self.id.as_uuid()),
            estate_id: Set(self.estate.as_uuid()),
            kind: Set(stored::word(self.subject.kind)?),
            subject_id: Set(self.subject.id),
            code: Set(self.code.clone()),
            policy_id: Set(self.policy.map(PolicyId::as_uuid)),
            promise: Set(stored::json(&facts.promise)?),
            office: Set(facts.promise.counting == Counting::Office),
            assignee: Set(self.assignee.map(UserId::as_uuid)),
            started_at: Set(facts.started_at),
            round: Set(facts.round),
            round_from: Set(facts.round_from),
            agreed_until: Set(facts.agreed_until),
            responded_at: Set(facts.responded_at),
            resolved_at: Set(ended(false)),
            cancelled_at: Set(ended(true)),
            paused_since: Set(pause.map(|pause| pause.from)),
            pause_reason: Set(pause.map(|pause| pause.reason.clone())),
            respond_by: Set(self.respond_by),
            resolve_by: Set(self.resolve_by),
            next_at: Set(self.next_at),
            warned: Set(self.warned),
            open: Set(self.open),
            ..Default::default()
        })
    }
}

/// Adds clocks.
pub(super) async fn insert(scope: &TenantScope, clocks: &[Kept]) -> Result<(), StorageError> {
    let rows = clocks.iter().map(Kept::row).collect::<Result<Vec<_>, _>>()?;
    scope.insert_all(rows).await
}

/// Writes what may change of a clock that is held, and its pauses.
pub(super) async fn save(scope: &TenantScope, kept: &Kept) -> Result<(), StorageError> {
    use clock::Column as C;
    let changed = [
        C::Code,
        C::PolicyId,
        C::Promise,
        C::Office,
        C::Assignee,
        C::Round,
        C::RoundFrom,
        C::AgreedUntil,
        C::RespondedAt,
        C::ResolvedAt,
        C::CancelledAt,
        C::PausedSince,
        C::PauseReason,
        C::RespondBy,
        C::ResolveBy,
        C::NextAt,
        C::Warned,
        C::Open,
    ];
    scope.upsert([kept.row()?], [C::TenantId, C::Id], changed).await
}

/// Writes the pauses of a clock.
pub(super) async fn save_pauses(scope: &TenantScope, kept: &Kept) -> Result<(), StorageError> {
    use pause::Column as C;
    if kept.facts.pauses.is_empty() {
        return Ok(());
    }
    let row = |(place, pause): (i32, &Pause)| pause::ActiveModel {
        clock_id: Set(kept.id.as_uuid()),
        place: Set(place),
        reason: Set(pause.reason.clone()),
        from_at: Set(pause.from),
        to_at: Set(pause.to),
        ..Default::default()
    };
    let rows = (1..).zip(&kept.facts.pauses).map(row);
    scope.upsert(rows, [C::TenantId, C::ClockId, C::Place], [C::ToAt]).await
}

/// The clock of a ticket, held until the transaction ends.
pub(super) async fn lock(
    scope: &TenantScope,
    subject: Subject,
) -> Result<Option<Kept>, StorageError> {
    use clock::Column as C;
    let rows = scope.find::<clock::Entity>().filter(C::Kind.eq(stored::word(subject.kind)?));
    let found = rows.filter(C::SubjectId.eq(subject.id)).lock().one().await?;
    whole(scope, found).await
}

/// A clock by id, held until the transaction ends.
pub(super) async fn lock_by_id(
    scope: &TenantScope,
    id: ClockId,
) -> Result<Option<Kept>, StorageError> {
    let rows = scope.find::<clock::Entity>().filter(clock::Column::Id.eq(id.as_uuid()));
    let found = rows.lock().one().await?;
    whole(scope, found).await
}

async fn whole(
    scope: &TenantScope,
    found: Option<clock::Model>,
) -> Result<Option<Kept>, StorageError> {
    let Some(row) = found else { return Ok(None) };
    let rows = scope.find::<pause::Entity>().filter(pause::Column::ClockId.eq(row.id));
    let pauses = rows.asc(pause::Column::Place).all().await?.into_iter().map(|pause| Pause {
        reason: pause.reason,
        from: pause.from_at,
        to: pause.to_at,
    });
    let promise: Promise = stored::read_json(&row.promise)?;
    Ok(Some(Kept {
        id: ClockId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        subject: Subject::new(stored::read_word(&row.kind)?, row.subject_id),
        code: row.code,
        policy: row.policy_id.map(PolicyId::from_uuid),
        assignee: row.assignee.map(UserId::from_uuid),
        facts: Facts {
            promise,
            started_at: row.started_at,
            round: row.round,
            round_from: row.round_from,
            agreed_until: row.agreed_until,
            responded_at: row.responded_at,
            ended_at: row.resolved_at.or(row.cancelled_at),
            pauses: pauses.collect(),
        },
        cancelled: row.cancelled_at.is_some(),
        open: row.open,
        respond_by: row.respond_by,
        resolve_by: row.resolve_by,
        next_at: row.next_at,
        warned: row.warned,
    }))
}

/// Where these tickets stand, seen from `now`; one statement.
pub(super) async fn states(
    scope: &TenantScope,
    subjects: &[Subject],
    now: DateTime<Utc>,
) -> Result<HashMap<Subject, SlaState>, StorageError> {
    use super::domain::met;
    let ids = subjects.iter().map(|subject| subject.id);
    let rows = scope.find::<clock::Entity>().filter_in(clock::Column::SubjectId, ids).all().await?;
    let state = |row: clock::Model| {
        let subject = Subject::new(stored::read_word(&row.kind)?, row.subject_id);
        let state = SlaState {
            response_met: met(row.responded_at, row.respond_by, now),
            resolution_met: met(row.resolved_at, row.resolve_by, now)
                .filter(|_| row.cancelled_at.is_none()),
            respond_by: row.respond_by,
            responded_at: row.responded_at,
            resolve_by: row.resolve_by,
            resolved_at: row.resolved_at,
            paused_since: row.paused_since,
            pause_reason: row.pause_reason,
            next_escalation: row.next_at,
            warned: row.warned,
        };
        Ok((subject, state))
    };
    let all: Result<Vec<_>, StorageError> = rows.into_iter().map(state).collect();
    Ok(all?.into_iter().filter(|(subject, _)| subjects.contains(subject)).collect())
}

/// The ids of the tickets of a kind that were promised to end before an instant and have not.
pub(crate) fn overdue(
    scope: &TenantScope,
    kind: SubjectKind,
    now: DateTime<Utc>,
) -> Result<SelectStatement, StorageError> {
    use clock::Column as C;
    let mut ids = Query::select();
    ids.column(C::SubjectId)
        .from(clock::Entity)
        .and_where(C::TenantId.eq(scope.tenant().as_uuid()))
        .and_where(C::Kind.eq(stored::word(kind)?))
        .and_where(C::Open.eq(true))
        .and_where(C::ResolveBy.lt(now));
    Ok(ids)
}

/// Has the timers of an estate's open clocks look now: its calendar is another.
pub(super) async fn hasten(
    scope: &TenantScope,
    kind: &str,
    estate: EstateId,
) -> Result<u64, StorageError> {
    let sql = "UPDATE jobs SET run_after = $4, \
               again = again OR state = 'running' WHERE tenant_id = $1 AND kind = $2 \
               AND state IN ('queued', 'running') AND id IN (SELECT id FROM sla_clocks \
               WHERE tenant_id = $1 AND estate_id = $3 AND open)";
    let values = [kind.into(), estate.as_uuid().into(), scope.now().into()];
    scope.execute(sql, values).await
}
