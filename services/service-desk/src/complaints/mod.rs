//! Complaints (投诉): received, answered in minutes, graded, handled in a day, asked about and
//! closed; hidden from whom they are about, and never with the complainant's name for the other
//! party (handbook ch. 22).

mod about;
mod acts_repo;
mod assign;
mod close;
mod clusters;
mod domain;
mod escalate;
mod extend;
pub mod figures;
mod figures_graphql;
pub mod graphql;
mod held;
mod input_graphql;
mod kinds;
mod kinds_graphql;
#[cfg(test)]
pub(crate) mod list_rows;
mod migrations;
mod node_graphql;
mod other_party;
mod rated;
mod receive;
mod repo;
mod resolve;
mod respond;
mod reveal;
pub(crate) mod say;
#[cfg(test)]
pub(crate) mod tests;
mod told;
mod work;

pub(crate) use held::seen;
pub(crate) use migrations::migration;
pub(crate) use rated::{BadRating, from_bad_rating, rated};

use authz::Permission;
use ids::prefixed_id;

/// See complaints; residents see their own, and nobody those about themselves.
pub const COMPLAINT_READ: Permission = Permission::new("complaint.read");
/// Make a complaint or take one down; as a resident also reopen it and agree to a new time.
pub const COMPLAINT_CREATE: Permission = Permission::new("complaint.create");
/// Answer, work on, resolve and close complaints.
pub const COMPLAINT_HANDLE: Permission = Permission::new("complaint.handle");
/// Grade and assign complaints, and learn who an anonymous complainant is.
pub const COMPLAINT_GRADE: Permission = Permission::new("complaint.grade");

prefixed_id!(
    /// A complaint.
    ComplaintId, "cpl");
