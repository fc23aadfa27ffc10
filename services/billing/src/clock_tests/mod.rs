//! Ends of months, leap days, summer time, and a clock that jumps: nothing is missed and nothing
//! happens twice, by the calendar of the estate.

mod billing;
mod growing;

use crate::{
    charges::Formula,
    fees::Scope,
    seed::{self, Price},
    service,
    testing::{Stage, member},
};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use contracts::{
    BuildingId, UnitId,
    identity::EstateChanged,
    residents::{MemberFact, MemberKind, UnitUse},
};
use money::Fen;
use std::sync::Arc;
use testkit::{Backend, World, eventually};

/// A world of its own that begins at an instant.
async fn world(at: DateTime<Utc>) -> Arc<World> {
    Arc::new(World::start_on(Backend::from_env(), vec![service()], &[], &at.to_rfc3339()).await)
}

/// The instant at which a day begins in a zone, whether or not there is a midnight.
pub(crate) fn begins(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let mut at = day.and_hms_opt(0, 0, 0).unwrap().and_utc() - Duration::hours(15);
    while at.with_timezone(&zone).date_naive() < day {
        at += Duration::minutes(15);
    }
    at
}

/// One home of 100 m² in an estate of a zone; a month of it costs `price` yuan a m².
struct Home {
    stage: Stage,
    unit: UnitId,
}

impl Home {
    async fn new(world: &Arc<World>, zone: Tz, price: &str, members: Vec<MemberFact>) -> Self {
        let stage = Stage::in_world(world).await;
        in_zone(&stage, zone).await;
        let building = BuildingId::from_uuid(stage.id());
        let units = [("3-1-1201", "100.00", UnitUse::Residential)];
        let unit = stage.units(building, "3", &units).await[0];
        stage.members(vec![(unit, members)]).await;
        let item = stage.item("PROPERTY", "PROPERTY_FEE").await;
        let scope = world.db("billing").write(stage.company.tenant).await.unwrap();
        let price = Price {
            item: item.parse().unwrap(),
            place: Scope::default(),
            formula: Formula::AreaRate { rate: price.parse().unwrap(), surcharge: Fen::ZERO },
            from: "2015-01-01".parse().unwrap(),
        };
        seed::price(&scope, stage.estate, &price).await.unwrap();
        scope.commit().await.unwrap();
        Self { stage, unit }
    }

    /// A home of somebody who has always owned it.
    async fn owned(world: &Arc<World>, zone: Tz, price: &str) -> Self {
        let person = contracts::PersonId::from_uuid(world.clock.uuid());
        let owner = member(person, "王芳", MemberKind::Owner, "2010-01-01", None);
        Self::new(world, zone, price, vec![owner]).await
    }
}

/// Identity says that the estate lies in another zone.
pub(crate) async fn in_zone(stage: &Stage, zone: Tz) {
    let world = &stage.company.world;
    let event = EstateChanged {
        estate: stage.estate,
        code: "FCH".to_owned(),
        name: "翡翠湖畔花园".to_owned(),
        time_zone: zone.to_string(),
        currency: "CNY".to_owned(),
    };
    let context = world.context("billing");
    let at = world.identity.publish("identity", &context.bus, stage.company.tenant, &event);
    eventually("the zone is known", || async {
        context.db.worker().inbox_position("identity").await.unwrap() >= at
    })
    .await;
}

/// The day after.
fn next(day: NaiveDate) -> NaiveDate {
    day + Days::new(1)
}

#[test]
fn a_day_begins_where_its_zone_says() {
    let begins = |zone: Tz, day: &str| begins(zone, day.parse().unwrap()).to_rfc3339();
    assert_eq!(begins(Tz::Asia__Shanghai, "2028-02-29"), "2028-02-28T16:00:00+00:00");
    // No midnight: the clock goes from 23:59 to 1:00.
    assert_eq!(begins(Tz::America__Sao_Paulo, "2018-11-04"), "2018-11-04T03:00:00+00:00");
    assert_eq!(begins(Tz::Australia__Lord_Howe, "2027-10-04"), "2027-10-03T13:00:00+00:00");
}
