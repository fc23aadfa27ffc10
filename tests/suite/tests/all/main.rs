//! What needs more than one service.

mod imports;
mod large_import;
mod schema;
mod texts;
mod town;
