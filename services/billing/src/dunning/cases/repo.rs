//! Rows of cases and tasks.

use crate::{
    dunning::{
        domain::{ReasonClass, Stage, Step, TaskState},
        right::Reached,
    },
    ids::{BillingAccountId, BuildingId, DunningActionId, DunningCaseId, DunningTaskId, UnitId},
};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult, Value};
use uuid::Uuid;

mod case {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_cases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub ladder_version: i32,
        pub opened_on: Date,
        pub anchor: Date,
        pub opening_debt: i64,
        pub stage: String,
        pub reason_class: Option<String>,
        pub assigned_to: Option<Uuid>,
        pub held: bool,
        pub next_on: Option<Date>,
        pub closed_on: Option<Date>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod task {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dunning_tasks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub case_id: Uuid,
        pub estate_id: Uuid,
        pub account_id: Uuid,
        pub building_id: Option<Uuid>,
        pub step: String,
        pub due_on: Date,
        pub state: String,
        pub assigned_to: Option<Uuid>,
        pub action_id: Option<Uuid>,
        pub skip_reason: Option<String>,
        pub skipped_by: Option<Uuid>,
        pub created_at: DateTimeUtc,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(case, task);

/// One account's arrears being followed up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub id: DunningCaseId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub unit: Option<UnitId>,
    pub building: Option<BuildingId>,
    /// The version of the ladder that it follows.
    pub ladder_version: i32,
    pub opened_on: NaiveDate,
    /// The day from which the ladder counts.
    pub anchor: NaiveDate,
    pub opening_debt: Fen,
    pub stage: Stage,
    pub reason_class: Option<ReasonClass>,
    pub assigned_to: Option<UserId>,
    /// Whether nothing may be demanded at present.
    pub held: bool,
    /// When the next step falls due.
    pub next_on: Option<NaiveDate>,
    pub closed_on: Option<NaiveDate>,
}

/// A step that somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub id: DunningTaskId,
    pub case: DunningCaseId,
    pub estate: EstateId,
    pub account: BillingAccountId,
    pub building: Option<BuildingId>,
    pub step: Step,
    pub due_on: NaiveDate,
    pub state: TaskState,
    pub assigned_to: Option<UserId>,
    pub action: Option<DunningActionId>,
    pub skip_reason: Option<String>,
    pub skipped_by: Option<UserId>,
}

/// Adds a case.
pub(super) async fn insert(scope: &TenantScope, it: &Case) -> Result<(), StorageError> {
    let row = case::ActiveModel {
        id: Set(it.id.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        account_id: Set(it.account.as_uuid()),
        unit_id: Set(it.unit.map(UnitId::as_uuid)),
        building_id: Set(it.building.map(BuildingId::as_uuid)),
        ladder_version: Set(it.ladder_version),
        opened_on: Set(it.opened_on),
        anchor: Set(it.anchor),
        opening_debt: Set(it.opening_debt.0),
        stage: Set(stored::word(it.stage)?),
        reason_class: Set(it.reason_class.map(stored::word).transpose()?),
        assigned_to: Set(it.assigned_to.map(UserId::as_uuid)),
        held: Set(it.held),
        next_on: Set(it.next_on),
        closed_on: Set(it.closed_on),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Writes what may change of a case.
pub(crate) async fn save(scope: &TenantScope, it: &Case) -> Result<(), StorageError> {
    use case::Column as C;
    let update = scope
        .update::<case::Entity>()
        .filter(C::Id.eq(it.id.as_uuid()))
        .set(C::Stage, stored::word(it.stage)?)
        .set(C::ReasonClass, it.reason_class.map(stored::word).transpose()?)
        .set(C::AssignedTo, it.assigned_to.map(UserId::as_uuid))
        .set(C::Held, it.held)
        .set(C::NextOn, it.next_on)
        .set(C::ClosedOn, it.closed_on);
    update.exec().await.map(drop)
}

/// One case.
pub(crate) async fn find(
    scope: &TenantScope,
    id: DunningCaseId,
) -> Result<Option<Case>, StorageError> {
    let rows = scope.find::<case::Entity>().filter(case::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read).transpose()
}

/// One case, held until the transaction ends. Lock its account first.
pub(crate) async fn lock(
    scope: &TenantScope,
    id: DunningCaseId,
) -> Result<Option<Case>, StorageError> {
    let rows = scope.find::<case::Entity>().filter(case::Column::Id.eq(id.as_uuid()));
    rows.lock().one().await?.map(read).transpose()
}

/// Cases by their ids.
pub(crate) async fn cases_by_id(
    scope: &TenantScope,
    ids: impl IntoIterator<Item = DunningCaseId> + Send,
) -> Result<Vec<Case>, StorageError> {
    let ids = ids.into_iter().map(DunningCaseId::as_uuid);
    let rows = scope.find::<case::Entity>().filter_in(case::Column::Id, ids);
    rows.all().await?.into_iter().map(read).collect()
}

/// The open case of an account.
pub(crate) async fn open_of(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<Case>, StorageError> {
    use case::Column as C;
    let rows = scope
        .find::<case::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter(C::ClosedOn.is_null());
    rows.lock().one().await?.map(read).transpose()
}

/// The day up to which what an account owed was written off.
pub(super) async fn written_off(
    scope: &TenantScope,
    account: BillingAccountId,
) -> Result<Option<NaiveDate>, StorageError> {
    use case::Column as C;
    let rows = scope
        .find::<case::Entity>()
        .filter(C::AccountId.eq(account.as_uuid()))
        .filter(C::Stage.eq(stored::word(Stage::WrittenOff)?));
    Ok(rows.desc(C::ClosedOn).one().await?.and_then(|row| row.closed_on))
}

#[derive(FromQueryResult)]
struct Found {
    account_id: Uuid,
}

/// The next accounts of an estate that the daily work has to look at: overdue without a case, with
/// a step that is due, or with nothing left to pay.
pub(super) async fn to_look_at(
    scope: &TenantScope,
    estate: EstateId,
    today: NaiveDate,
    (after, limit): (Option<BillingAccountId>, u64),
) -> Result<Vec<BillingAccountId>, StorageError> {
    let sql = "SELECT account_id FROM ( \
        SELECT b.account_id FROM bills b WHERE b.tenant_id = $1 AND b.estate_id = $2 AND b.due < $3 \
          AND b.voided_on IS NULL AND b.settled < b.total \
          AND NOT EXISTS (SELECT 1 FROM dunning_cases c WHERE c.tenant_id = b.tenant_id \
            AND c.account_id = b.account_id AND (c.closed_on IS NULL \
            OR (c.stage = 'WRITTEN_OFF' AND c.closed_on >= b.due))) \
        UNION SELECT c.account_id FROM dunning_cases c WHERE c.tenant_id = $1 AND c.estate_id = $2 \
          AND c.closed_on IS NULL AND (c.next_on <= $3 \
            OR NOT EXISTS (SELECT 1 FROM bills b WHERE b.tenant_id = c.tenant_id \
              AND b.account_id = c.account_id AND b.due <= $3 AND b.voided_on IS NULL \
              AND b.settled < b.total))) x \
        WHERE account_id > $4 ORDER BY account_id LIMIT $5";
    let values: [Value; 4] = [
        estate.as_uuid().into(),
        today.into(),
        after.map_or(Uuid::nil(), BillingAccountId::as_uuid).into(),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let rows: Vec<Found> = scope.rows(sql, values).await?;
    Ok(rows.into_iter().map(|row| BillingAccountId::from_uuid(row.account_id)).collect())
}

/// Which cases a list is of.
#[derive(Clone, Debug, Default)]
pub(crate) struct CasesWanted {
    pub stage: Option<Stage>,
    pub open: Option<bool>,
    pub assigned_to: Option<UserId>,
    pub building: Option<BuildingId>,
    pub account: Option<BillingAccountId>,
    pub reached: Reached,
}

/// A page of the cases of an estate, newest first.
pub(crate) async fn page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: CasesWanted,
    (before, limit): (Option<Uuid>, u64),
) -> Result<Vec<Case>, StorageError> {
    use case::Column as C;
    let stage = wanted.stage.map(stored::word).transpose()?;
    let rows = scope
        .find::<case::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(stage, |stage| C::Stage.eq(stage))
        .filter_by(wanted.open, |open| {
            if open { C::ClosedOn.is_null() } else { C::ClosedOn.is_not_null() }
        })
        .filter_by(wanted.assigned_to, |user| C::AssignedTo.eq(user.as_uuid()))
        .filter_by(wanted.building, |building| C::BuildingId.eq(building.as_uuid()))
        .filter_by(wanted.account, |account| C::AccountId.eq(account.as_uuid()))
        .filter_by(wanted.reached.zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(before, |before| C::Id.lt(before));
    rows.desc(C::Id).limit(limit).all().await?.into_iter().map(read).collect()
}

/// Adds a task.
pub(super) async fn insert_task(scope: &TenantScope, it: &Task) -> Result<(), StorageError> {
    let row = task::ActiveModel {
        id: Set(it.id.as_uuid()),
        case_id: Set(it.case.as_uuid()),
        estate_id: Set(it.estate.as_uuid()),
        account_id: Set(it.account.as_uuid()),
        building_id: Set(it.building.map(BuildingId::as_uuid)),
        step: Set(stored::word(it.step)?),
        due_on: Set(it.due_on),
        state: Set(stored::word(it.state)?),
        assigned_to: Set(it.assigned_to.map(UserId::as_uuid)),
        action_id: Set(it.action.map(DunningActionId::as_uuid)),
        skip_reason: Set(it.skip_reason.clone()),
        skipped_by: Set(it.skipped_by.map(UserId::as_uuid)),
        created_at: Set(scope.now()),
        ..Default::default()
    };
    scope.insert(row).await
}

/// Notes that open tasks of a case go to somebody.
pub(super) async fn assign_open(
    scope: &TenantScope,
    case: DunningCaseId,
    to: Option<UserId>,
) -> Result<(), StorageError> {
    use task::Column as C;
    let update = scope
        .update::<task::Entity>()
        .filter(C::CaseId.eq(case.as_uuid()))
        .filter(C::State.eq(stored::word(TaskState::Open)?))
        .set(C::AssignedTo, to.map(UserId::as_uuid));
    update.exec().await.map(drop)
}

/// Nothing that is open of a case has to be done any more.
pub(super) async fn cancel_open(
    scope: &TenantScope,
    case: DunningCaseId,
) -> Result<(), StorageError> {
    use task::Column as C;
    let update = scope
        .update::<task::Entity>()
        .filter(C::CaseId.eq(case.as_uuid()))
        .filter(C::State.eq(stored::word(TaskState::Open)?))
        .set(C::State, stored::word(TaskState::Cancelled)?);
    update.exec().await.map(drop)
}

/// Notes that the open task of a step was done by a contact.
pub(crate) async fn done(
    scope: &TenantScope,
    case: DunningCaseId,
    step: Step,
    by: DunningActionId,
) -> Result<(), StorageError> {
    use task::Column as C;
    let update = scope
        .update::<task::Entity>()
        .filter(C::CaseId.eq(case.as_uuid()))
        .filter(C::Step.eq(stored::word(step)?))
        .filter(C::State.eq(stored::word(TaskState::Open)?))
        .set(C::State, stored::word(TaskState::Done)?)
        .set(C::ActionId, by.as_uuid());
    update.exec().await.map(drop)
}

/// Opens the task again that a contact had done, since the contact is corrected.
pub(crate) async fn reopen(scope: &TenantScope, by: DunningActionId) -> Result<(), StorageError> {
    use task::Column as C;
    let update = scope
        .update::<task::Entity>()
        .filter(C::ActionId.eq(by.as_uuid()))
        .filter(C::State.eq(stored::word(TaskState::Done)?))
        .set(C::State, stored::word(TaskState::Open)?)
        .set(C::ActionId, None::<Uuid>);
    update.exec().await.map(drop)
}

/// Notes that a task is skipped.
pub(super) async fn skipped(
    scope: &TenantScope,
    id: DunningTaskId,
    reason: &str,
    by: UserId,
) -> Result<(), StorageError> {
    use task::Column as C;
    let update = scope
        .update::<task::Entity>()
        .filter(C::Id.eq(id.as_uuid()))
        .set(C::State, stored::word(TaskState::Skipped)?)
        .set(C::SkipReason, reason)
        .set(C::SkippedBy, by.as_uuid());
    update.exec().await.map(drop)
}

/// One task.
pub(crate) async fn find_task(
    scope: &TenantScope,
    id: DunningTaskId,
) -> Result<Option<Task>, StorageError> {
    let rows = scope.find::<task::Entity>().filter(task::Column::Id.eq(id.as_uuid()));
    rows.one().await?.map(read_task).transpose()
}

/// The tasks of some cases, by the day they fall due.
pub(crate) async fn tasks_of(
    scope: &TenantScope,
    cases: impl IntoIterator<Item = DunningCaseId> + Send,
) -> Result<Vec<Task>, StorageError> {
    let cases = cases.into_iter().map(DunningCaseId::as_uuid);
    let rows = scope.find::<task::Entity>().filter_in(task::Column::CaseId, cases);
    let mut tasks: Vec<Task> =
        rows.all().await?.into_iter().map(read_task).collect::<Result<_, _>>()?;
    tasks.sort_by_key(|task| (task.case, task.step));
    Ok(tasks)
}

/// Which tasks a list is of.
#[derive(Clone, Debug, Default)]
pub(crate) struct TasksWanted {
    pub state: Option<TaskState>,
    pub step: Option<Step>,
    pub due_by: Option<NaiveDate>,
    pub assigned_to: Option<UserId>,
    pub building: Option<BuildingId>,
    pub reached: Reached,
}

/// A page of the tasks of an estate, in order of their making.
pub(crate) async fn tasks_page(
    scope: &TenantScope,
    estate: EstateId,
    wanted: TasksWanted,
    (after, limit): (Option<Uuid>, u64),
) -> Result<Vec<Task>, StorageError> {
    use task::Column as C;
    let state = wanted.state.map(stored::word).transpose()?;
    let step = wanted.step.map(stored::word).transpose()?;
    let rows = scope
        .find::<task::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(step, |step| C::Step.eq(step))
        .filter_by(wanted.due_by, |day| C::DueOn.lte(day))
        .filter_by(wanted.assigned_to, |user| C::AssignedTo.eq(user.as_uuid()))
        .filter_by(wanted.building, |building| C::BuildingId.eq(building.as_uuid()))
        .filter_by(wanted.reached.zone, |zone| scope.among(C::BuildingId, zone))
        .filter_by(after, |after| C::Id.gt(after));
    rows.asc(C::Id).limit(limit).all().await?.into_iter().map(read_task).collect()
}

fn read(row: case::Model) -> Result<Case, StorageError> {
    Ok(Case {
        id: DunningCaseId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id.map(BuildingId::from_uuid),
        ladder_version: row.ladder_version,
        opened_on: row.opened_on,
        anchor: row.anchor,
        opening_debt: Fen(row.opening_debt),
        stage: stored::read_word(&row.stage)?,
        reason_class: row.reason_class.as_deref().map(stored::read_word).transpose()?,
        assigned_to: row.assigned_to.map(UserId::from_uuid),
        held: row.held,
        next_on: row.next_on,
        closed_on: row.closed_on,
    })
}

fn read_task(row: task::Model) -> Result<Task, StorageError> {
    Ok(Task {
        id: DunningTaskId::from_uuid(row.id),
        case: DunningCaseId::from_uuid(row.case_id),
        estate: EstateId::from_uuid(row.estate_id),
        account: BillingAccountId::from_uuid(row.account_id),
        building: row.building_id.map(BuildingId::from_uuid),
        step: stored::read_word(&row.step)?,
        due_on: row.due_on,
        state: stored::read_word(&row.state)?,
        assigned_to: row.assigned_to.map(UserId::from_uuid),
        action: row.action_id.map(DunningActionId::from_uuid),
        skip_reason: row.skip_reason,
        skipped_by: row.skipped_by.map(UserId::from_uuid),
    })
}
