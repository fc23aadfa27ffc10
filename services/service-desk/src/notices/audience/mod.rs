//! The people that a published notice concerns, found once, and what they did with it.

mod repo;

pub(crate) use repo::letters_read;
pub(super) use repo::{
    BuildingReach, Concern, Recipient, concerned, letters, mark_read, of_person, posted, put,
    reach, unposted,
};
