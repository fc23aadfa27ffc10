//! Data loaders of one request.

use crate::{
    accounts::{self, ACCOUNT_READ, BillingAccount, visible},
    bills::{self, BILL_READ, Bill, BillsOf, Line},
    estates::{self, Estate, Unit},
    fees::{self, FeeItem},
    ids::{BillId, BillingAccountId, FeeItemId, UnitId},
    ledger::{self, Standing},
};
use async_graphql::dataloader::Loader;
use authz::{Caller, Permission};
use db::{Db, StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// What every loader reads from, and for whom.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) db: Db,
    pub(crate) caller: Caller,
}

pub(super) type Failure = Arc<StorageError>;

impl Source {
    pub(super) async fn open(&self) -> Result<TenantScope, Failure> {
        self.db.read(self.caller.tenant()).await.map_err(Arc::new)
    }

    /// Those of some units that the caller's right reaches.
    pub(crate) async fn units(
        &self,
        scope: &TenantScope,
        right: Permission,
        ids: &[UnitId],
    ) -> Result<Vec<Unit>, Failure> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let units = estates::units_by_id(scope, ids.iter().copied()).await.map_err(Arc::new)?;
        let mut by_estate: HashMap<EstateId, Vec<Unit>> = HashMap::new();
        for unit in units {
            by_estate.entry(unit.estate).or_default().push(unit);
        }
        let mut seen = Vec::new();
        for (estate, units) in by_estate {
            let Ok(permit) = self.caller.read(right, estate) else { continue };
            let visible = estates::visible_units(scope, &permit, &units).await.map_err(Arc::new)?;
            seen.extend(units.into_iter().filter(|unit| visible.contains(&unit.id)));
        }
        Ok(seen)
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

/// An account with its estate, in whose books it stands.
pub(crate) type InEstate = (EstateId, BillingAccountId);

/// What accounts owe and have paid ahead; whoever asks has read the account.
pub(crate) struct Balances(pub(crate) Source);

impl Loader<InEstate> for Balances {
    type Value = Standing;
    type Error = Failure;
    async fn load(&self, ids: &[InEstate]) -> Result<HashMap<InEstate, Standing>, Failure> {
        let scope = self.0.open().await?;
        let found = ledger::standings(&scope, ids.iter().copied()).await.map_err(Arc::new)?;
        let of = |id: &InEstate| found.get(&id.1).map(|standing| (*id, *standing));
        Ok(ids.iter().filter_map(of).collect())
    }
}

/// Estates; whoever asks has read something of them.
pub(crate) struct Estates(pub(crate) Source);

impl Loader<EstateId> for Estates {
    type Value = Estate;
    type Error = Failure;
    async fn load(&self, ids: &[EstateId]) -> Result<HashMap<EstateId, Estate>, Failure> {
        let estates = estates::by_id(&self.0.open().await?, ids).await.map_err(Arc::new)?;
        Ok(estates.into_iter().map(|estate| (estate.id, estate)).collect())
    }
}

/// A page of the bills of one of several owners, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BillPage {
    pub(crate) of: BillsOf,
    pub(crate) before: Option<Uuid>,
    pub(crate) limit: u64,
}

/// Pages of bills, as far as the caller may see them; what may not be seen is left out.
pub(crate) struct BillPages(pub(crate) Source);

impl Loader<BillPage> for BillPages {
    type Value = (Estate, Vec<Bill>);
    type Error = Failure;
    async fn load(&self, pages: &[BillPage]) -> Result<HashMap<BillPage, Self::Value>, Failure> {
        let scope = self.0.open().await?;
        let estates = self.estates_of(&scope, pages).await?;
        let mut alike: HashMap<(EstateId, Option<Uuid>, u64), Vec<BillPage>> = HashMap::new();
        for page in pages {
            let Some(estate) = estates.get(&page.of) else { continue };
            alike.entry((*estate, page.before, page.limit)).or_default().push(*page);
        }
        let known: HashSet<EstateId> = estates.into_values().collect();
        let known: Vec<EstateId> = known.into_iter().collect();
        let known = estates::by_id(&scope, &known).await.map_err(Arc::new)?;
        let known: HashMap<EstateId, Estate> = known.into_iter().map(|it| (it.id, it)).collect();
        let mut found = HashMap::new();
        for ((estate, before, limit), pages) in alike {
            let Ok(permit) = self.0.caller.read(BILL_READ, estate) else { continue };
            let Some(estate) = known.get(&estate) else { continue };
            let owners: Vec<BillsOf> = pages.iter().map(|page| page.of).collect();
            let bills = bills::pages(&scope, &permit, &owners, (before, limit)).await;
            let mut bills = bills.map_err(Arc::new)?;
            for page in pages {
                let mine = bills.remove(&page.of).unwrap_or_default();
                found.insert(page, (estate.clone(), mine));
            }
        }
        Ok(found)
    }
}

impl BillPages {
    /// In which estates units and accounts are, as far as the caller may see them; whoever asks
    /// for an account's has read it.
    async fn estates_of(
        &self,
        scope: &TenantScope,
        pages: &[BillPage],
    ) -> Result<HashMap<BillsOf, EstateId>, Failure> {
        let (mut units, mut accounts) = (Vec::new(), Vec::new());
        for page in pages {
            match page.of {
                BillsOf::Unit(unit) => units.push(unit),
                BillsOf::Account(account) => accounts.push(account),
            }
        }
        let units = self.0.units(scope, BILL_READ, &units).await?;
        let mut estates: HashMap<BillsOf, EstateId> =
            units.into_iter().map(|it| (BillsOf::Unit(it.id), it.estate)).collect();
        if !accounts.is_empty() {
            let accounts = accounts::by_id(scope, &accounts).await.map_err(Arc::new)?;
            estates.extend(accounts.into_iter().map(|it| (BillsOf::Account(it.id), it.estate)));
        }
        Ok(estates)
    }
}

/// The accounts that owe for units, as far as the caller may see them; a unit of which nothing
/// may be seen is left out.
pub(crate) struct UnitAccounts(pub(crate) Source);

impl Loader<UnitId> for UnitAccounts {
    type Value = Vec<BillingAccount>;
    type Error = Failure;
    async fn load(&self, ids: &[UnitId]) -> Result<HashMap<UnitId, Self::Value>, Failure> {
        let scope = self.0.open().await?;
        let units = self.0.units(&scope, ACCOUNT_READ, ids).await?;
        let mut by_unit: HashMap<UnitId, Vec<BillingAccount>> =
            units.into_iter().map(|unit| (unit.id, Vec::new())).collect();
        for account in accounts::of_units(&scope, ids).await.map_err(Arc::new)? {
            let Ok(permit) = self.0.caller.read(ACCOUNT_READ, account.estate) else { continue };
            let of_unit = account.debtor.unit.and_then(|unit| by_unit.get_mut(&unit));
            if let Some(of_unit) = of_unit.filter(|_| visible(&permit, &account).is_ok()) {
                of_unit.push(account);
            }
        }
        Ok(by_unit)
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
        let ids = seen.iter().map(|account| (account.estate, account.id));
        let standings = ledger::standings(&scope, ids).await.map_err(Arc::new)?;
        for account in seen {
            let Some(unit) = account.debtor.unit else { continue };
            let standing = standings.get(&account.id).copied().unwrap_or_default();
            *sums.entry(unit).or_default() += standing.balance();
        }
        Ok(sums)
    }
}
