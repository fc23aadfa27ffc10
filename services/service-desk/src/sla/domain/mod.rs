//! The rules of promises of time, pure: calendars, promises, clocks.

mod calendar;
mod clock;
#[cfg(test)]
mod clock_model_tests;
#[cfg(test)]
mod model_tests;
mod policy;

pub use calendar::{Calendar, Counting, Pause, Span, due, measured};
pub use clock::{Clock, Due, Facts, Met, Next, met};
pub use policy::{Ladder, Measure, Promise, Step, SubjectKind, Target, product_default};
