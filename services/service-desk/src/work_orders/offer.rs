//! Offering what waits for somebody, when somebody comes.

use super::{assignment, catalogue, repo};
use crate::Refused;
use authz::Caller;
use db::TenantScope;
use ids::EstateId;

/// Gives the orders of an estate that nobody has to whoever suits now, the oldest first: somebody
/// went on duty. What is part of an incident waits for its end.
///
/// # Errors
/// When writing fails.
pub(crate) async fn offer(
    scope: &TenantScope,
    caller: &Caller,
    estate: EstateId,
) -> Result<(), Refused> {
    let categories = catalogue::categories(scope, estate).await?;
    for mut order in repo::lock_unassigned(scope, estate).await? {
        let Some(category) = categories.get(&order.category) else { continue };
        assignment::to_whom_suits(scope, caller, &mut order, category).await?;
    }
    Ok(())
}
