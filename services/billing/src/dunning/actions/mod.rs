//! Contacts with debtors: what was said by whom, whether it arrived, what came back.

mod correct;
mod deliver;
mod delivered;
mod domain;
pub(super) mod graphql;
mod notice;
mod record;
mod remind;
mod repo;

pub(crate) use delivered::subscription;
pub(super) use domain::{Fate, kept};
pub(crate) use notice::{Demanded, is_undone, notice};
use record::Promised;
pub(super) use remind::remind;
pub(super) use repo::{Action, Attached, attached, of_case};
