//! Random operations against a model so naive that it can be believed at sight: no difference, and
//! a ledger that sums to zero after every batch. Once on the pure rules, once through the database.
//! And a year of an estate with everything that goes wrong outside (`year`).
//!
//! A run prints its seed; `MODEL_SEED` repeats one, `FULL=1` does ten times as much. A seed that ever
//! failed is kept in `SEEDS`. For the year it is `YEAR_SEED` and `FAILED_ONCE`.

mod core;
mod database;
mod dice;
mod front;
mod naive;
mod split;
mod year;

use dice::Dice;

/// Seeds that are always run; those that failed once are named with why.
const SEEDS: [u64; 2] = [1, 20_260_630];

/// The seeds of this run.
fn seeds() -> Vec<u64> {
    match std::env::var("MODEL_SEED").ok().and_then(|text| text.parse().ok()) {
        Some(seed) => vec![seed],
        None => SEEDS.to_vec(),
    }
}

/// So many operations, ten times as many with `FULL=1`.
fn operations(usual: usize) -> usize {
    if std::env::var("FULL").as_deref() == Ok("1") { usual * 10 } else { usual }
}
