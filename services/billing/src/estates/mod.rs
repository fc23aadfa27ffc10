//! What billing must know of estates, units, people and parking spaces: projections of other
//! services' facts.

mod domain;
pub(crate) mod events;
mod lock_repo;
mod migrations;
mod repo;
mod spaces_repo;
mod visible;

pub use domain::{Estate, Payer, Space, Terms, Unit};
pub(crate) use events::subscriptions;
pub use lock_repo::lock;
pub(crate) use migrations::{migration, shown_names};
pub use repo::find;
pub(crate) use repo::{
    buildings, by_id, holders_page, payers_of, set_cut_over, set_terms, site_count,
    spaces_by_label, spaces_of_holders, spaces_of_units, unit, units_by_id, units_by_label,
    units_page,
};
pub(crate) use spaces_repo::spaces_by_id;
pub(crate) use visible::{held, permitted, visible, visible_units};
