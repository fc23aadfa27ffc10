//! Meters and what they counted, period by period.
//!
//! A reading of a day counts what was used up to the end of that day. A meter that replaces another
//! goes on where that one ended, so that both make one supply. Once a true reading follows, an
//! estimated one keeps its day and loses its value: what was used between two true readings is
//! spread over the days between them.

use crate::{
    charges::Quantity,
    ids::{BuildingId, FeeItemId, MeterId, ReadingId, UnitId, UserId},
    say,
};
use chrono::{DateTime, NaiveDate, Utc};
use errors::{Code, Coded, Invalid, expected};
use ids::EstateId;
use texts::Text;

/// What a meter counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MeterKind {
    /// Water, in m³.
    Water,
    /// Power, in kWh.
    Power,
    /// Gas, in m³.
    Gas,
    /// Heat, in kWh.
    Heat,
}

/// A meter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// Its id.
    pub id: MeterId,
    /// The estate.
    pub estate: EstateId,
    /// The unit or space whose use it counts; none for one that several share.
    pub place: Option<UnitId>,
    /// Whether that is a parking space.
    pub is_space: bool,
    /// The building, where it is known.
    pub building: Option<BuildingId>,
    /// What it counts.
    pub kind: MeterKind,
    /// The number on it, unique in the estate among meters that stand.
    pub serial: String,
    /// What a unit of the counter stands for, in thousandths.
    pub multiplier: i64,
    /// Whole digits of the counter, which begins again at zero after the last.
    pub digits: u32,
    /// What its use is charged by; none when it is not charged.
    pub item: Option<FeeItemId>,
    /// The day it was installed.
    pub installed_on: NaiveDate,
    /// What it showed then.
    pub installed_reading: Quantity,
    /// What was used of the calendar year before that day, for steps of a price.
    pub used_before: Quantity,
    /// How it ended.
    pub removed: Option<Removal>,
    /// The meter it took the place of.
    pub replaces: Option<MeterId>,
}

/// How a meter ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The last day it counted.
    pub on: NaiveDate,
    /// What it showed then.
    pub reading: Quantity,
    /// Whether the counter passed its last digit since the reading before.
    pub rollover: bool,
}

impl Meter {
    /// Checks every field that somebody wrote.
    pub fn checked(self) -> Result<Self, Invalid> {
        if !(1..=40).contains(&self.serial.chars().count()) {
            return Err(Invalid::new("serial", expected::length(1, 40)));
        }
        if !(1..=10_000_000).contains(&self.multiplier) {
            return Err(Invalid::new("multiplier", expected::above_zero()));
        }
        if !(3..=9).contains(&self.digits) {
            return Err(Invalid::new("digits", expected::between(3, 9)));
        }
        if self.installed_reading >= self.capacity() {
            return Err(Invalid::new("installedReading", say::more_than_digits()));
        }
        Ok(self)
    }

    /// The value at which the counter begins again.
    pub fn capacity(&self) -> Quantity {
        Quantity(10_i64.pow(self.digits.min(9)) * Quantity::PER_ONE)
    }

    /// What was used when the counter went on by `counted`.
    fn used(&self, counted: i128) -> Quantity {
        let product = counted * i128::from(self.multiplier);
        Quantity(money::round_half_up(product, i128::from(Quantity::PER_ONE)))
    }
}

/// Who read a meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReadingSource {
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

/// A reading, or the correction of one of the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its id.
    pub id: ReadingId,
    /// The meter.
    pub meter: MeterId,
    /// The day.
    pub day: NaiveDate,
    /// 0 for the reading, one more for each correction; the last one stands.
    pub revision: i32,
    /// What the counter showed.
    pub value: Quantity,
    /// Whether it passed its last digit since the reading before.
    pub rollover: bool,
    /// Who read it.
    pub source: ReadingSource,
    /// Whether it is estimated.
    pub estimated: bool,
    /// A photo or note.
    pub note: Option<String>,
    /// Why it was corrected.
    pub reason: Option<String>,
    /// Who entered it.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a reading is refused.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum MeterError {
    /// The counter would have gone back.
    #[error("the reading is below {0}, the one before")]
    Falls(Quantity),
    /// The counter did not pass its last digit.
    #[error("the counter did not pass its last digit")]
    NoRollover,
    /// The value has more digits than the counter.
    #[error("the counter has no such value")]
    TooManyDigits,
    /// The use is out of the ordinary and nobody confirmed it.
    #[error("a use of {0} is out of the ordinary")]
    Implausible(Quantity),
    /// The day is not after the last reading, or lies outside the meter's life or in the future.
    #[error("the meter cannot be read on that day")]
    Day(NaiveDate),
}

impl Coded for MeterError {
    fn code(&self) -> Code {
        Code::Invalid
    }
    fn text(&self) -> Text {
        match self {
            Self::Falls(before) => say::reading_falls(before.to_string()),
            Self::NoRollover => say::no_rollover(),
            Self::TooManyDigits => say::more_than_digits(),
            Self::Implausible(used) => say::implausible_use(used.to_string()),
            Self::Day(last) => say::reading_day(*last),
        }
    }
    fn field(&self) -> Option<&str> {
        Some(match self {
            Self::Falls(_) | Self::TooManyDigits => "value",
            Self::NoRollover => "rollover",
            Self::Implausible(_) => "confirmed",
            Self::Day(_) => "day",
        })
    }
}

impl From<MeterError> for Invalid {
    fn from(error: MeterError) -> Self {
        Self::new(error.field().unwrap_or("value"), error.text())
    }
}

/// A meter with the readings that stand, by day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metered {
    /// The meter.
    pub meter: Meter,
    /// One a day at most.
    pub readings: Vec<Reading>,
}

impl Metered {
    /// Whether the counter can have shown `value` on `day`, after everything that is known of it,
    /// without having passed its last digit.
    pub fn can_show(&self, day: NaiveDate, value: Quantity) -> Result<(), MeterError> {
        let since = self.last_day();
        if self.meter.removed.is_some() || day <= since {
            return Err(MeterError::Day(since));
        }
        let truth = self.readings.iter().rev().find(|it| !it.estimated);
        let shown = truth.map_or(self.meter.installed_reading, |it| it.value);
        step(&self.meter, shown, value, false).map(drop)
    }

    /// The day it was read last, or else installed.
    fn last_day(&self) -> NaiveDate {
        self.readings.last().map_or(self.meter.installed_on, |it| it.day)
    }
}

/// What the lines of a supply are known by on bills: its first meter.
pub fn source(chain: &[Metered]) -> String {
    chain.first().map_or_else(String::new, |it| format!("meter/{}", it.meter.id))
}

/// What was used between two readings of a supply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The day of the reading that closes it.
    pub to: NaiveDate,
    /// The use.
    pub quantity: Quantity,
    /// What the counters showed.
    pub counted: Vec<crate::charges::Counted>,
    /// Whether the closing reading is estimated and no true one followed yet.
    pub estimated: bool,
}

/// A point of a counter's life.
struct Point {
    day: NaiveDate,
    /// How far the counter has gone since the installation, whatever its digits.
    gone: i128,
    /// What it showed.
    shown: Quantity,
    /// Whether it closes a period.
    closes: bool,
    estimated: bool,
}

/// How far a counter goes from one value to the next.
pub fn step(
    meter: &Meter,
    before: Quantity,
    now: Quantity,
    rollover: bool,
) -> Result<i128, MeterError> {
    if now >= meter.capacity() {
        return Err(MeterError::TooManyDigits);
    }
    match (rollover, now >= before) {
        (false, true) => Ok(i128::from((now - before).0)),
        (false, false) => Err(MeterError::Falls(before)),
        (true, false) => Ok(i128::from((now + meter.capacity() - before).0)),
        (true, true) => Err(MeterError::NoRollover),
    }
}

/// The points of one meter's life by day, estimated ones moved to where the true ones put them.
fn points(metered: &Metered, is_last: bool) -> Result<Vec<Point>, MeterError> {
    let Metered { meter, readings } = metered;
    let mut points = vec![Point {
        day: meter.installed_on,
        gone: 0,
        shown: meter.installed_reading,
        closes: false,
        estimated: false,
    }];
    let ended = meter.removed.filter(|end| readings.iter().all(|it| it.day < end.on));
    let removal = ended.map(|end| (end.on, end.reading, end.rollover, false, is_last));
    let read = readings.iter().map(|it| (it.day, it.value, it.rollover, it.estimated, true));
    let (mut truth, mut waiting) = (0, Vec::new());
    for (day, value, rollover, estimated, closes) in read.chain(removal) {
        let from: &Point = &points[if estimated { points.len() - 1 } else { truth }];
        let gone = from.gone + step(meter, from.shown, value, rollover)?;
        points.push(Point { day, gone, shown: value, closes, estimated });
        if estimated {
            waiting.push(points.len() - 1);
        } else {
            let end = points.len() - 1;
            for at in waiting.drain(..) {
                spread(meter, &mut points, (truth, at, end));
            }
            truth = end;
        }
    }
    Ok(points)
}

/// Moves an estimated point to its days' part of the way between two true ones.
fn spread(meter: &Meter, points: &mut [Point], (from, at, to): (usize, usize, usize)) {
    let days = |place: usize| i128::from((points[place].day - points[from].day).num_days());
    let way = points[to].gone - points[from].gone;
    let part = way * days(at) / days(to).max(1);
    let shown = (i128::from(points[from].shown.0) + part) % i128::from(meter.capacity().0);
    points[at].gone = points[from].gone + part;
    points[at].shown = Quantity(i64::try_from(shown).unwrap_or_default());
    points[at].estimated = false;
}

/// The periods of a supply: meters in the order in which each replaced the one before.
pub fn periods(chain: &[Metered]) -> Result<Vec<Period>, MeterError> {
    let mut periods: Vec<Period> = Vec::new();
    let mut counted = Vec::new();
    let mut first_day = chain.first().map(|it| it.meter.installed_on);
    for (place, metered) in chain.iter().enumerate() {
        let meter = &metered.meter;
        let points = points(metered, place + 1 == chain.len())?;
        let mut since = &points[0];
        for (at, point) in points.iter().enumerate().skip(1) {
            let ends = point.closes || at + 1 == points.len();
            if !ends {
                continue;
            }
            let quantity = meter.used(point.gone) - meter.used(since.gone);
            counted.push(crate::charges::Counted {
                serial: meter.serial.clone(),
                previous: since.shown,
                current: point.shown,
                multiplier: meter.multiplier,
                quantity,
            });
            since = point;
            let from = first_day.and_then(|day| day.succ_opt()).unwrap_or(point.day);
            if point.closes && from <= point.day {
                let pieces = std::mem::take(&mut counted);
                periods.push(Period {
                    from,
                    to: point.day,
                    quantity: pieces.iter().map(|it| it.quantity).sum(),
                    counted: pieces,
                    estimated: point.estimated,
                });
                first_day = Some(point.day);
            }
        }
    }
    Ok(periods)
}

/// What somebody says a meter shows.
#[derive(Clone, Debug, serde::Serialize)]
pub struct NewReading {
    /// The day.
    pub day: NaiveDate,
    /// What it shows.
    pub value: Quantity,
    /// Whether the counter passed its last digit since the reading before.
    pub rollover: bool,
    /// That a use out of the ordinary is true.
    pub confirmed: bool,
    /// A photo or note.
    pub note: Option<String>,
}

/// Whether a reading can follow those of the last meter of a supply.
pub fn admit(
    chain: &[Metered],
    new: &Reading,
    confirmed: bool,
    today: NaiveDate,
) -> Result<(), MeterError> {
    let mut chain = chain.to_vec();
    let Some(last) = chain.last_mut() else { return Ok(()) };
    let since = last.last_day();
    if last.meter.removed.is_some() || new.day <= since || new.day > today {
        return Err(MeterError::Day(since));
    }
    last.readings.push(new.clone());
    let periods = periods(&chain)?;
    let Some((latest, before)) = periods.split_last() else { return Ok(()) };
    if !confirmed && is_implausible(before, latest.quantity, days_of(latest)) {
        return Err(MeterError::Implausible(latest.quantity));
    }
    Ok(())
}

/// Whether a use is out of the ordinary: more than three times the average a day of the last
/// periods, at most six, or nothing after something.
pub fn is_implausible(before: &[Period], used: Quantity, days: i64) -> bool {
    let last = &before[before.len().saturating_sub(6)..];
    let Some(latest) = last.last() else { return false };
    let all: i128 = last.iter().map(|it| i128::from(it.quantity.0)).sum();
    let all_days: i128 = last.iter().map(|it| i128::from(days_of(it))).sum();
    let nothing = used == Quantity::ZERO && latest.quantity > Quantity::ZERO;
    nothing || (all > 0 && i128::from(used.0) * all_days > 3 * all * i128::from(days.max(1)))
}

/// What is probably used in so many days, in whole units; nothing is known without a period.
pub fn estimate(before: &[Period], days: i64) -> Option<Quantity> {
    let last = &before[before.len().saturating_sub(6)..];
    let all: i64 = last.iter().map(|it| it.quantity.0).sum();
    let all_days: i64 = last.iter().map(days_of).sum();
    let whole = (all_days > 0).then(|| all * days / all_days / Quantity::PER_ONE)?;
    Some(Quantity(whole * Quantity::PER_ONE))
}

/// How many days a period has.
pub fn days_of(period: &Period) -> i64 {
    (period.to - period.from).num_days() + 1
}

/// Meters put together to supplies, each in the order of replacement, the oldest first.
pub fn chains(all: Vec<Metered>) -> Vec<Vec<Metered>> {
    let known: std::collections::HashSet<MeterId> = all.iter().map(|it| it.meter.id).collect();
    let (mut rest, first): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|it| it.meter.replaces.is_some_and(|before| known.contains(&before)));
    let mut chains: Vec<Vec<Metered>> = first.into_iter().map(|it| vec![it]).collect();
    for chain in &mut chains {
        while let Some(last) = chain.last().map(|it| it.meter.id) {
            let Some(next) = rest.iter().position(|it| it.meter.replaces == Some(last)) else {
                break;
            };
            chain.push(rest.swap_remove(next));
        }
    }
    chains
}
