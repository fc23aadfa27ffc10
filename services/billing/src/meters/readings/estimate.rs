//! Estimating what meters show that nobody read.

use crate::meters::{
    METER_CORRECT, METER_READ,
    domain::{Reading, ReadingSource, chains, estimate as likely, periods},
    repo,
};
use crate::{charges::Quantity, error::Refused, estates, ids::ReadingId, say};
use authz::{AuditFact, Caller, Denied, keyed};
use chrono::NaiveDate;
use db::{Db, IdempotencyKey};
use errors::Invalid;
use ids::EstateId;

/// A meter read within so many days before is not estimated.
const READ_LATELY: i64 = 20;

/// Estimates the readings of a day for the charged meters of an estate that were not read in the
/// 20 days before, by the average of their last periods, at most six; one without a period is left
/// out. The next true reading corrects an estimate by itself.
#[tracing::instrument(name = "usecase.meters.estimate", skip_all, fields(estate.id = %estate))]
pub(crate) async fn estimate(
    db: &Db,
    caller: &Caller,
    (estate, day): (EstateId, NaiveDate),
    key: &IdempotencyKey,
) -> Result<Vec<ReadingId>, Refused> {
    let permit = caller.act(METER_CORRECT, METER_READ, estate)?;
    let actor = caller.clone();
    keyed(db, caller, "estimate_meter_readings", key, &(estate, day), move |scope| {
        Box::pin(async move {
            let estate = estates::find(scope, permit.estate()).await?.ok_or(Denied::Hidden)?;
            if day > estate.today(scope.clock()) {
                return Err(Invalid::new("day", say::not_in_future()).into());
            }
            let mut made = Vec::new();
            for chain in chains(repo::charged_in(scope, estate.id).await?) {
                let Some(last) = chain.last().filter(|it| it.meter.removed.is_none()) else {
                    continue;
                };
                let meter = &last.meter;
                let known = last.readings.last();
                let since = known.map_or(meter.installed_on, |it| it.day);
                let shown = known.map_or(meter.installed_reading, |it| it.value);
                let days = (day - since).num_days();
                let Ok(before) = periods(&chain) else { continue };
                if days <= READ_LATELY {
                    continue;
                }
                let Some(used) = likely(&before, days) else { continue };
                let counted = i128::from(used.0) * i128::from(Quantity::PER_ONE);
                let counted = counted / i128::from(meter.multiplier);
                let counted = Quantity(i64::try_from(counted).unwrap_or_default());
                let rollover = shown + counted >= meter.capacity();
                let turned = if rollover { meter.capacity() } else { Quantity::ZERO };
                made.push(Reading {
                    id: ReadingId::from_uuid(scope.new_id()),
                    meter: meter.id,
                    day,
                    revision: 0,
                    value: shown + counted - turned,
                    rollover,
                    source: ReadingSource::Officer,
                    estimated: true,
                    note: None,
                    reason: None,
                    by: actor.user(),
                    at: scope.now(),
                });
            }
            repo::insert_readings(scope, &made).await?;
            let fact = AuditFact {
                action: "meter_reading.estimated",
                object: estate.id.to_string(),
                estate: Some(estate.id),
                reason: None,
                detail: serde_json::json!({ "day": day, "readings": made.len() }),
            };
            authz::audit(scope, &actor, fact).await?;
            Ok(made.iter().map(|reading| reading.id).collect())
        })
    })
    .await
}
