//! What needs more than one service.

mod policy;
mod schema;
mod texts;
mod town;
