//! What needs more than one service.

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
