//! What needs more than one service.

mod catalogue;
mod isolation;
mod matrix;
mod routes;
mod schema;
mod stage;
mod town;
