//! Late fees, waivers and what accounts owe, for lists.

use crate::{
    bills, estates,
    ids::BillId,
    late_fees::{self, LateFeeQuote},
    loaders::graphql::{Failure, InEstate, Source},
    waivers::{self, domain::Waiver},
};
use async_graphql::dataloader::Loader;
use chrono::NaiveDate;
use ids::EstateId;
use money::Fen;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// A bill's late fee on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct LateFeeOn {
    pub(crate) bill: BillId,
    pub(crate) estate: EstateId,
    pub(crate) on: NaiveDate,
}

/// Late fees of bills; whoever asks has read the bill.
pub(crate) struct LateFees(pub(crate) Source);

impl Loader<LateFeeOn> for LateFees {
    type Value = LateFeeQuote;
    type Error = Failure;
    async fn load(
        &self,
        wanted: &[LateFeeOn],
    ) -> Result<HashMap<LateFeeOn, LateFeeQuote>, Failure> {
        let scope = self.0.open().await?;
        let mut groups: BTreeMap<(EstateId, NaiveDate), Vec<BillId>> = BTreeMap::new();
        for it in wanted {
            groups.entry((it.estate, it.on)).or_default().push(it.bill);
        }
        let mut found = HashMap::new();
        for ((id, on), ids) in groups {
            let Some(estate) = estates::find(&scope, id).await.map_err(Arc::new)? else { continue };
            let bills = bills::by_id(&scope, &ids).await.map_err(Arc::new)?;
            let quotes = late_fees::quote(&scope, &estate, &bills, on).await.map_err(Arc::new)?;
            let keyed = |(bill, quote)| (LateFeeOn { bill, estate: id, on }, quote);
            found.extend(quotes.into_iter().map(keyed));
        }
        Ok(found)
    }
}

/// The waivers of bills, oldest first; whoever asks has read the bill.
pub(crate) struct Waivers(pub(crate) Source);

impl Loader<BillId> for Waivers {
    type Value = Vec<Waiver>;
    type Error = Failure;
    async fn load(&self, ids: &[BillId]) -> Result<HashMap<BillId, Vec<Waiver>>, Failure> {
        let scope = self.0.open().await?;
        let mut by_bill: HashMap<BillId, Vec<Waiver>> = HashMap::new();
        for waiver in waivers::of_bills(&scope, ids.iter().copied()).await.map_err(Arc::new)? {
            by_bill.entry(waiver.bill).or_default().push(waiver);
        }
        Ok(by_bill)
    }
}

/// What an account owes of its bills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owed {
    pub(crate) principal: Fen,
    pub(crate) late_fee: Fen,
}

/// What accounts owe today; whoever asks has read the account.
pub(crate) struct OwedOf(pub(crate) Source);

impl Loader<InEstate> for OwedOf {
    type Value = Owed;
    type Error = Failure;
    async fn load(&self, wanted: &[InEstate]) -> Result<HashMap<InEstate, Owed>, Failure> {
        let scope = self.0.open().await?;
        let mut groups: BTreeMap<EstateId, Vec<_>> = BTreeMap::new();
        for (estate, account) in wanted {
            groups.entry(*estate).or_default().push(*account);
        }
        let mut found: HashMap<InEstate, Owed> = HashMap::new();
        for (id, accounts) in groups {
            let Some(estate) = estates::find(&scope, id).await.map_err(Arc::new)? else { continue };
            let open = bills::open_of(&scope, &accounts).await.map_err(Arc::new)?;
            let today = estate.today(scope.clock());
            let quotes = late_fees::quote(&scope, &estate, &open, today).await;
            let quotes = quotes.map_err(Arc::new)?;
            for bill in open {
                let owed = found.entry((id, bill.account)).or_default();
                owed.principal += bill.outstanding();
                owed.late_fee += quotes.get(&bill.id).map_or(Fen::ZERO, |quote| quote.due);
            }
        }
        Ok(found)
    }
}
