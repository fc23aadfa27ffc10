//! Incidents (故障事件): one outage, many affected units, one text that answers whoever calls. What is
//! reported of it meanwhile becomes part of it, and ends with it.

mod draw_in;
mod extend;
pub(crate) mod graphql;
mod repo;
mod report;
mod tell;
#[cfg(test)]
mod tests;
mod told_repo;

pub(super) use repo::{Incident, by_id, under_way};
pub(crate) use tell::job;
