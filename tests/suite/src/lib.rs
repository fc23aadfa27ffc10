//! Cases made from the schema: every operation of the graph, with arguments that work.
//!
//! The isolation and the matrix suite run what this yields, so an operation that somebody adds
//! tomorrow is tested tomorrow. What cannot be guessed from the schema stands in the feature's
//! `cases.graphql`; an operation whose arguments nobody knows fails the suite by name.

mod case;
mod documents;
mod matrix;
mod schema;
mod template;

pub use case::{Case, Cases, Keep, Owner};
pub use documents::{Document, Documents, Slot, Unfillable, is_made_up};
pub use matrix::{Matrix, Row};
pub use schema::{Field, Graph, Kind, Operation, type_name};
pub use template::{Path, Step, Template};
