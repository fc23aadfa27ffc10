//! What is demanded of a debtor on a day.

use crate::{bills::Bill, charges::BillingMonth, estates::Estate, ids::BillId, late_fees};
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

/// What is demanded of some bills of an estate on a day: their open principal and the late fee that
/// the contract has let grow.
pub(crate) async fn demands(
    scope: &TenantScope,
    estate: &Estate,
    bills: &[Bill],
    on: NaiveDate,
) -> Result<Vec<Demand>, StorageError> {
    let late_fees = late_fees::quote(scope, estate, bills, on).await?;
    let demand = |bill: &Bill| Demand {
        bill: bill.id,
        first_month: bill.first_month,
        last_month: bill.last_month,
        due: bill.due,
        principal: bill.outstanding(),
        late_fee: late_fees.get(&bill.id).map_or(Fen::ZERO, |quote| quote.due),
    };
    Ok(bills.iter().map(demand).collect())
}

/// Principal and late fee of some demands together.
pub(crate) fn sum(demands: &[Demand]) -> Fen {
    demands.iter().map(|demand| demand.principal + demand.late_fee).sum()
}
