//! Data loaders of one request.

use crate::{
    accounts::{self, ACCOUNT_READ, BillingAccount, visible},
    bills::{self, Line},
    estates,
    fees::{self, FeeItem},
    ids::{BillId, BillingAccountId, FeeItemId, UnitId},
    ledger,
};
use async_graphql::dataloader::Loader;
use authz::Caller;
use db::{Db, StorageError, TenantScope};
use money::Fen;
use std::{collections::HashMap, sync::Arc};

/// What every loader reads from, and for whom.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) db: Db,
    pub(crate) caller: Caller,
}

type Failure = Arc<StorageError>;

impl Source {
    async fn open(&self) -> Result<TenantScope, Failure> {
        self.db.read(self.caller.tenant()).await.map_err(Arc::new)
    }
}

/// Fee items.
pub(crate) struct FeeItems(pub(crate) Source);

impl Loader<FeeItemId> for FeeItems {
    type Value = FeeItem;
    type Error = Failure;
    async fn load(&self, ids: &[FeeItemId]) -> Result<HashMap<FeeItemId, FeeItem>, Failure> {
        let scope = self.0.open().await?;
        let items = fees::repo::items_by_id(&scope, ids.iter().copied()).await;
        Ok(items.map_err(Arc::new)?.into_iter().map(|item| (item.id, item)).collect())
    }
}

/// What accounts owe; whoever asks has read the account.
pub(crate) struct Balances(pub(crate) Source);

impl Loader<BillingAccountId> for Balances {
    type Value = Fen;
    type Error = Failure;
    async fn load(
        &self,
        ids: &[BillingAccountId],
    ) -> Result<HashMap<BillingAccountId, Fen>, Failure> {
        ledger::debts(&self.0.open().await?, ids).await.map_err(Arc::new)
    }
}

/// The accounts of bills; whoever asks has read the bill.
pub(crate) struct Accounts(pub(crate) Source);

impl Loader<BillingAccountId> for Accounts {
    type Value = BillingAccount;
    type Error = Failure;
    async fn load(
        &self,
        ids: &[BillingAccountId],
    ) -> Result<HashMap<BillingAccountId, BillingAccount>, Failure> {
        let accounts = accounts::by_id(&self.0.open().await?, ids).await.map_err(Arc::new)?;
        Ok(accounts.into_iter().map(|account| (account.id, account)).collect())
    }
}

/// The lines of bills; whoever asks has read the bill.
pub(crate) struct Lines(pub(crate) Source);

impl Loader<BillId> for Lines {
    type Value = Vec<Line>;
    type Error = Failure;
    async fn load(&self, ids: &[BillId]) -> Result<HashMap<BillId, Vec<Line>>, Failure> {
        let lines = bills::lines_of(&self.0.open().await?, ids).await.map_err(Arc::new)?;
        let mut by_bill: HashMap<BillId, Vec<Line>> = HashMap::new();
        for line in lines {
            by_bill.entry(line.bill).or_default().push(line);
        }
        Ok(by_bill)
    }
}

/// What is owed for units, as far as the caller may see it; a unit of which nothing may be seen
/// is left out.
pub(crate) struct Units(pub(crate) Source);

impl Loader<UnitId> for Units {
    type Value = Fen;
    type Error = Failure;
    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Fen>, Failure> {
        let scope = self.0.open().await?;
        let units = estates::units_by_id(&scope, ids.iter().copied()).await.map_err(Arc::new)?;
        let mut sums = HashMap::new();
        for unit in &units {
            let Ok(permit) = self.0.caller.read(ACCOUNT_READ, unit.estate) else { continue };
            let in_zone = permit.zone().is_none_or(|zone| zone.contains(&unit.building.as_uuid()));
            // A resident sees a unit only by an account of their own.
            if in_zone && permit.own_person().is_none() {
                sums.insert(unit.id, Fen::ZERO);
            }
        }
        let accounts = accounts::of_units(&scope, ids).await.map_err(Arc::new)?;
        let seen: Vec<BillingAccount> = accounts
            .into_iter()
            .filter(|account| {
                let permit = self.0.caller.read(ACCOUNT_READ, account.estate);
                permit.is_ok_and(|permit| visible(&permit, account).is_ok())
            })
            .collect();
        let ids: Vec<BillingAccountId> = seen.iter().map(|account| account.id).collect();
        let debts = ledger::debts(&scope, &ids).await.map_err(Arc::new)?;
        for account in seen {
            let Some(unit) = account.debtor.unit else { continue };
            *sums.entry(unit).or_default() += debts.get(&account.id).copied().unwrap_or_default();
        }
        Ok(sums)
    }
}
