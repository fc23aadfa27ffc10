//! Entering, correcting and estimating readings in the graph.

use super::{
    enter::{self, Row, RowResult, rows_of},
    estimate::estimate,
};
use crate::{
    ids::ReadingId,
    meters::{
        domain::{NewReading, ReadingSource},
        graphql::{MeterKindWord, ReadingNode, quantity},
        repo,
    },
};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use authz::Denied;
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use graphql::{GraphqlResultExt as _, caller, parse_id};
use rust_decimal::Decimal;

/// A reading to enter.
#[derive(InputObject)]
pub struct EnterMeterReadingInput {
    /// The meter, `mtr_…`.
    meter_id: ID,
    /// The day, after the last reading and not in the future.
    day: NaiveDate,
    /// What it shows.
    value: Decimal,
    /// Whether the counter passed its last digit since the last reading.
    rollover: Option<bool>,
    /// That a use out of the ordinary is true.
    confirmed: Option<bool>,
    /// A photo or note, up to 500 characters.
    note: Option<String>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// One of many readings.
#[derive(InputObject)]
pub struct MeterReadingRow {
    /// The number on the meter.
    serial: String,
    /// What it counts; needed where meters of two kinds have one number.
    kind: Option<MeterKindWord>,
    /// The day, after the last reading and not in the future.
    day: NaiveDate,
    /// What it shows.
    value: Decimal,
    /// Whether the counter passed its last digit since the last reading.
    rollover: Option<bool>,
    /// That a use out of the ordinary is true.
    confirmed: Option<bool>,
    /// A photo or note, up to 500 characters.
    note: Option<String>,
}

/// Many readings to enter.
#[derive(InputObject)]
pub struct EnterMeterReadingsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The readings, at most 1,000; each stands or falls by itself.
    rows: Vec<MeterReadingRow>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Readings to import.
#[derive(InputObject)]
pub struct ImportMeterReadingsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Lines of the number on the meter, the day and the value, separated by commas, at most 1,000.
    csv: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A reading to correct.
#[derive(InputObject)]
pub struct CorrectMeterReadingInput {
    /// The reading, `mrd_…`.
    reading_id: ID,
    /// What the meter really showed.
    value: Decimal,
    /// Whether the counter passed its last digit since the reading before.
    rollover: Option<bool>,
    /// Why; 1 to 500 characters.
    reason: String,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// Readings to estimate.
#[derive(InputObject)]
pub struct EstimateMeterReadingsInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The day; meters that were read in the 20 days before are left out.
    day: NaiveDate,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The reading after an act.
#[derive(SimpleObject)]
pub struct MeterReadingPayload {
    /// The reading.
    reading: ReadingNode,
}

/// Why one of many readings was not entered.
#[derive(SimpleObject)]
pub struct MeterReadingProblem {
    /// The code an error would have, e.g. `INVALID`.
    code: String,
    /// The field to blame.
    field: Option<String>,
    /// In a sentence, in both languages.
    message: String,
}

/// What became of one of many readings.
#[derive(SimpleObject)]
pub struct MeterReadingResult {
    /// The number on the meter, as it was given.
    serial: String,
    /// The reading, `mrd_…`, when it was entered.
    reading_id: Option<ID>,
    /// Why it was not.
    problem: Option<MeterReadingProblem>,
}

impl From<RowResult> for MeterReadingResult {
    fn from(row: RowResult) -> Self {
        let problem = |(code, field, message)| MeterReadingProblem { code, field, message };
        Self {
            serial: row.serial,
            reading_id: row.reading.map(|id| id.to_string().into()),
            problem: row.problem.map(problem),
        }
    }
}

/// What became of many readings.
#[derive(SimpleObject)]
pub struct MeterReadingsPayload {
    /// How many were entered.
    entered: i32,
    /// What became of each, in the order given.
    results: Vec<MeterReadingResult>,
}

impl MeterReadingsPayload {
    fn new(rows: Vec<RowResult>) -> Self {
        let entered = rows.iter().filter(|row| row.reading.is_some()).count();
        let entered = i32::try_from(entered).unwrap_or(i32::MAX);
        Self { entered, results: rows.into_iter().map(Into::into).collect() }
    }
}

/// The readings that were estimated.
#[derive(SimpleObject)]
pub struct EstimatedReadingsPayload {
    /// Their ids, `mrd_…`.
    reading_ids: Vec<ID>,
}

async fn reading_node(ctx: &Context<'_>, id: ReadingId) -> Result<ReadingNode> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let reading = repo::find_reading(&scope, id).await.graphql()?;
    Ok(ReadingNode::new(&reading.ok_or(Denied::Hidden).graphql()?, true))
}

/// Changes of readings.
#[derive(Default)]
pub struct ReadingMutation;

#[Object]
impl ReadingMutation {
    /// Enter a reading; residents for where they live, officers in their zone. A use out of the
    /// ordinary must be confirmed.
    async fn enter_meter_reading(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is entered")] input: EnterMeterReadingInput,
    ) -> Result<MeterReadingPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let meter = parse_id(&input.meter_id, "meterId")?;
        let new = NewReading {
            day: input.day,
            value: quantity(input.value, "value")?,
            rollover: input.rollover.unwrap_or(false),
            confirmed: input.confirmed.unwrap_or(false),
            note: input.note,
        };
        let id = enter::enter(ctx.data()?, caller(ctx)?, (meter, new), &key).await.graphql()?;
        Ok(MeterReadingPayload { reading: reading_node(ctx, id).await? })
    }

    /// Enter many readings at once, e.g. of a round; for staff.
    async fn enter_meter_readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is entered")] input: EnterMeterReadingsInput,
    ) -> Result<MeterReadingsPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let row = |row: MeterReadingRow| {
            Ok(Row {
                serial: row.serial,
                kind: row.kind.map(Into::into),
                reading: NewReading {
                    day: row.day,
                    value: quantity(row.value, "value")?,
                    rollover: row.rollover.unwrap_or(false),
                    confirmed: row.confirmed.unwrap_or(false),
                    note: row.note,
                },
            })
        };
        let rows = input.rows.into_iter().map(row).collect::<Result<Vec<_>>>()?;
        let wanted = (estate, rows, ReadingSource::Officer);
        let done = enter::enter_many(ctx.data()?, caller(ctx)?, wanted, &key).await.graphql()?;
        Ok(MeterReadingsPayload::new(done))
    }

    /// Enter the readings of a file; for staff.
    async fn import_meter_readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is imported")] input: ImportMeterReadingsInput,
    ) -> Result<MeterReadingsPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let estate = parse_id(&input.estate_id, "estateId")?;
        let (rows, unreadable) = rows_of(&input.csv);
        let wanted = (estate, rows, ReadingSource::Import);
        let mut done =
            enter::enter_many(ctx.data()?, caller(ctx)?, wanted, &key).await.graphql()?;
        done.extend(unreadable);
        Ok(MeterReadingsPayload::new(done))
    }

    /// Correct a reading. What was charged stays; the next bill takes up the difference.
    async fn correct_meter_reading(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is corrected")] input: CorrectMeterReadingInput,
    ) -> Result<MeterReadingPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let reading = parse_id(&input.reading_id, "readingId")?;
        let value = quantity(input.value, "value")?;
        let change = (reading, value, input.rollover.unwrap_or(false), input.reason);
        let id = enter::correct(ctx.data()?, caller(ctx)?, change, &key).await.graphql()?;
        Ok(MeterReadingPayload { reading: reading_node(ctx, id).await? })
    }

    /// Estimate the readings of a day for the charged meters that nobody read. The next true
    /// reading corrects an estimate by itself.
    async fn estimate_meter_readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is estimated")] input: EstimateMeterReadingsInput,
    ) -> Result<EstimatedReadingsPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let wanted = (parse_id(&input.estate_id, "estateId")?, input.day);
        let made = estimate(ctx.data()?, caller(ctx)?, wanted, &key).await.graphql()?;
        Ok(EstimatedReadingsPayload {
            reading_ids: made.into_iter().map(|id| id.to_string().into()).collect(),
        })
    }
}
