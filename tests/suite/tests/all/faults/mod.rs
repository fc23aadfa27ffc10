//! What is still true after processes and servers died in the middle of work.
//!
//! Every test has servers and processes of its own and is alone on the machine: `cargo xtask test
//! faults` runs them one after the other, last. `FAULT_SEED` repeats the choices of a run; `FULL=1`
//! kills ten times as often.

mod auto_pay_killed;
mod billing_killed;
mod chance;
mod desk_killed;
mod payers;
mod postgres_restarted;
mod redis_killed;
mod town;
