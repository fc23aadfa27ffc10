//! The last readings of an earlier manager: what is used after them is charged here, by the
//! difference; what was used before them was charged there.

use crate::charges::Quantity;
use crate::{
    ids::{MeterId, ReadingId},
    meters::{
        Metered,
        domain::{Reading, ReadingSource, periods, source},
        repo,
    },
};
use authz::UserId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use ids::EstateId;
use std::collections::HashMap;

/// What an earlier manager read last of a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LastReading {
    /// The meter.
    pub meter: MeterId,
    /// The day, before the cut-over.
    pub day: NaiveDate,
    /// What it showed.
    pub value: Quantity,
}

/// The meters of an estate that stand and have these numbers, with their readings, by number; two
/// that count different things can have the same.
pub(crate) async fn by_number(
    scope: &TenantScope,
    estate: EstateId,
    serials: impl IntoIterator<Item = String>,
) -> Result<HashMap<String, Vec<Metered>>, StorageError> {
    let meters = repo::by_serial(scope, estate, serials).await?;
    let mut found: HashMap<String, Vec<Metered>> = HashMap::new();
    for metered in repo::with_readings(scope, meters).await? {
        found.entry(metered.meter.serial.clone()).or_default().push(metered);
    }
    Ok(found)
}

/// Enters them as readings of `by`; their ids in the same order. `None`, and nothing done, when one
/// of the meters ended or was read since they were looked at.
pub(crate) async fn bring_in(
    scope: &TenantScope,
    by: UserId,
    all: &[LastReading],
) -> Result<Option<Vec<ReadingId>>, StorageError> {
    let ids: Vec<MeterId> = all.iter().map(|one| one.meter).collect();
    let meters = repo::lock_all(scope, &ids).await?;
    let metered = repo::with_readings(scope, meters).await?;
    let metered: HashMap<MeterId, Metered> =
        metered.into_iter().map(|it| (it.meter.id, it)).collect();
    let follows = |one: &LastReading| {
        metered.get(&one.meter).is_some_and(|it| it.can_show(one.day, one.value).is_ok())
    };
    if !all.iter().all(follows) {
        return Ok(None);
    }
    let reading = |one: &LastReading| Reading {
        id: ReadingId::from_uuid(scope.new_id()),
        meter: one.meter,
        day: one.day,
        revision: 0,
        value: one.value,
        rollover: false,
        source: ReadingSource::Opening,
        estimated: false,
        note: None,
        reason: None,
        by,
        at: scope.now(),
    };
    let readings: Vec<Reading> = all.iter().map(reading).collect();
    repo::insert_readings(scope, &readings).await?;
    Ok(Some(readings.into_iter().map(|reading| reading.id).collect()))
}

/// Takes one back with a reason. `false`, and nothing done, when it was corrected, when something is
/// charged of what was used after it, or when the readings after it make no sense without it.
pub(crate) async fn take_back(
    scope: &TenantScope,
    by: UserId,
    id: ReadingId,
    reason: &str,
) -> Result<bool, StorageError> {
    let Some(reading) = repo::find_reading(scope, id).await? else { return Ok(false) };
    let Some(meter) = repo::lock(scope, reading.meter).await? else { return Ok(false) };
    let mut chain = repo::chain_of(scope, meter).await?;
    let source = source(&chain);
    let Some(last) = chain.last_mut() else { return Ok(false) };
    let before = last.readings.len();
    last.readings.retain(|it| it.id != id);
    let stood = last.readings.len() < before;
    if !stood
        || periods(&chain).is_err()
        || repo::charged_after(scope, &source, reading.day).await?
    {
        return Ok(false);
    }
    let withdrawn = Reading {
        id: ReadingId::from_uuid(scope.new_id()),
        revision: reading.revision + 1,
        source: ReadingSource::Withdrawn,
        reason: Some(reason.to_owned()),
        by,
        at: scope.now(),
        ..reading
    };
    repo::insert_readings(scope, &[withdrawn]).await?;
    Ok(true)
}
