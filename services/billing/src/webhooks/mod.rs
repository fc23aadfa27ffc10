//! What the provider announces: verified, stored and answered at once, acted upon later.

mod migrations;
mod process;
mod receive;
mod repo;
#[cfg(test)]
mod tests;

pub(crate) use migrations::migration;
pub(crate) use process::{PROCESS, Process};
pub(crate) use receive::routes;
#[cfg(test)]
pub(crate) use repo::waiting_and_all;
