//! Cases made from the schema: every operation of the graph, with arguments that a test fills in.
//!
//! The isolation and the matrix suite run what this yields, so an operation that somebody adds
//! tomorrow is tested tomorrow; one whose arguments nobody can fill in fails the suite by name.

mod arguments;
mod schema;

pub use arguments::{Fill, Unfillable};
pub use schema::{Field, Graph, Kind, Operation};
