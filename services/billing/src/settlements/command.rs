//! What a settlement is asked for with, checked.

use super::domain::Debit;
use crate::{
    accounts::BillingAccount,
    deposits::Deposits,
    fees,
    ids::{BillingAccountId, DepositId, PersonId},
    payments::PayError,
};
use authz::Denied;
use chrono::NaiveDate;
use db::TenantScope;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};

/// The most debits and deposits of one settlement.
const MOST: usize = 50;

/// Settle an account whose debtor leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leave {
    pub account: BillingAccountId,
    /// The last day that is used.
    pub leaves_on: NaiveDate,
    /// Who pays for the unit from the next day on.
    pub successor: Option<PersonId>,
    pub debits: Vec<Debit>,
    /// The deposits that go back.
    pub deposits: Vec<DepositId>,
}

impl Leave {
    /// Refuses what does not belong to the account's estate, or to the account.
    pub async fn check(
        &self,
        scope: &TenantScope,
        account: &BillingAccount,
    ) -> Result<(), PayError> {
        for (field, length) in [("debits", self.debits.len()), ("depositIds", self.deposits.len())]
        {
            if length > MOST {
                return Err(Invalid::new(field, expected::items(0, MOST)).into());
            }
        }
        for debit in &self.debits {
            let item = fees::repo::find_item(scope, debit.item).await?;
            item.filter(|item| item.estate == account.estate).ok_or(Denied::Hidden)?;
            if !debit.amount.is_positive() {
                return Err(Invalid::new("amount", expected::above_zero()).into());
            }
            if !(1..=200).contains(&debit.description.trim().chars().count()) {
                return Err(Invalid::new("description", expected::length(1, 200)).into());
            }
        }
        for id in &self.deposits {
            let deposit = Deposits(scope).find(*id).await?;
            deposit.filter(|deposit| deposit.account == account.id).ok_or(Denied::Hidden)?;
        }
        let mut once = self.deposits.clone();
        once.sort_unstable();
        once.dedup();
        if once.len() < self.deposits.len() {
            return Err(Invalid::new("depositIds", expected::unused()).into());
        }
        Ok(())
    }
}
