//! Entering readings: by residents for their own unit, by staff, from files; and correcting them.

use crate::meters::{
    METER_CORRECT, METER_ENTER, METER_READ, Metered,
    domain::{self, Meter, MeterKind, NewReading, Reading, ReadingSource, admit},
    repo,
};
use crate::{
    charges::Quantity,
    error::{Refused, checked_reason},
    estates::{self, Estate},
    ids::{MeterId, ReadingId},
    say,
};
use authz::{AuditFact, Caller, Denied, EstateScope, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use errors::{Coded as _, Invalid, expected};
use ids::EstateId;

/// A right to enter reaches a meter: a resident's own unit's now, an officer's in the zone.
pub(in crate::meters) async fn reach(
    scope: &TenantScope,
    permit: &EstateScope,
    meter: &Meter,
    today: NaiveDate,
) -> Result<(), Refused> {
    let building = meter.building.map(crate::ids::BuildingId::as_uuid);
    let in_zone = permit.zone().is_none_or(|zone| building.is_some_and(|it| zone.contains(&it)));
    let own = match (permit.own_person(), meter.place) {
        (None, _) => true,
        (Some(person), Some(place)) => {
            !repo::lived_in(scope, &[place], person, today).await?.is_empty()
        }
        (Some(_), None) => false,
    };
    if in_zone && own { Ok(()) } else { Err(Denied::Hidden.into()) }
}

fn checked_note(note: Option<String>) -> Result<Option<String>, Invalid> {
    let note = note.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match note.as_ref().map(|text| text.chars().count()) {
        Some(501..) => Err(Invalid::new("note", expected::length(1, 500))),
        _ => Ok(note),
    }
}

/// Enters one reading of one meter.
#[tracing::instrument(name = "usecase.meters.enter", skip_all, fields(meter.id = %meter))]
pub(crate) async fn enter(
    db: &Db,
    caller: &Caller,
    (meter, new): (MeterId, NewReading),
    key: &IdempotencyKey,
) -> Result<ReadingId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let found = repo::find(&scope, meter).await?.ok_or(Denied::Hidden)?;
    let permit = caller.act(METER_ENTER, METER_READ, found.estate)?;
    let estate = estates::find(&scope, found.estate).await?.ok_or(Denied::Hidden)?;
    let today = estate.today(scope.clock());
    reach(&scope, &permit, &found, today).await?;
    drop(scope);
    let (actor, input) = (caller.clone(), (meter, new.clone()));
    keyed(db, caller, "enter_meter_reading", key, &input, move |scope| {
        Box::pin(async move {
            let meter = repo::lock(scope, meter).await?.ok_or(Denied::Hidden)?;
            let chain = repo::chain_of(scope, meter).await?;
            let by_resident = permit.own_person().is_some();
            let source = if by_resident { ReadingSource::App } else { ReadingSource::Officer };
            let reading = made(scope, &actor, &chain, (new, source, today))?;
            repo::insert_readings(scope, std::slice::from_ref(&reading)).await?;
            let entered = (std::slice::from_ref(&reading), "meter_reading.entered");
            tell(scope, &actor, &estate, entered).await?;
            Ok(reading.id)
        })
    })
    .await
}

fn made(
    scope: &TenantScope,
    caller: &Caller,
    chain: &[Metered],
    (new, source, today): (NewReading, ReadingSource, NaiveDate),
) -> Result<Reading, Refused> {
    let last = chain.last().ok_or(Denied::Hidden)?;
    let reading = Reading {
        id: ReadingId::from_uuid(scope.new_id()),
        meter: last.meter.id,
        day: new.day,
        revision: 0,
        value: new.value,
        rollover: new.rollover,
        source,
        estimated: false,
        note: checked_note(new.note)?,
        reason: None,
        by: caller.user(),
        at: scope.now(),
    };
    admit(chain, &reading, new.confirmed, today).map_err(Invalid::from)?;
    Ok(reading)
}

async fn tell(
    scope: &TenantScope,
    caller: &Caller,
    estate: &Estate,
    (readings, action): (&[Reading], &'static str),
) -> Result<(), Refused> {
    for reading in readings {
        let fact = AuditFact {
            action,
            object: reading.id.to_string(),
            estate: Some(estate.id),
            reason: reading.reason.as_deref(),
            detail: serde_json::json!({ "meter": reading.meter.to_string(), "day": reading.day,
                "value": reading.value, "source": reading.source, "estimated": reading.estimated }),
        };
        authz::audit(scope, caller, fact).await?;
    }
    Ok(())
}

/// Corrects a reading: a new revision of its day, with a reason. What was charged stays; the next
/// bill takes up the difference.
#[tracing::instrument(name = "usecase.meters.correct", skip_all, fields(reading.id = %id))]
pub(crate) async fn correct(
    db: &Db,
    caller: &Caller,
    (id, value, rollover, reason): (ReadingId, Quantity, bool, String),
    key: &IdempotencyKey,
) -> Result<ReadingId, Refused> {
    let scope = db.read(caller.tenant()).await?;
    let read = repo::find_reading(&scope, id).await?.ok_or(Denied::Hidden)?;
    let meter = repo::find(&scope, read.meter).await?.ok_or(Denied::Hidden)?;
    caller.act(METER_CORRECT, METER_READ, meter.estate)?;
    let estate = estates::find(&scope, meter.estate).await?.ok_or(Denied::Hidden)?;
    drop(scope);
    let reason = checked_reason(&reason)?.to_owned();
    let (actor, input) = (caller.clone(), (id, value, rollover, reason.clone()));
    keyed(db, caller, "correct_meter_reading", key, &input, move |scope| {
        Box::pin(async move {
            let meter = repo::lock(scope, read.meter).await?.ok_or(Denied::Hidden)?;
            let mut chain = repo::chain_of(scope, meter).await?;
            let metered = chain.last_mut().ok_or(Denied::Hidden)?;
            let standing = metered.readings.iter_mut().find(|it| it.day == read.day);
            let standing = standing.filter(|it| it.id == id);
            let standing = standing.ok_or_else(|| Refused::Conflict(say::reading_corrected()))?;
            let new = Reading {
                id: ReadingId::from_uuid(scope.new_id()),
                revision: standing.revision + 1,
                value,
                rollover,
                source: ReadingSource::Officer,
                estimated: false,
                reason: Some(reason),
                by: actor.user(),
                at: scope.now(),
                ..standing.clone()
            };
            *standing = new.clone();
            domain::periods(&chain).map_err(Invalid::from)?;
            repo::insert_readings(scope, std::slice::from_ref(&new)).await?;
            let corrected = (std::slice::from_ref(&new), "meter_reading.corrected");
            tell(scope, &actor, &estate, corrected).await?;
            Ok(new.id)
        })
    })
    .await
}

/// One of many readings, of a meter known by its number.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Row {
    pub(crate) serial: String,
    /// Only needed where meters of two kinds have one number.
    pub(crate) kind: Option<MeterKind>,
    pub(crate) reading: NewReading,
}

/// What became of one of many readings.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(crate) struct RowResult {
    pub(crate) serial: String,
    pub(crate) reading: Option<ReadingId>,
    /// Code, field and sentence in both languages.
    pub(crate) problem: Option<(String, Option<String>, String)>,
}

/// Enters many readings; each stands or falls by itself.
#[tracing::instrument(name = "usecase.meters.enter_many", skip_all, fields(estate.id = %estate))]
pub(crate) async fn enter_many(
    db: &Db,
    caller: &Caller,
    (estate, rows, source): (EstateId, Vec<Row>, ReadingSource),
    key: &IdempotencyKey,
) -> Result<Vec<RowResult>, Refused> {
    let permit = caller.act(METER_ENTER, METER_READ, estate)?;
    if permit.own_person().is_some() {
        return Err(Denied::Hidden.into());
    }
    if !(1..=1_000).contains(&rows.len()) {
        return Err(Invalid::new("rows", expected::items(1, 1_000)).into());
    }
    let (actor, input) = (caller.clone(), (estate, rows.clone(), source));
    keyed(db, caller, "enter_meter_readings", key, &input, move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            let today = estate.today(scope.clock());
            let serials = rows.iter().map(|row| row.serial.trim().to_owned());
            let meters = repo::lock_by_serial(scope, estate.id, serials).await?;
            let mut metered = repo::with_readings(scope, meters).await?;
            let (mut results, mut kept) = (Vec::with_capacity(rows.len()), Vec::new());
            for row in rows {
                let serial = row.serial.trim().to_owned();
                let made = one(scope, (&actor, &permit), &mut metered, (row, source, today)).await;
                results.push(match made {
                    Ok(reading) => {
                        let result = RowResult { serial, reading: Some(reading.id), problem: None };
                        kept.push(reading);
                        result
                    }
                    Err(Refused::Storage(error)) => return Err(error.into()),
                    Err(refused) => RowResult { serial, ..problem(&refused) },
                });
            }
            repo::insert_readings(scope, &kept).await?;
            tell(scope, &actor, &estate, (&kept, "meter_reading.entered")).await?;
            Ok(results)
        })
    })
    .await
}

fn problem(refused: &Refused) -> RowResult {
    let code = refused.code().as_str().to_owned();
    let field = refused.field().map(str::to_owned);
    let problem = Some((code, field, refused.text().bilingual()));
    RowResult { serial: String::new(), reading: None, problem }
}

async fn one(
    scope: &TenantScope,
    (caller, permit): (&Caller, &EstateScope),
    metered: &mut [Metered],
    (row, source, today): (Row, ReadingSource, NaiveDate),
) -> Result<Reading, Refused> {
    let serial = row.serial.trim();
    let same = |it: &&mut Metered| {
        it.meter.serial == serial && row.kind.is_none_or(|kind| kind == it.meter.kind)
    };
    let mut found: Vec<&mut Metered> = metered.iter_mut().filter(same).collect();
    if found.len() > 1 {
        return Err(Invalid::new("kind", expected::filled()).into());
    }
    let found = found.pop().ok_or(Denied::Hidden)?;
    reach(scope, permit, &found.meter, today).await?;
    let reading = made(scope, caller, std::slice::from_ref(found), (row.reading, source, today))?;
    found.readings.push(reading.clone());
    Ok(reading)
}

/// The rows of a file: number, day and value of a reading, one a line, separated by commas,
/// semicolons or tabs; a first line of words is skipped. A line that cannot be read is answered
/// with the number of the line.
pub(crate) fn rows_of(csv: &str) -> (Vec<Row>, Vec<RowResult>) {
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(csv.trim_start_matches('\u{feff}').lines()) {
        let cells: Vec<&str> = line.split([',', ';', '\t']).map(str::trim).collect();
        if line.trim().is_empty() {
            continue;
        }
        let read = (cells.len() >= 3)
            .then(|| Some((cells[1].parse().ok()?, Quantity::of(cells[2].parse().ok()?)?)))
            .flatten();
        match read {
            Some((day, value)) => {
                let reading =
                    NewReading { day, value, rollover: false, confirmed: false, note: None };
                rows.push(Row { serial: cells[0].to_owned(), kind: None, reading });
            }
            None if number == 1 => {}
            None => {
                let refused = Refused::Invalid(Invalid::new("csv", say::unreadable_line(number)));
                wrong.push(RowResult { serial: cells[0].to_owned(), ..problem(&refused) });
            }
        }
    }
    (rows, wrong)
}
