//! Meters and readings in the graph.

use super::{
    METER_READ,
    domain::{Meter, MeterKind, Reading, ReadingSource},
    readings::enter,
    register::{self, EndMeter, NewMeter, Successor},
    repo,
};
use crate::{
    charges::Quantity,
    estates,
    fees::graphql::FeeItemNode,
    graphql::{FeeItemLoader, UnitNode, place_id, shared},
    ids::{BuildingId, FeeItemId, MeterId, ParkingSpaceId, UnitId},
    loaders::Source,
    say,
};
use async_graphql::{
    ComplexObject, Context, Enum, ID, InputObject, Object, Result, SimpleObject,
    connection::Connection,
    dataloader::{DataLoader, Loader},
};
use authz::Denied;
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, IdempotencyKey, StorageError};
use errors::Invalid;
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, of_caller, parse_id};
use ids::EstateId;
use rust_decimal::Decimal;
use std::{collections::HashMap, sync::Arc};

/// What a meter counts.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MeterKind", remote = "MeterKind")]
pub enum MeterKindWord {
    /// Water, in m³.
    Water,
    /// Power, in kWh.
    Power,
    /// Gas, in m³.
    Gas,
    /// Heat, in kWh.
    Heat,
}

/// Who read a meter.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ReadingSource", remote = "ReadingSource")]
pub enum ReadingSourceWord {
    /// A resident.
    App,
    /// Somebody of the staff.
    Officer,
    /// A file.
    Import,
    /// The list of an earlier manager, at the cut-over.
    Opening,
    /// Nobody any more: the reading of the day is taken back.
    Withdrawn,
}

/// What a meter showed on a day (抄表).
#[derive(Clone, SimpleObject)]
#[graphql(name = "MeterReading")]
pub struct ReadingNode {
    /// Its id, `mrd_…`.
    id: ID,
    /// The day; what was used up to its end is counted.
    day: NaiveDate,
    /// What it showed.
    value: Decimal,
    /// 0 for the reading, one more for each correction of the day.
    revision: i32,
    /// Whether it stands: no later correction of the day.
    stands: bool,
    /// Whether the counter passed its last digit since the reading before.
    rollover: bool,
    /// Who read it.
    source: ReadingSourceWord,
    /// Whether it is estimated.
    estimated: bool,
    /// A photo or note.
    note: Option<String>,
    /// Why it was corrected.
    reason: Option<String>,
    /// Who entered it.
    entered_by: ID,
    /// When.
    entered_at: DateTime<Utc>,
}

impl ReadingNode {
    pub(super) fn new(reading: &Reading, stands: bool) -> Self {
        Self {
            id: reading.id.to_string().into(),
            day: reading.day,
            value: reading.value.decimal(),
            revision: reading.revision,
            stands,
            rollover: reading.rollover,
            source: reading.source.into(),
            estimated: reading.estimated,
            note: reading.note.clone(),
            reason: reading.reason.clone(),
            entered_by: reading.by.to_string().into(),
            entered_at: reading.at,
        }
    }
}

/// A meter (计量表).
#[derive(SimpleObject)]
#[graphql(name = "Meter", complex)]
pub struct MeterNode {
    /// Its id, `mtr_…`.
    id: ID,
    /// What it counts.
    kind: MeterKindWord,
    /// The number on it.
    serial: String,
    /// What a unit of the counter stands for.
    multiplier: Decimal,
    /// Whole digits of the counter.
    digits: i32,
    /// The day it was installed.
    installed_on: NaiveDate,
    /// What it showed then.
    installed_reading: Decimal,
    /// The last day it counted.
    removed_on: Option<NaiveDate>,
    /// What it showed then.
    removed_reading: Option<Decimal>,
    /// The parking space whose use it counts.
    parking_space_id: Option<ID>,
    /// The meter it took the place of.
    replaces_id: Option<ID>,
    #[graphql(skip)]
    meter: Meter,
}

impl From<Meter> for MeterNode {
    fn from(meter: Meter) -> Self {
        let space = meter.place.filter(|_| meter.is_space);
        let space = space.map(|place| ParkingSpaceId::from_uuid(place.as_uuid()));
        Self {
            id: meter.id.to_string().into(),
            kind: meter.kind.into(),
            serial: meter.serial.clone(),
            multiplier: Quantity(meter.multiplier).decimal(),
            digits: i32::try_from(meter.digits).unwrap_or_default(),
            installed_on: meter.installed_on,
            installed_reading: meter.installed_reading.decimal(),
            removed_on: meter.removed.map(|end| end.on),
            removed_reading: meter.removed.map(|end| end.reading.decimal()),
            parking_space_id: space.map(|space| space.to_string().into()),
            replaces_id: meter.replaces.map(|before| before.to_string().into()),
            meter,
        }
    }
}

#[ComplexObject]
impl MeterNode {
    /// The unit whose use it counts; none for a parking space or a shared meter.
    async fn unit(&self) -> Option<UnitNode> {
        self.meter.place.filter(|_| !self.meter.is_space).map(Into::into)
    }
    /// What its use is charged by.
    async fn fee_item(&self, ctx: &Context<'_>) -> Result<Option<FeeItemNode>> {
        let Some(item) = self.meter.item else { return Ok(None) };
        let loader = ctx.data::<FeeItemLoader>()?;
        let item = loader.load_one(item).await.map_err(|error| shared(&error))?;
        Ok(item.map(Into::into))
    }
    /// Its readings with their corrections, newest first.
    async fn readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Connection<Cursor, ReadingNode>> {
        let page = PageArgs::new(first, after)?;
        let after: usize = match &page.after {
            Some(cursor) => graphql::parse(&cursor.0, "after")?,
            None => 0,
        };
        let loader = of_caller::<ReadingLoader>(ctx)?;
        let all = loader.load_one(self.meter.id).await.map_err(|error| shared(&error))?;
        let all = all.unwrap_or_default();
        let limit = usize::try_from(page.limit()).unwrap_or(usize::MAX);
        let stands = |place: usize| {
            all[place].source != ReadingSource::Withdrawn
                && all.get(place + 1).is_none_or(|next| next.day != all[place].day)
        };
        let rows = (0..all.len()).rev().skip(after).take(limit);
        let rows: Vec<(usize, ReadingNode)> =
            (after + 1..).zip(rows.map(|at| ReadingNode::new(&all[at], stands(at)))).collect();
        Ok(connection(&page, rows, |(place, _)| place.to_string(), |(_, node)| node))
    }
}

/// Loads the readings of the meters of a list at once.
pub(crate) type ReadingLoader = DataLoader<Readings>;
/// Loads the meters of the units of a list at once.
pub(crate) type UnitMeterLoader = DataLoader<UnitMeters>;

/// Readings of meters; whoever asks has read the meter.
pub(crate) struct Readings(pub(crate) Source);

impl Loader<MeterId> for Readings {
    type Value = Vec<Reading>;
    type Error = Arc<StorageError>;
    async fn load(&self, ids: &[MeterId]) -> Result<HashMap<MeterId, Vec<Reading>>, Self::Error> {
        let scope = self.0.db.read(self.0.caller.tenant()).await.map_err(Arc::new)?;
        repo::readings_of(&scope, ids).await.map_err(Arc::new)
    }
}

/// Meters of units, as far as the caller may see them; a unit of which nothing may be seen is left
/// out.
pub(crate) struct UnitMeters(pub(crate) Source);

impl Loader<UnitId> for UnitMeters {
    type Value = Vec<Meter>;
    type Error = Arc<StorageError>;
    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Vec<Meter>>, Self::Error> {
        let scope = self.0.db.read(self.0.caller.tenant()).await.map_err(Arc::new)?;
        let mut units = self.0.units(&scope, METER_READ, ids).await?;
        if let Some(person) = crate::graphql::own_person(&self.0.caller) {
            // A former resident does not see what the next one uses.
            let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
            let today = match units.first() {
                Some(unit) => estates::find(&scope, unit.estate).await.map_err(Arc::new)?,
                None => None,
            };
            let Some(today) = today.map(|estate| estate.today(scope.clock())) else {
                return Ok(HashMap::new());
            };
            let home = repo::lived_in(&scope, &ids, person, today).await.map_err(Arc::new)?;
            units.retain(|unit| home.contains(&unit.id));
        }
        let ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
        let mut found: HashMap<UnitId, Vec<Meter>> =
            ids.iter().map(|unit| (*unit, Vec::new())).collect();
        for meter in repo::of_units(&scope, &ids).await.map_err(Arc::new)? {
            let Some(unit) = meter.place else { continue };
            found.entry(unit).or_default().push(meter);
        }
        Ok(found)
    }
}

/// The meters of a unit.
pub struct UnitMeterList(pub UnitId);

#[Object]
impl UnitMeterList {
    /// The meters of the unit, removed ones too; residents see those of where they live.
    async fn meters(&self, ctx: &Context<'_>) -> Result<Option<Vec<MeterNode>>> {
        let loader = of_caller::<UnitMeterLoader>(ctx)?;
        let meters = loader.load_one(self.0).await.map_err(|error| shared(&error))?;
        let meters = meters.ok_or(Denied::Hidden).graphql()?;
        Ok(Some(meters.into_iter().map(Into::into).collect()))
    }
}

/// The meters of an estate.
pub struct EstateMeters(pub EstateId);

#[Object]
impl EstateMeters {
    /// The meters of the estate, oldest first, for staff.
    async fn meters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that count this")] kind: Option<MeterKindWord>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, MeterNode>>> {
        let permit = caller(ctx)?.read(METER_READ, self.0).graphql()?;
        if permit.own_person().is_some() {
            return Err(Denied::Hidden).graphql();
        }
        let page = PageArgs::new(first, after)?;
        let scope = ctx.data::<Db>()?.read(permit.tenant()).await.graphql()?;
        let filter = (kind.map(Into::into), permit.zone().map(<[_]>::to_vec));
        let after = crate::graphql::after(&page)?;
        let rows = repo::page(&scope, self.0, filter, after, page.limit()).await.graphql()?;
        let key = |meter: &Meter| meter.id.as_uuid().simple().to_string();
        Ok(Some(connection(&page, rows, key, Into::into)))
    }
}

/// Queries on meters.
#[derive(Default)]
pub struct MeterQuery;

#[Object]
impl MeterQuery {
    /// A meter.
    async fn meter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The meter, `mtr_…`")] id: ID,
    ) -> Result<Option<MeterNode>> {
        meter_node(ctx, parse_id(&id, "id")?).await.map(Some)
    }
}

async fn meter_node(ctx: &Context<'_>, id: MeterId) -> Result<MeterNode> {
    let caller = caller(ctx)?;
    let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
    let meter = repo::find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
    let permit = caller.read(METER_READ, meter.estate).graphql()?;
    let estate = estates::find(&scope, meter.estate).await.graphql()?;
    let today = estate.ok_or(Denied::Hidden).graphql()?.today(scope.clock());
    enter::reach(&scope, &permit, &meter, today).await.graphql()?;
    Ok(meter.into())
}

/// A meter to register.
#[derive(InputObject)]
pub struct RegisterMeterInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// The unit whose use it counts, `unt_…`; without a unit and a space several share it.
    unit_id: Option<ID>,
    /// The parking space whose use it counts, `pks_…`.
    parking_space_id: Option<ID>,
    /// The building of a meter that several share, `bld_…`.
    building_id: Option<ID>,
    /// What it counts.
    kind: MeterKindWord,
    /// The number on it, 1 to 40 characters.
    serial: String,
    /// What a unit of the counter stands for, with up to three decimal places; 1 when not given.
    multiplier: Option<Decimal>,
    /// Whole digits of the counter, 3 to 9; 5 when not given.
    digits: Option<i32>,
    /// What its use is charged by, `fit_…`; not for a meter that several share.
    fee_item_id: Option<ID>,
    /// The day it was installed, or from which on it counts here.
    installed_on: NaiveDate,
    /// What it showed then.
    installed_reading: Decimal,
    /// What was used of that calendar year before, for steps of a price; nothing when not given.
    used_before: Option<Decimal>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A meter that takes the place of another.
#[derive(InputObject)]
pub struct ReplaceMeterInput {
    /// The meter that is removed, `mtr_…`.
    meter_id: ID,
    /// The day.
    day: NaiveDate,
    /// What the removed one showed.
    reading: Decimal,
    /// Whether it passed its last digit since its last reading.
    rollover: Option<bool>,
    /// The number on the new one, 1 to 40 characters.
    serial: String,
    /// What a unit of the new counter stands for; 1 when not given.
    multiplier: Option<Decimal>,
    /// Whole digits of the new counter, 3 to 9; 5 when not given.
    digits: Option<i32>,
    /// What the new one shows.
    new_reading: Decimal,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A meter to remove.
#[derive(InputObject)]
pub struct RemoveMeterInput {
    /// The meter, `mtr_…`.
    meter_id: ID,
    /// The day.
    day: NaiveDate,
    /// What it showed.
    reading: Decimal,
    /// Whether it passed its last digit since its last reading.
    rollover: Option<bool>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// The meter after an act.
#[derive(SimpleObject)]
pub struct MeterPayload {
    /// The meter.
    meter: MeterNode,
}

/// What a counter shows: at most three decimal places.
pub(crate) fn quantity(value: Decimal, field: &str) -> Result<Quantity> {
    Quantity::of(value).ok_or_else(|| Invalid::new(field, say::three_places())).graphql()
}

fn multiplier(value: Option<Decimal>) -> Result<i64> {
    value.map_or(Ok(Quantity::PER_ONE), |it| quantity(it, "multiplier").map(|it| it.0))
}

fn digits(value: Option<i32>) -> u32 {
    value.map_or(5, |it| u32::try_from(it).unwrap_or_default())
}

/// Changes of meters.
#[derive(Default)]
pub struct MeterMutation;

#[Object]
impl MeterMutation {
    /// Register a meter.
    async fn register_meter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is registered")] input: RegisterMeterInput,
    ) -> Result<MeterPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let building = input.building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        let item = input.fee_item_id.as_ref();
        let item = item.map(|id| parse_id::<FeeItemId>(id, "feeItemId")).transpose()?;
        let used_before = input.used_before.map(|it| quantity(it, "usedBefore")).transpose()?;
        let new = NewMeter {
            estate: parse_id(&input.estate_id, "estateId")?,
            place: place_id(input.unit_id.as_ref(), input.parking_space_id.as_ref())?,
            is_space: input.parking_space_id.is_some(),
            building,
            kind: input.kind.into(),
            serial: input.serial,
            multiplier: multiplier(input.multiplier)?,
            digits: digits(input.digits),
            item,
            installed_on: input.installed_on,
            installed_reading: quantity(input.installed_reading, "installedReading")?,
            used_before: used_before.unwrap_or_default(),
        };
        let id = register::register(ctx.data()?, caller(ctx)?, new, &key).await.graphql()?;
        Ok(MeterPayload { meter: meter_node(ctx, id).await? })
    }

    /// Replace a meter by another that goes on counting where it ended.
    async fn replace_meter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is replaced")] input: ReplaceMeterInput,
    ) -> Result<MeterPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let end = EndMeter {
            meter: parse_id(&input.meter_id, "meterId")?,
            on: input.day,
            reading: quantity(input.reading, "reading")?,
            rollover: input.rollover.unwrap_or(false),
            successor: Some(Successor {
                serial: input.serial,
                multiplier: multiplier(input.multiplier)?,
                digits: digits(input.digits),
                reading: quantity(input.new_reading, "newReading")?,
            }),
        };
        let id = register::end(ctx.data()?, caller(ctx)?, end, &key).await.graphql()?;
        Ok(MeterPayload { meter: meter_node(ctx, id).await? })
    }

    /// Remove a meter; what it counted last is charged.
    async fn remove_meter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is removed")] input: RemoveMeterInput,
    ) -> Result<MeterPayload> {
        let key: IdempotencyKey = input.idempotency_key.parse().graphql()?;
        let end = EndMeter {
            meter: parse_id(&input.meter_id, "meterId")?,
            on: input.day,
            reading: quantity(input.reading, "reading")?,
            rollover: input.rollover.unwrap_or(false),
            successor: None,
        };
        let id = register::end(ctx.data()?, caller(ctx)?, end, &key).await.graphql()?;
        Ok(MeterPayload { meter: meter_node(ctx, id).await? })
    }
}
