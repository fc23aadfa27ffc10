//! Time and randomness, the only source of either: real in production, chosen in tests and demos.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use parking_lot::Mutex;
use rand::{RngCore as _, SeedableRng as _, rngs::StdRng};
use std::sync::Arc;
use uuid::Uuid;

/// A handle on the current time and on randomness; cheap to clone, shared by a whole process.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    /// `None`: the system's time. `Some`: time stands still until it is moved.
    fixed: Mutex<Option<DateTime<Utc>>>,
    /// Added to the system's time; how a demo opens on a date of its own and still advances.
    offset: Mutex<Duration>,
    rng: Mutex<StdRng>,
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl Clock {
    /// The system's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self::build(None, StdRng::from_os_rng())
    }

    /// A clock that stands at `now` until it is moved. Ids stay random: tests run in parallel
    /// against one database.
    pub fn fixed(now: DateTime<Utc>) -> Self {
        Self::build(Some(now), StdRng::from_os_rng())
    }

    fn build(fixed: Option<DateTime<Utc>>, rng: StdRng) -> Self {
        Self(Arc::new(Inner {
            fixed: Mutex::new(fixed),
            offset: Mutex::new(Duration::zero()),
            rng: Mutex::new(rng),
        }))
    }

    /// The current instant.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the system clock"
    )]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.fixed.lock().unwrap_or_else(Utc::now) + *self.0.offset.lock()
    }

    /// The calendar date in a time zone, e.g. an estate's.
    pub fn today(&self, zone: impl chrono::TimeZone) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// Moves time, forwards or backwards.
    pub fn advance(&self, by: Duration) {
        *self.0.offset.lock() += by;
    }

    /// Makes the clock show `now` from here on; a running clock keeps running from there.
    pub fn set(&self, now: DateTime<Utc>) {
        let shown = self.now();
        *self.0.offset.lock() += now - shown;
    }

    /// A new time-ordered identifier (UUID version 7) at the clock's time.
    pub fn uuid(&self) -> Uuid {
        let millis = u64::try_from(self.now().timestamp_millis()).unwrap_or_default();
        let mut random = [0_u8; 10];
        self.fill(&mut random);
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
    }

    /// Fills `bytes` with randomness fit for secrets.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.rng.lock().fill_bytes(bytes);
    }

    /// `N` random bytes, e.g. for a token or a nonce.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new_year() -> DateTime<Utc> {
        "2026-12-31T16:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = Clock::fixed(new_year());
        assert_eq!(clock.now(), new_year());
        clock.advance(Duration::days(1));
        assert_eq!(clock.now(), new_year() + Duration::days(1));
        clock.set(new_year());
        assert_eq!(clock.now(), new_year());
    }

    #[test]
    fn the_date_is_the_one_in_the_zone() {
        let clock = Clock::fixed(new_year());
        let shanghai = chrono::FixedOffset::east_opt(8 * 3600).unwrap();
        assert_eq!(clock.today(shanghai), NaiveDate::from_ymd_opt(2027, 1, 1).unwrap());
        assert_eq!(clock.today(Utc), NaiveDate::from_ymd_opt(2026, 12, 31).unwrap());
    }

    #[test]
    fn ids_are_version_seven_and_differ() {
        let clock = Clock::fixed(new_year());
        let (a, b) = (clock.uuid(), clock.uuid());
        assert_eq!(a.get_version_num(), 7);
        assert_ne!(a, b);
    }
}
