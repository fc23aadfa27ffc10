//! What is done with a deposit as a whole: asked for, taken, released; brought in at a cut-over.

mod bring_in;
mod graphql;
mod keep;
mod online;
mod release;
mod request;
mod take;

pub(crate) use bring_in::{BroughtIn, bring_in, send_back};
pub(crate) use graphql::DepositMutation;
pub(crate) use keep::kind_name;
pub(crate) use online::{awaited, hold};
pub(super) use request::due;
