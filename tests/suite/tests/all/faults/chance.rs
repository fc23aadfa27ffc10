//! Choices that can be repeated.

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use std::time::Duration;

/// Where the choices of a test come from.
pub struct Chance(StdRng);

impl Chance {
    /// The seed that `FAULT_SEED` names, or a new one; it is printed.
    pub fn new(test: &str) -> Self {
        let named = std::env::var("FAULT_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = || clock::Clock::system().now().timestamp().unsigned_abs();
        let seed = named.unwrap_or_else(now);
        println!("{test}: FAULT_SEED={seed}");
        Self(StdRng::seed_from_u64(seed))
    }

    /// A time up to `most`.
    pub fn within(&mut self, most: Duration) -> Duration {
        most.mul_f64(self.0.random())
    }

    /// `count` different numbers below `most`, in order.
    pub fn moments(&mut self, count: usize, most: usize) -> Vec<usize> {
        let mut all = rand::seq::index::sample(&mut self.0, most, count).into_vec();
        all.sort_unstable();
        all
    }

    /// A seed for somebody else.
    pub fn seed(&mut self) -> u64 {
        self.0.random()
    }
}

/// How often something is killed: 20 times, 200 with `FULL=1`.
pub fn kills() -> usize {
    if std::env::var("FULL").as_deref() == Ok("1") { 200 } else { 20 }
}
