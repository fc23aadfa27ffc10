//! What a settlement is asked for with, checked.

use super::domain::Debit;
use crate::{
    accounts::BillingAccount,
    deposits::Deposits,
    estates::{self, Space},
    fees,
    ids::{BillingAccountId, DepositId, ParkingSpaceId, PersonId},
    payments::PayError,
};
use authz::Denied;
use chrono::NaiveDate;
use db::TenantScope;
use errors::{Invalid, expected};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The most debits, deposits and spaces of one settlement.
const MOST: usize = 50;

/// Settle an account whose debtor leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Leave {
    pub account: BillingAccountId,
    /// The last day that is used.
    pub leaves_on: NaiveDate,
    /// Who pays from the next day on.
    pub successor: Option<PersonId>,
    /// Only these parking spaces are given up, and the account goes on; none: all of the account.
    #[serde(default)]
    pub spaces: Vec<ParkingSpaceId>,
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
        let lengths = [
            ("debits", self.debits.len()),
            ("depositIds", self.deposits.len()),
            ("spaceIds", self.spaces.len()),
        ];
        for (field, length) in lengths {
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
        once("depositIds", &self.deposits)?;
        once("spaceIds", &self.spaces)?;
        let known = estates::spaces_by_id(scope, account.estate, &self.spaces).await?;
        let is_theirs = |space: &Space| match &space.holder {
            Some((holder, _)) => *holder == account.debtor.party,
            None => space.unit == account.debtor.unit,
        };
        if known.len() < self.spaces.len() || !known.iter().all(is_theirs) {
            return Err(Denied::Hidden.into());
        }
        Ok(())
    }
}

fn once<T: Ord + Copy>(field: &str, ids: &[T]) -> Result<(), Invalid> {
    let distinct: BTreeSet<T> = ids.iter().copied().collect();
    if distinct.len() == ids.len() { Ok(()) } else { Err(Invalid::new(field, expected::unused())) }
}
