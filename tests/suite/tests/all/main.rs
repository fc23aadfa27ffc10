//! What needs more than one service.

mod schema;
mod texts;
mod town;
