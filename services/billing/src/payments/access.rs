//! How far a right reaches over accounts.

use crate::accounts::BillingAccount;
use authz::{EstateScope, Reach};

/// Whether the right covers the account: its estate, and the resident's own or the zone's only.
pub(crate) fn covers(right: &EstateScope, account: &BillingAccount) -> bool {
    account.estate == right.estate()
        && match right.reach() {
            Reach::All => true,
            Reach::Zone(buildings) => {
                account.building.is_some_and(|building| buildings.contains(&building.as_uuid()))
            }
            Reach::Own => right.own_person() == Some(account.debtor.party.as_uuid()),
            Reach::Assigned => false,
        }
}
