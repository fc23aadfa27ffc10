//! The daily collection (handbook chapter 26): what came in and went back, by method.

use super::{
    may_read,
    report_repo::{
        ByTill, ReceiptRange, VoidMark, outside_shifts, payments, receipts, refunds, voids,
    },
};
use crate::{
    estates::{self, Estate},
    ledger::Till,
    payments::PayError,
};
use authz::{Caller, Denied};
use chrono::{DateTime, Days, NaiveDate, TimeZone as _, Utc};
use chrono_tz::Tz;
use db::Db;
use ids::EstateId;
use money::{Currency, Fen};

/// What one method brought on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Method {
    pub till: Till,
    pub payments: i64,
    pub received: Fen,
    pub refunds: i64,
    pub refunded: Fen,
}

/// What a day brought.
#[derive(Clone, Debug)]
pub(super) struct Collection {
    pub day: NaiveDate,
    pub currency: Currency,
    pub methods: Vec<Method>,
    pub receipts: Vec<ReceiptRange>,
    pub voids: Vec<VoidMark>,
    /// Cash that belongs to no shift yet.
    pub outside: Fen,
}

/// The collection of a day in an estate.
pub(super) async fn collection(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    day: NaiveDate,
) -> Result<Collection, PayError> {
    may_read(caller, estate)?;
    let scope = db.read(caller.tenant()).await?;
    let estate: Estate = estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    let range = day_range(estate.zone, day);
    let received = payments(&scope, estate.id, range).await?;
    let given_back = refunds(&scope, estate.id, range).await?;
    Ok(Collection {
        day,
        currency: estate.currency,
        methods: methods(&received, &given_back),
        receipts: receipts(&scope, estate.id, range).await?,
        voids: voids(&scope, estate.id, range).await?,
        outside: outside_shifts(&scope, estate.id).await?,
    })
}

/// The first instant of a day and of the next, where the clocks of the zone say so.
pub(crate) fn day_range(zone: Tz, day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = |day: NaiveDate| {
        // Where midnight is skipped the day begins an hour later.
        let hours = (0..4).filter_map(|hour| day.and_hms_opt(hour, 0, 0));
        let mut there = hours.filter_map(|time| zone.from_local_datetime(&time).earliest());
        there
            .next()
            .map_or_else(|| day.and_time(chrono::NaiveTime::MIN).and_utc(), |at| at.to_utc())
    };
    (start(day), start(day.checked_add_days(Days::new(1)).unwrap_or(day)))
}

fn methods(received: &[ByTill], given_back: &[ByTill]) -> Vec<Method> {
    let of = |all: &[ByTill], till: Till| {
        let mine = all.iter().filter(|row| row.till == till);
        mine.fold((0, Fen::ZERO), |(number, sum), row| (number + row.number, sum + row.amount))
    };
    let method = |till| {
        let ((payments, received), (refunds, refunded)) =
            (of(received, till), of(given_back, till));
        Method { till, payments, received, refunds, refunded }
    };
    [Till::Cash, Till::Card, Till::Transfer, Till::Online].map(method).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_the_zone_makes_it() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let (from, to) = day_range(chrono_tz::Asia::Shanghai, day("2026-07-31"));
        assert_eq!(from.to_rfc3339(), "2026-07-30T16:00:00+00:00");
        assert_eq!((to - from).num_hours(), 24);
        let (from, to) = day_range(chrono_tz::Europe::Berlin, day("2026-10-25"));
        assert_eq!((to - from).num_hours(), 25);
        let (from, to) = day_range(chrono_tz::Africa::Cairo, day("2026-04-24"));
        assert_eq!((to - from).num_hours(), 23, "midnight is skipped there");
    }

    #[test]
    fn every_method_has_its_row_also_without_money() {
        let row = |till, amount| ByTill { till, number: 1, amount: Fen(amount) };
        let rows = methods(&[row(Till::Cash, 500)], &[row(Till::Card, 200)]);
        assert_eq!(rows.len(), 4);
        assert_eq!((rows[0].payments, rows[0].received), (1, Fen(500)));
        assert_eq!((rows[1].received, rows[1].refunded), (Fen::ZERO, Fen(200)));
    }
}
