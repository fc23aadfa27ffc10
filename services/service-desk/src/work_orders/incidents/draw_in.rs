//! What was reported before anybody saw what it has in common.

use super::{
    super::{
        catalogue::{self, domain::line_of},
        domain::{Action, State},
        repo as orders, written,
    },
    repo::Incident,
};
use crate::Refused;
use authz::Caller;
use db::TenantScope;

/// Orders that nobody is at.
const NOT_BEGUN: [State; 3] = [State::New, State::Dispatched, State::Accepted];

/// Makes what was reported of the same where an incident is a part of it, unless somebody is at it
/// already: it ends with the incident.
pub(super) async fn draw_in(
    scope: &TenantScope,
    caller: &Caller,
    incident: &Incident,
) -> Result<(), Refused> {
    let categories = catalogue::categories(scope, incident.estate).await?;
    for mut order in orders::lock_in_states(scope, incident.estate, &NOT_BEGUN).await? {
        let of_kind = line_of(&categories, &order.category).contains(&incident.category.as_str());
        if of_kind && incident.affects(order.building, order.unit) {
            order.incident = Some(incident.id);
            written::moved(scope, caller, &mut order, Action::Revise, None).await?;
        }
    }
    Ok(())
}
