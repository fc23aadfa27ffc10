//! What needs more than one service.
#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod catalogue;
mod faults;
mod imports;
mod installation;
mod isolation;
mod large_import;
mod listening;
mod matrix;
mod policy;
mod routes;
mod scenarios;
mod schema;
mod stage;
mod texts;
mod town;
mod year;
