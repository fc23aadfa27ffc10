//! The board, live: who looks at an estate hears what is done there, as it is done.
//!
//! Every act leaves an audit row and an event in its transaction; this follows the service's own
//! event log, so that each process hears of what any of them did, in order and none twice. Whoever
//! was cut off says after which position it goes on.

mod domain;
pub mod graphql;
mod hub;
mod say;
#[cfg(test)]
mod tests;
mod visible;

pub use domain::Change;
pub(crate) use hub::{Hub, follow};

use authz::Permission;

/// Listen to the board of an estate; of each thing one hears only what one may see.
pub const BOARD_LISTEN: Permission = Permission::new("board.listen");
