//! The single revisit: due, tried, made, reviewed.

mod add;
mod answer;
mod attempt;
pub(in crate::revisits) mod attempts_repo;
pub(in crate::revisits) mod domain;
mod held;
pub(in crate::revisits) mod repo;
mod review;

pub(in crate::revisits) use add::add;
pub(in crate::revisits) use answer::{RecordRevisit, ReplyRevisit, record, reply};
pub(in crate::revisits) use attempt::{AttemptRevisit, attempt};
pub(in crate::revisits) use domain::{Channel, Record, Revisit};
pub(crate) use domain::{Rating, RevisitState};
pub(crate) use held::{estate_seen, state_of};
pub(in crate::revisits) use held::{own, seen};
pub(in crate::revisits) use review::review;
