//! Meetings and tasks in the database.

use super::{
    MeetingId, TaskId,
    domain::{Meeting, Task, TaskState},
};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ExprTrait as _};
use uuid::Uuid;

mod meeting {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "meetings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub kind: String,
        pub held_on: Date,
        pub title: String,
        pub minutes: String,
        pub present: String,
        pub absent: String,
        pub recorded_by: Uuid,
        pub recorded_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod task {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "desk_tasks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub meeting_id: Uuid,
        pub owner_id: Uuid,
        pub decision: String,
        pub due: Date,
        pub state: String,
        pub done_on: Option<Date>,
        pub result: Option<String>,
        pub verified_by: Option<Uuid>,
        pub verified_at: Option<DateTimeUtc>,
        pub version: i32,
        pub reason: Option<String>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(meeting, task);

fn read_meeting(row: meeting::Model) -> Result<Meeting, StorageError> {
    Ok(Meeting {
        id: MeetingId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        kind: stored::read_word(&row.kind)?,
        held_on: row.held_on,
        title: row.title,
        minutes: row.minutes,
        present: stored::read_json(&row.present)?,
        absent: stored::read_json(&row.absent)?,
        recorded_by: UserId::from_uuid(row.recorded_by),
        recorded_at: row.recorded_at,
    })
}

fn read_task(row: task::Model) -> Result<Task, StorageError> {
    Ok(Task {
        id: TaskId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        meeting: MeetingId::from_uuid(row.meeting_id),
        owner: UserId::from_uuid(row.owner_id),
        decision: row.decision,
        due: row.due,
        state: stored::read_word(&row.state)?,
        done_on: row.done_on,
        result: row.result,
        reason: row.reason,
        verified_by: row.verified_by.map(UserId::from_uuid),
        verified_at: row.verified_at,
        version: row.version,
    })
}

/// Adds a meeting with its tasks.
pub(super) async fn insert(
    scope: &TenantScope,
    it: &Meeting,
    tasks: &[Task],
) -> Result<(), StorageError> {
    let row = meeting::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        kind: Set(stored::word(it.kind)?),
        held_on: Set(it.held_on),
        title: Set(it.title.clone()),
        minutes: Set(it.minutes.clone()),
        present: Set(stored::json(&it.present)?),
        absent: Set(stored::json(&it.absent)?),
        recorded_by: Set(it.recorded_by.as_uuid()),
        recorded_at: Set(it.recorded_at),
        ..Default::default()
    };
    scope.insert(row).await?;
    let rows = tasks.iter().map(|task| {
        Ok(task::ActiveModel {
            id: Set(task.id.as_uuid()),
            estate_id: Set(task.estate.as_uuid()),
            meeting_id: Set(task.meeting.as_uuid()),
            owner_id: Set(task.owner.as_uuid()),
            decision: Set(task.decision.clone()),
            due: Set(task.due),
            state: Set(stored::word(task.state)?),
            done_on: Set(None),
            result: Set(None),
            reason: Set(None),
            verified_by: Set(None),
            verified_at: Set(None),
            version: Set(task.version),
            ..Default::default()
        })
    });
    scope.insert_all(rows.collect::<Result<Vec<_>, StorageError>>()?).await
}

/// Writes a task over the version before its own; whether that was the version.
pub(super) async fn save(scope: &TenantScope, it: &Task) -> Result<bool, StorageError> {
    use task::Column as C;
    let rows = scope.update::<task::Entity>().filter(C::Id.eq(it.id.as_uuid()));
    let set = rows
        .filter(C::Version.eq(it.version - 1))
        .set(C::OwnerId, it.owner.as_uuid())
        .set(C::Due, it.due)
        .set(C::Reason, it.reason.clone())
        .set(C::State, stored::word(it.state)?)
        .set(C::DoneOn, it.done_on)
        .set(C::Result, it.result.clone())
        .set(C::VerifiedBy, it.verified_by.map(UserId::as_uuid))
        .set(C::VerifiedAt, it.verified_at)
        .set(C::Version, it.version);
    Ok(set.exec().await? > 0)
}

/// A task.
pub(super) async fn task(scope: &TenantScope, id: TaskId) -> Result<Option<Task>, StorageError> {
    let rows = scope.find::<task::Entity>().filter(task::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read_task).transpose()
}

/// A meeting.
pub(super) async fn meeting(
    scope: &TenantScope,
    id: MeetingId,
) -> Result<Option<Meeting>, StorageError> {
    let rows = scope.find::<meeting::Entity>().filter(meeting::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read_meeting).transpose()
}

/// A page of an estate's meetings, the latest entered first.
pub(super) async fn meetings(
    scope: &TenantScope,
    estate: EstateId,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Meeting>, StorageError> {
    use meeting::Column as C;
    let rows = scope.find::<meeting::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter_by(before, |before| C::Id.lt(before)).desc(C::Id).limit(limit);
    rows.all().await?.into_iter().map(read_meeting).collect()
}

/// The tasks of some meetings, by their day.
pub(super) async fn of_meetings(
    scope: &TenantScope,
    meetings: impl IntoIterator<Item = MeetingId>,
) -> Result<Vec<Task>, StorageError> {
    let ids = meetings.into_iter().map(MeetingId::as_uuid);
    let rows = scope.find::<task::Entity>().filter_in(task::Column::MeetingId, ids);
    let rows = rows.asc(task::Column::Due).asc(task::Column::Id);
    rows.all().await?.into_iter().map(read_task).collect()
}

/// Which tasks a list is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub estate: EstateId,
    pub state: Option<TaskState>,
    pub owner: Option<UserId>,
    /// Only those due before this day.
    pub due_before: Option<NaiveDate>,
    pub after: Option<(NaiveDate, Uuid)>,
}

/// A page of an estate's tasks, the earliest due first.
pub(super) async fn tasks(
    scope: &TenantScope,
    wanted: Wanted,
    limit: u64,
) -> Result<Vec<Task>, StorageError> {
    use task::Column as C;
    let rows = scope
        .find::<task::Entity>()
        .filter(C::EstateId.eq(wanted.estate.as_uuid()))
        .filter_by(wanted.state.map(stored::word).transpose()?, |state| C::State.eq(state))
        .filter_by(wanted.owner, |owner| C::OwnerId.eq(owner.as_uuid()))
        .filter_by(wanted.due_before, |day| C::Due.lt(day))
        .filter_by(wanted.after, |(due, id)| C::Due.gt(due).or(C::Due.eq(due).and(C::Id.gt(id))))
        .asc(C::Due)
        .asc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read_task).collect()
}

/// The tasks of an estate that were due from one day to another, both included.
pub(super) async fn due_in(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Task>, StorageError> {
    use task::Column as C;
    let rows = scope.find::<task::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Due.gte(from)).filter(C::Due.lte(to));
    rows.all().await?.into_iter().map(read_task).collect()
}
