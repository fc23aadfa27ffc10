//! What the provider announces: verified, stored and answered at once, acted upon later.

mod migrations;
mod process;
mod receive;
mod repo;

pub(crate) use migrations::migration;
pub(crate) use process::{PROCESS, Process};
pub(crate) use receive::routes;
