//! Revisits in the database.

use super::domain::{Revisit, RevisitState};
use crate::{
    month::Month,
    revisits::{
        RevisitId, Source,
        candidates_repo::{accounts, accounts_text},
        policies::Visitor,
    },
    secrecy,
};
use authz::{EstateScope, UserId};
use chrono::{DateTime, Utc};
use contracts::{PersonId, UnitId};
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, Condition, ExprTrait as _};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "revisits")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub candidate_id: Uuid,
        pub draw_id: Option<Uuid>,
        pub estate_id: Uuid,
        pub source: String,
        pub reference: Uuid,
        pub unit_id: Option<Uuid>,
        pub building_id: Option<Uuid>,
        pub person_id: Option<Uuid>,
        pub workers: String,
        pub nameless: bool,
        pub summary: String,
        pub month: Date,
        pub visitor: String,
        pub due_at: DateTimeUtc,
        pub app_until: Option<DateTimeUtc>,
        pub state: String,
        pub attempts: i32,
        pub next_try_at: Option<DateTimeUtc>,
        pub channel: Option<String>,
        pub recorded_by: Option<Uuid>,
        pub done_at: Option<DateTimeUtc>,
        pub rating: Option<String>,
        pub record: Option<String>,
        pub reviewed_by: Option<Uuid>,
        pub reviewed_at: Option<DateTimeUtc>,
        pub review_note: Option<String>,
        pub version: i32,
        pub unreachable_at: Option<DateTimeUtc>,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

fn read(row: row::Model) -> Result<Revisit, StorageError> {
    let attempts = u8::try_from(row.attempts);
    Ok(Revisit {
        id: RevisitId::from_uuid(row.id),
        candidate: row.candidate_id,
        draw: row.draw_id,
        estate: EstateId::from_uuid(row.estate_id),
        source: stored::read_word(&row.source)?,
        reference: row.reference,
        unit: row.unit_id.map(UnitId::from_uuid),
        building: row.building_id,
        person: row.person_id.map(PersonId::from_uuid),
        workers: accounts(&row.workers)?,
        nameless: row.nameless,
        summary: row.summary,
        month: Month::of(row.month),
        visitor: stored::read_word(&row.visitor)?,
        due_at: row.due_at,
        app_until: row.app_until,
        state: stored::read_word(&row.state)?,
        attempts: attempts.map_err(|_| StorageError::unreadable("attempts"))?,
        next_try_at: row.next_try_at,
        channel: row.channel.as_deref().map(stored::read_word).transpose()?,
        recorded_by: row.recorded_by.map(UserId::from_uuid),
        done_at: row.done_at,
        rating: row.rating.as_deref().map(stored::read_word).transpose()?,
        record: row.record.as_deref().map(stored::read_json).transpose()?,
        reviewed_by: row.reviewed_by.map(UserId::from_uuid),
        reviewed_at: row.reviewed_at,
        review_note: row.review_note,
        version: row.version,
        unreachable_at: row.unreachable_at,
    })
}

/// Adds revisits; something that has one already gets no second.
pub(in crate::revisits) async fn insert(
    scope: &TenantScope,
    revisits: &[Revisit],
) -> Result<(), StorageError> {
    use row::Column as C;
    let row = |revisit: &Revisit| -> Result<row::ActiveModel, StorageError> {
        Ok(row::ActiveModel {
            id: Set(revisit.id.as_uuid()),
            candidate_id: Set(revisit.candidate),
            draw_id: Set(revisit.draw),
            estate_id: Set(revisit.estate.as_uuid()),
            source: Set(stored::word(revisit.source)?),
            reference: Set(revisit.reference),
            unit_id: Set(revisit.unit.map(UnitId::as_uuid)),
            building_id: Set(revisit.building),
            person_id: Set(revisit.person.map(PersonId::as_uuid)),
            workers: Set(accounts_text(&revisit.workers)?),
            nameless: Set(revisit.nameless),
            summary: Set(revisit.summary.clone()),
            month: Set(revisit.month.first()),
            visitor: Set(stored::word(revisit.visitor)?),
            due_at: Set(revisit.due_at),
            app_until: Set(revisit.app_until),
            state: Set(stored::word(revisit.state)?),
            attempts: Set(revisit.attempts.into()),
            next_try_at: Set(None),
            channel: Set(None),
            recorded_by: Set(None),
            done_at: Set(None),
            rating: Set(None),
            record: Set(None),
            reviewed_by: Set(None),
            reviewed_at: Set(None),
            review_note: Set(None),
            version: Set(revisit.version),
            unreachable_at: Set(None),
            ..Default::default()
        })
    };
    let rows = revisits.iter().map(row).collect::<Result<Vec<_>, _>>()?;
    scope.insert_missing(rows, [C::TenantId, C::CandidateId]).await
}

/// Writes what an act changed, if nobody else did since it was read; whether it did.
pub(in crate::revisits) async fn save(
    scope: &TenantScope,
    revisit: &Revisit,
) -> Result<bool, StorageError> {
    use row::Column as C;
    let update = scope
        .update::<row::Entity>()
        .set(C::State, stored::word(revisit.state)?)
        .set(C::Attempts, i32::from(revisit.attempts))
        .set(C::NextTryAt, revisit.next_try_at)
        .set(C::Channel, revisit.channel.map(stored::word).transpose()?)
        .set(C::RecordedBy, revisit.recorded_by.map(UserId::as_uuid))
        .set(C::DoneAt, revisit.done_at)
        .set(C::UnreachableAt, revisit.unreachable_at)
        .set(C::Rating, revisit.rating.map(stored::word).transpose()?)
        .set(C::Record, revisit.record.as_ref().map(stored::json).transpose()?)
        .set(C::ReviewedBy, revisit.reviewed_by.map(UserId::as_uuid))
        .set(C::ReviewedAt, revisit.reviewed_at)
        .set(C::ReviewNote, revisit.review_note.clone())
        .set(C::Version, revisit.version + 1)
        .filter(C::Id.eq(revisit.id.as_uuid()))
        .filter(C::Version.eq(revisit.version));
    Ok(update.exec().await? == 1)
}

/// Writes who had a hand in the work.
pub(in crate::revisits) async fn put_workers(
    scope: &TenantScope,
    id: RevisitId,
    mut workers: Vec<UserId>,
) -> Result<(), StorageError> {
    workers.sort_unstable();
    workers.dedup();
    let rows = scope.update::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.set(row::Column::Workers, accounts_text(&workers)?).exec().await.map(drop)
}

/// Which of an estate's revisits a caller may see: their buildings', their own as a resident, and
/// none that is hidden from them.
fn seen_by(scope: &TenantScope, right: &EstateScope, own: &[UnitId]) -> Condition {
    use row::Column as C;
    let mut seen = Condition::all().add(C::EstateId.eq(right.estate().as_uuid()));
    if let Some(zone) = right.zone() {
        seen = seen.add(scope.among(C::BuildingId, zone.iter().copied()));
    }
    if let Some(person) = right.own_person() {
        let units = scope.among(C::UnitId, own.iter().map(|unit| unit.as_uuid()));
        let household = Condition::all().add(C::PersonId.is_null()).add(units);
        seen = seen.add(Condition::any().add(C::PersonId.eq(person)).add(household));
    }
    seen.add(secrecy::open_to(scope, right.subject(), C::Id))
}

/// Which revisits a list is of.
#[derive(Clone, Debug, Default)]
pub(in crate::revisits) struct Wanted {
    pub state: Option<RevisitState>,
    pub source: Option<Source>,
    pub month: Option<Month>,
    pub unit: Option<UnitId>,
    /// Only those that were due before this instant and are not made.
    pub overdue_at: Option<DateTime<Utc>>,
}

/// A page of revisits that a caller may see, newest first.
pub(in crate::revisits) async fn page(
    scope: &TenantScope,
    (right, own): (&EstateScope, &[UnitId]),
    wanted: Wanted,
    (after, limit): (Option<RevisitId>, u64),
) -> Result<Vec<Revisit>, StorageError> {
    use row::Column as C;
    let state = wanted.state.map(stored::word).transpose()?;
    let source = wanted.source.map(stored::word).transpose()?;
    let open = [RevisitState::Due, RevisitState::Attempted].map(stored::word);
    let open = open.into_iter().collect::<Result<Vec<_>, _>>()?;
    let overdue = wanted.overdue_at.map(|now| (now, open));
    let rows = scope
        .find::<row::Entity>()
        .filter(seen_by(scope, right, own))
        .filter_by(state, |state| C::State.eq(state))
        .filter_by(source, |source| C::Source.eq(source))
        .filter_by(wanted.month, |month| C::Month.eq(month.first()))
        .filter_by(wanted.unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(overdue, |(now, open)| C::DueAt.lt(now).and(scope.among(C::State, open)))
        .filter_by(after, |last| C::Id.lt(last.as_uuid()))
        .desc(C::Id)
        .limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// What somebody who asks looks through: what is open, by its date.
#[derive(Clone, Debug, Default)]
pub(in crate::revisits) struct Work {
    /// Only what such a post asks about.
    pub visitor: Option<Visitor>,
    /// Only those of this unit.
    pub unit: Option<UnitId>,
    /// Only those due before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// Only those to be tried before this instant, or not tried yet.
    pub try_before: Option<DateTime<Utc>>,
}

/// A page of the open revisits that a caller may see, the next to fall due first; after the one with
/// this date and id.
pub(in crate::revisits) async fn work(
    scope: &TenantScope,
    (right, own): (&EstateScope, &[UnitId]),
    wanted: Work,
    (after, limit): (Option<(DateTime<Utc>, RevisitId)>, u64),
) -> Result<Vec<Revisit>, StorageError> {
    use row::Column as C;
    let visitor = wanted.visitor.map(stored::word).transpose()?;
    let open = [RevisitState::Due, RevisitState::Attempted].map(stored::word);
    let open = open.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut rows = scope
        .find::<row::Entity>()
        .filter(seen_by(scope, right, own))
        .filter_in(C::State, open)
        .filter_by(visitor, |visitor| C::Visitor.eq(visitor))
        .filter_by(wanted.unit, |unit| C::UnitId.eq(unit.as_uuid()))
        .filter_by(wanted.due_before, |before| C::DueAt.lt(before))
        .filter_by(wanted.try_before, |at| C::NextTryAt.is_null().or(C::NextTryAt.lt(at)));
    if let Some((due, id)) = after {
        let same = Condition::all().add(C::DueAt.eq(due)).add(C::Id.gt(id.as_uuid()));
        rows = rows.filter(Condition::any().add(C::DueAt.gt(due)).add(same));
    }
    let rows = rows.asc(C::DueAt).asc(C::Id).limit(limit);
    rows.all().await?.into_iter().map(read).collect()
}

/// A revisit that the caller may see.
pub(in crate::revisits) async fn seen(
    scope: &TenantScope,
    (right, own): (&EstateScope, &[UnitId]),
    id: RevisitId,
) -> Result<Option<Revisit>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    rows.filter(seen_by(scope, right, own)).one().await?.map(read).transpose()
}

/// The estate of a revisit.
pub(in crate::revisits) async fn estate_of(
    scope: &TenantScope,
    id: RevisitId,
) -> Result<Option<EstateId>, StorageError> {
    let rows = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    Ok(rows.one().await?.map(|row| EstateId::from_uuid(row.estate_id)))
}

/// The revisit of a thing, if it has one.
pub(in crate::revisits) async fn of_thing(
    scope: &TenantScope,
    source: Source,
    reference: Uuid,
) -> Result<Option<Revisit>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::Reference.eq(reference));
    let rows = rows.filter(C::Source.eq(stored::word(source)?));
    rows.one().await?.map(read).transpose()
}

/// Every revisit of a month.
pub(in crate::revisits) async fn of_month(
    scope: &TenantScope,
    estate: EstateId,
    month: Month,
) -> Result<Vec<Revisit>, StorageError> {
    use row::Column as C;
    let rows = scope.find::<row::Entity>().filter(C::EstateId.eq(estate.as_uuid()));
    let rows = rows.filter(C::Month.eq(month.first()));
    rows.all().await?.into_iter().map(read).collect()
}
