//! What is done with a deposit as a whole: asked for, taken, released.

mod graphql;
mod release;
mod request;
mod take;

pub(crate) use graphql::DepositMutation;
pub(super) use request::due;
pub(crate) use take::kind_name;
