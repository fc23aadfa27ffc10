//! What needs more than one service.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod catalogue;
mod imports;
mod isolation;
mod large_import;
mod matrix;
mod routes;
mod schema;
mod stage;
mod texts;
mod town;
