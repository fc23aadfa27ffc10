//! What is demanded of a debtor on a day. The one seam to the late fee: where it is computed, the
//! sum of a demand changes here and nowhere else.

use crate::{bills::Bill, charges::BillingMonth, estates::Estate, ids::BillId};
use chrono::NaiveDate;
use db::{StorageError, TenantScope};
use money::Fen;

/// What is demanded of one bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    /// The bill.
    pub bill: BillId,
    /// Its first month.
    pub first_month: BillingMonth,
    /// Its last month.
    pub last_month: BillingMonth,
    /// When it fell due.
    pub due: NaiveDate,
    /// What is open of it.
    pub principal: Fen,
    /// What its lateness costs by the contract.
    pub late_fee: Fen,
}

/// What is demanded of some bills of an estate on a day: their open principal.
#[expect(clippy::unused_async, reason = "the contract's late fee is read from the database")]
pub(crate) async fn demands(
    _scope: &TenantScope,
    _estate: &Estate,
    bills: &[Bill],
    _on: NaiveDate,
) -> Result<Vec<Demand>, StorageError> {
    let demand = |bill: &Bill| Demand {
        bill: bill.id,
        first_month: bill.first_month,
        last_month: bill.last_month,
        due: bill.due,
        principal: bill.outstanding(),
        late_fee: Fen::ZERO,
    };
    Ok(bills.iter().map(demand).collect())
}

/// Principal and late fee of some demands together.
pub(crate) fn sum(demands: &[Demand]) -> Fen {
    demands.iter().map(|demand| demand.principal + demand.late_fee).sum()
}
