//! Complaints in the database.

use super::{
    ComplaintId,
    domain::{Complainant, Complaint, Proposal, Resolution},
    kinds::{Class, Ground, State},
};
use crate::{month::Month, secrecy};
use authz::{EstateScope, Reach, UserId};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, ExprTrait as _, FromQueryResult};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "complaints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub month: Date,
        pub number: i32,
        pub channel: String,
        pub person_id: Option<Uuid>,
        pub unit_id: Option<Uuid>,
        pub walk_in_name: Option<String>,
        pub anonymous: bool,
        pub subjects: String,
        pub about_unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub class: String,
        pub facts: String,
        pub demand: Option<String>,
        pub recorded_by: Uuid,
        pub received_at: DateTimeUtc,
        pub first_due_at: DateTimeUtc,
        pub first_responded_at: Option<DateTimeUtc>,
        pub ground: Option<String>,
        pub valid: Option<bool>,
        pub handler: Option<Uuid>,
        pub due_at: DateTimeUtc,
        pub proposed_until: Option<DateTimeUtc>,
        pub proposed_reason: Option<String>,
        pub state: String,
        pub escalated_to: Option<String>,
        pub result: Option<String>,
        pub cause: Option<String>,
        pub department: Option<String>,
        pub responsible: Option<Uuid>,
        pub preventive: Option<String>,
        pub compensation: Option<String>,
        pub resolved_at: Option<DateTimeUtc>,
        pub revisit_reference: Option<Uuid>,
        pub rating: Option<String>,
        pub outcome: Option<String>,
        pub closed_at: Option<DateTimeUtc>,
        pub reopened: i32,
        pub repeat_of: Option<Uuid>,
        pub same_cause: Option<Uuid>,
        pub version: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn users(text: &str) -> Result<Vec<UserId>, StorageError> {
    let ids: Vec<Uuid> = stored::read_json(text)?;
    Ok(ids.into_iter().map(UserId::from_uuid).collect())
}

fn users_text(users: &[UserId]) -> Result<String, StorageError> {
    stored::json(users.iter().map(|user| user.as_uuid()).collect::<Vec<_>>())
}

fn resolution(row: &row::Model) -> Result<Option<Resolution>, StorageError> {
    let (Some(result), Some(cause), Some(department), Some(preventive)) =
        (&row.result, &row.cause, &row.department, &row.preventive)
    else {
        return Ok(None);
    };
    Ok(Some(Resolution {
        result: result.clone(),
        cause: stored::read_word(cause)?,
        department: stored::read_word(department)?,
        responsible: row.responsible.map(UserId::from_uuid),
        preventive: preventive.clone(),
        compensation: row.compensation.clone(),
    }))
}

fn read(row: row::Model) -> Result<Complaint, StorageError> {
    let proposal = row.proposed_until.zip(row.proposed_reason.clone());
    Ok(Complaint {
        id: ComplaintId::from_uuid(row.id),
        estate: EstateId::from_uuid(row.estate_id),
        month: Month::of(row.month),
        number: row.number,
        channel: stored::read_word(&row.channel)?,
        subjects: users(&row.subjects)?,
        about_unit: row.about_unit_id.map(UnitId::from_uuid),
        building: row.building_id,
        class: stored::read_word(&row.class)?,
        recorded_by: UserId::from_uuid(row.recorded_by),
        received_at: row.received_at,
        first_due_at: row.first_due_at,
        first_responded_at: row.first_responded_at,
        ground: row.ground.as_deref().map(stored::read_word).transpose()?,
        valid: row.valid,
        handler: row.handler.map(UserId::from_uuid),
        due_at: row.due_at,
        proposal: proposal.map(|(until, reason)| Proposal { until, reason }),
        state: stored::read_word(&row.state)?,
        escalated_to: row.escalated_to.as_deref().map(stored::read_word).transpose()?,
        resolution: resolution(&row)?,
        resolved_at: row.resolved_at,
        revisit_reference: row.revisit_reference,
        rating: row.rating.as_deref().map(stored::read_word).transpose()?,
        outcome: row.outcome.as_deref().map(stored::read_word).transpose()?,
        closed_at: row.closed_at,
        reopened: row.reopened,
        repeat_of: row.repeat_of,
        same_cause: row.same_cause,
        version: row.version,
        complainant: Complainant {
            person: row.person_id.map(PersonId::from_uuid),
            unit: row.unit_id.map(UnitId::from_uuid),
            name: row.walk_in_name,
            anonymous: row.anonymous,
        },
        facts: row.facts,
        demand: row.demand,
    })
}

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

/// The next number of an estate's month.
pub(super) async fn next_number(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<i32, StorageError> {
    let sql = "INSERT INTO complaint_numbers (tenant_id, estate_id, month, last) \
               VALUES ($1, $2, $3, 1) ON CONFLICT (tenant_id, estate_id, month) \
               DO UPDATE SET last = complaint_numbers.last + 1 RETURNING last";
    let values = [estate.as_uuid().into(), month.first().into()];
    let found: Vec<Last> = scope.rows(sql, values).await?;
    found.first().map(|row| row.last).ok_or_else(|| StorageError::unreadable("no number"))
}

/// Adds a complaint as it was received.
pub(super) async fn insert(scope: &TenantScope, it: &Complaint) -> Result<(), StorageError> {
    scope
        .insert(row::ActiveModel {
            id: Set(it.id.as_uuid()),
            estate_id: Set(it.estate.as_uuid()),
            month: Set(it.month.first()),
            number: Set(it.number),
            channel: Set(stored::word(it.channel)?),
            person_id: Set(it.complainant.person.map(PersonId::as_uuid)),
            unit_id: Set(it.complainant.unit.map(UnitId::as_uuid)),
            walk_in_name: Set(it.complainant.name.clone()),
            anonymous: Set(it.complainant.anonymous),
            subjects: Set(users_text(&it.subjects)?),
            about_unit_id: Set(it.about_unit.map(UnitId::as_uuid)),
            building_id: Set(it.building),
            class: Set(stored::word(it.class)?),
            facts: Set(it.facts.clone()),
            demand: Set(it.demand.clone()),
            recorded_by: Set(it.recorded_by.as_uuid()),
            received_at: Set(it.received_at),
            first_due_at: Set(it.first_due_at),
            due_at: Set(it.due_at),
            state: Set(stored::word(it.state)?),
            reopened: Set(it.reopened),
            repeat_of: Set(it.repeat_of),
            version: Set(it.version),
            ..Default::default()
        })
        .await?;
    let id = it.id.as_uuid();
    secrecy::belongs(scope, id, (id, it.id.to_string())).await?;
    secrecy::keep_from(scope, id, &it.subjects).await
}

/// Writes what an act changed, if nobody else did since it was read; whether it did.
pub(super) async fn save(scope: &TenantScope, it: &Complaint) -> Result<bool, StorageError> {
    use row::Column as C;
    let found = it.resolution.as_ref();
    let proposal = it.proposal.as_ref();
    let update = scope
        .update::<row::Entity>()
        .set(C::Subjects, users_text(&it.subjects)?)
        .set(C::AboutUnitId, it.about_unit.map(UnitId::as_uuid))
        .set(C::BuildingId, it.building)
        .set(C::FirstRespondedAt, it.first_responded_at)
        .set(C::Ground, it.ground.map(stored::word).transpose()?)
        .set(C::Valid, it.valid)
        .set(C::Handler, it.handler.map(UserId::as_uuid))
        .set(C::DueAt, it.due_at)
        .set(C::ProposedUntil, proposal.map(|it| it.until))
        .set(C::ProposedReason, proposal.map(|it| it.reason.clone()))
        .set(C::State, stored::word(it.state)?)
        .set(C::EscalatedTo, it.escalated_to.map(stored::word).transpose()?)
        .set(C::Result, found.map(|found| found.result.clone()))
        .set(C::Cause, found.map(|found| stored::word(found.cause)).transpose()?)
        .set(C::Department, found.map(|found| stored::word(found.department)).transpose()?)
        .set(C::Responsible, found.and_then(|found| found.responsible).map(UserId::as_uuid))
        .set(C::Preventive, found.map(|found| found.preventive.clone()))
        .set(C::Compensation, found.and_then(|found| found.compensation.clone()));
    let update = update
        .set(C::ResolvedAt, it.resolved_at)
        .set(C::RevisitReference, it.revisit_reference)
        .set(C::Rating, it.rating.map(stored::word).transpose()?)
        .set(C::Outcome, it.outcome.map(stored::word).transpose()?)
        .set(C::ClosedAt, it.closed_at)
        .set(C::Reopened, it.reopened)
        .set(C::SameCause, it.same_cause)
        .set(C::Version, it.version + 1)
        .filter(C::Id.eq(it.id.as_uuid()))
        .filter(C::Version.eq(it.version));
    Ok(update.exec().await? == 1)
}

/// Which of an estate's complaints a caller may know of: their zone's, those assigned to them,
/// their own as a resident, and never one about themselves. Whom a complaint is about as a
/// neighbour sees it by none of these ways.
fn seen_by(scope: &TenantScope, right: &EstateScope) -> Condition {
    use row::Column as C;
    let mut seen = Condition::all().add(C::EstateId.eq(right.estate().as_uuid()));
    if let Some(zone) = right.zone() {
        seen = seen.add(scope.among(C::BuildingId, zone.iter().copied()));
    }
    if let Some(person) = right.own_person() {
        seen = seen.add(C::PersonId.eq(person));
    }
    if *right.reach() == Reach::Assigned {
        seen = seen.add(C::Handler.eq(right.subject().user().as_uuid()));
    }
    seen.add(secrecy::open_to(scope, right.subject(), C::Id))
}

/// Which complaints a list is of.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub state: Option<State>,
    /// Only open ones, or only those that are not.
    pub open: Option<bool>,
    pub class: Option<Class>,
    pub grounds: Option<Vec<Ground>>,
    pub handler: Option<UserId>,
    pub month: Option<Month>,
    /// The complainant's unit, where that is told, or the one it is about.
    pub unit: Option<UnitId>,
    /// Only those that are past their time and not resolved.
    pub overdue_at: Option<DateTime<Utc>>,
    pub repeated: Option<bool>,
    pub same_cause: Option<Uuid>,
}

/// A page of complaints that a caller may know of, newest first.
pub(super) async fn page(
    scope: &TenantScope,
    right: &EstateScope,
    wanted: Wanted,
    (after, limit): (Option<ComplaintId>, u64),
) -> Result<Vec<Complaint>, StorageError> {
    use row::Column as C;
    let state = wanted.state.map(stored::word).transpose()?;
    let class = wanted.class.map(stored::word).transpose()?;
    let grounds = wanted.grounds.map(|all| all.into_iter().map(stored::word).collect());
    let grounds: Option<Vec<String>> = grounds.transpose()?;
    let over = [State::Resolved, State::RevisitDue, State::Closed].map(stored::word);
    let over = over.into_iter().collect::<Result<Vec<_>, _>>()?;
    let of_unit = |unit: UnitId| {
        let told = C::UnitId.eq(unit.as_uuid()).and(C::Anonymous.eq(false));
        told.or(C::AboutUnitId.eq(unit.as_uuid()))
    };
    let repeated = |yes: bool| if yes { C::RepeatOf.is_not_null() } else { C::RepeatOf.is_null() };
    let rows = scope
        .find::<row::Entity>()
        .filter(seen_by(scope, right))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(wanted.open, |open| {
            let over = scope.among(C::State, over.clone());
            if open { over.not() } else { over }
        })
        .filter_by(class, |class| C::Class.eq(class))
        .filter_by(grounds, |grounds| scope.among(C::Ground, grounds))
        .filter_by(wanted.handler, |handler| C::Handler.eq(handler.as_uuid()))
        .filter_by(wanted.month, |month| C::Month.eq(month.first()))
        .filter_by(wanted.unit, of_unit)
        .filter_by(wanted.overdue_at, |now| C::DueAt.lt(now).and(C::ResolvedAt.is_null()))
        .filter_by(wanted.repeated, repeated)
        .filter_by(wanted.same_cause, |group| C::SameCause.eq(group))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// The estate of a complaint.
pub(super) async fn estate_of(
    scope: &TenantScope,
    id: ComplaintId,
) -> Result<Option<EstateId>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(rows.one().await?.map(|row| EstateId::from_uuid(row.estate_id)))
}

/// A complaint that the caller may know of.
pub(super) async fn seen(
    scope: &TenantScope,
    right: &EstateScope,
    id: ComplaintId,
) -> Result<Option<Complaint>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.filter(seen_by(scope, right)).one().await?.map(read).transpose()
}

/// The complaint whose present end revisits know by this.
pub(super) async fn of_revisit(
    scope: &TenantScope,
    reference: Uuid,
) -> Result<Option<Complaint>, StorageError> {
    let rows = scope.find::<row::Entity>();
    let rows = rows.filter(row::Column::RevisitReference.eq(reference)).lock();
    rows.one().await?.map(read).transpose()
}

/// The latest complaint of the same household, or person where no unit is known, and class since
/// an instant. Anonymous ones are compared with anonymous ones only, or the comparison would tell
/// who they are.
pub(super) async fn earlier(
    scope: &TenantScope,
    estate: EstateId,
    (who, class): (&Complainant, Class),
    since: DateTime<Utc>,
) -> Result<Option<Uuid>, StorageError> {
    use row::Column as C;
    let same = match (who.unit, who.person) {
        (Some(unit), _) => C::UnitId.eq(unit.as_uuid()),
        (None, Some(person)) => C::PersonId.eq(person.as_uuid()),
        (None, None) => return Ok(None),
    };
    let rows = scope
        .find::<row::Entity>()
        .filter(C::EstateId.eq(estate.as_uuid()))
        .filter(same)
        .filter(C::Anonymous.eq(who.anonymous))
        .filter(C::Class.eq(stored::word(class)?))
        .filter(C::ReceivedAt.gte(since))
        .desc(C::Id);
    Ok(rows.one().await?.map(|row| row.id))
}

/// The complaints that came since an instant and that a caller may know of, in order.
pub(super) async fn since(
    scope: &TenantScope,
    right: &EstateScope,
    since: DateTime<Utc>,
) -> Result<Vec<Complaint>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(seen_by(scope, right));
    let rows = rows.filter(C::ReceivedAt.gte(since)).asc(C::Month).asc(C::Number);
    rows.all().await?.into_iter().map(read).collect()
}

/// Every complaint that an estate received in a month.
pub(super) async fn of_month(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<Vec<Complaint>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Month.eq(month.first())).asc(C::Number);
    rows.all().await?.into_iter().map(read).collect()
}
