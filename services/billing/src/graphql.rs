//! Billing's part of the graph: the merged roots, what it adds to other services' entities, and
//! what several features' resolvers need.

use crate::{
    accounts, auto_pay, bill_runs, bills, fees,
    ids::{ParkingSpaceId, UnitId},
    imports, ledger,
    loaders::{Accounts, Balances, BillPages, Estates, FeeItems, Lines, UnitAccounts, Units},
    merchant_accounts, opening_balances, payments, rates, receipt_mail, receipts, refunds, say,
    statements,
};
use async_graphql::{Enum, ID, MergedObject, Object, Request, Result, dataloader::DataLoader};
use authz::Caller;
use db::{Db, StorageError};
use errors::{Invalid, expected};
use graphql::{GraphqlResultExt as _, PageArgs, parse_id, to_graphql};
use ids::EstateId;
use money::Fen;
use rust_decimal::Decimal;
use std::sync::Arc;
use texts::Text;
use uuid::Uuid;

/// Everything that can be asked.
#[derive(MergedObject, Default)]
pub struct Query(
    Entities,
    bill_runs::graphql::RunQuery,
    bills::graphql::BillQuery,
    accounts::graphql::AccountQuery,
    ledger::books::graphql::LedgerQuery,
    payments::PaymentQuery,
    receipts::ReceiptQuery,
    refunds::RefundQuery,
    merchant_accounts::MerchantQuery,
    imports::graphql::ImportQuery,
    opening_balances::graphql::OpeningQuery,
    statements::graphql::StatementQuery,
    receipt_mail::graphql::MailQuery,
    auto_pay::graphql::AutoPayQuery,
);

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    fees::graphql::FeeMutation,
    bill_runs::graphql::RunMutation,
    bills::graphql::BillMutation,
    accounts::graphql::AccountMutation,
    payments::PaymentMutation,
    receipts::ReceiptMutation,
    refunds::RefundMutation,
    merchant_accounts::MerchantMutation,
    imports::graphql::ImportMutation,
    opening_balances::graphql::OpeningMutation,
    statements::graphql::StatementMutation,
    receipt_mail::graphql::MailMutation,
    auto_pay::graphql::AutoPayMutation,
);

/// An estate, owned by identity.
#[derive(MergedObject)]
#[graphql(name = "Estate")]
pub struct EstateNode(
    EstateKey,
    fees::graphql::EstateFees,
    bill_runs::graphql::EstateRuns,
    rates::graphql::EstateCollection,
    imports::graphql::EstateFeeImports,
);

/// A unit, owned by residents.
#[derive(MergedObject)]
#[graphql(name = "Unit")]
pub struct UnitNode(UnitKey, bills::graphql::UnitBills, bill_runs::graphql::UnitArithmetic);

impl From<UnitId> for UnitNode {
    fn from(unit: UnitId) -> Self {
        Self(
            UnitKey(unit),
            bills::graphql::UnitBills(unit),
            bill_runs::graphql::UnitArithmetic(unit),
        )
    }
}

impl From<EstateId> for EstateNode {
    fn from(estate: EstateId) -> Self {
        Self(
            EstateKey(estate),
            fees::graphql::EstateFees(estate),
            bill_runs::graphql::EstateRuns(estate),
            rates::graphql::EstateCollection(estate),
            imports::graphql::EstateFeeImports(estate),
        )
    }
}

struct UnitKey(UnitId);

#[Object]
impl UnitKey {
    /// Its id, `unt_…`.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }
}

struct EstateKey(EstateId);

#[Object]
impl EstateKey {
    /// Its id, `est_…`.
    async fn id(&self) -> ID {
        self.0.to_string().into()
    }
}

/// Entities of other services that billing adds to.
#[derive(Default)]
pub struct Entities;

#[Object]
impl Entities {
    /// An estate by its id.
    #[graphql(entity)]
    async fn find_estate_by_id(&self, #[graphql(desc = "Its id")] id: ID) -> Result<EstateNode> {
        Ok(parse_id::<EstateId>(&id, "id")?.into())
    }

    /// A unit by its id.
    #[graphql(entity)]
    async fn find_unit_by_id(&self, #[graphql(desc = "Its id")] id: ID) -> Result<UnitNode> {
        Ok(parse_id::<UnitId>(&id, "id")?.into())
    }
}

/// What a unit is used for, as far as prices differ by it.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "fees::UnitUse")]
pub enum FeeUse {
    /// A home.
    Home,
    /// A shop.
    Shop,
    /// An office.
    Office,
    /// A parking space.
    Parking,
    /// Anything else with an area.
    Other,
}

/// Words for what a part of a month costs.
pub mod proration_word {
    use async_graphql::Enum;

    /// What a part of a month costs (handbook R3).
    #[derive(Clone, Copy, PartialEq, Eq, Enum)]
    #[graphql(name = "Proration", remote = "crate::charges::Proration")]
    pub enum ProrationWord {
        /// Days charged over the days of that month.
        ActualDays,
        /// A change from the 2nd to the 15th takes effect at half the month, a later one next month.
        HalfMonth,
        /// Whoever has the first charged day pays the whole month.
        FullMonth,
        /// Every month counts 30 days.
        #[graphql(name = "FIXED_30")]
        Fixed30,
    }
}

/// Reads an amount in yuan; more than two decimal places are an `INVALID` error naming `field`.
pub(crate) fn fen(amount: Decimal, field: &str) -> Result<Fen> {
    graphql::parse(&amount.to_string(), field)
}

/// The unit or the parking space, not both.
pub(crate) fn place_id(unit: Option<&ID>, space: Option<&ID>) -> Result<Option<UnitId>> {
    match (unit, space) {
        (Some(_), Some(_)) => {
            Err(Invalid::new("parkingSpaceId", say::unit_given_already())).graphql()
        }
        (Some(unit), None) => parse_id(unit, "unitId").map(Some),
        (None, Some(space)) => {
            let space = parse_id::<ParkingSpaceId>(space, "parkingSpaceId")?;
            Ok(Some(UnitId::from_uuid(space.as_uuid())))
        }
        (None, None) => Ok(None),
    }
}

/// The id after which a page of a list in order of ids starts.
pub(crate) fn after(page: &PageArgs) -> Result<Option<Uuid>> {
    let wrong = |_| Invalid::new("after", expected::cursor());
    let after = page.after.as_ref().map(|cursor| Uuid::try_parse(&cursor.0).map_err(wrong));
    after.transpose().graphql()
}

/// A failure that several waiting resolvers share.
pub(crate) fn shared(error: &Arc<StorageError>) -> async_graphql::Error {
    to_graphql(SharedFailure(Arc::clone(error)))
}

#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct SharedFailure(Arc<StorageError>);

impl errors::Coded for SharedFailure {
    fn code(&self) -> errors::Code {
        self.0.code()
    }
    fn text(&self) -> Text {
        self.0.text()
    }
    fn retry_after_seconds(&self) -> Option<u64> {
        self.0.retry_after_seconds()
    }
}

/// Loads the fee items of a list at once.
pub(crate) type FeeItemLoader = DataLoader<FeeItems>;
/// Loads what the accounts of a list owe and have paid ahead at once.
pub(crate) type BalanceLoader = DataLoader<Balances>;
/// Loads the accounts of a list at once.
pub(crate) type AccountLoader = DataLoader<Accounts>;
/// Loads the estates of a list at once.
pub(crate) type EstateLoader = DataLoader<Estates>;
/// Loads a page of bills of every unit or account of a list at once.
pub(crate) type BillPageLoader = DataLoader<BillPages>;
/// Loads the accounts of the units of a list at once.
pub(crate) type UnitAccountLoader = DataLoader<UnitAccounts>;
/// Loads the lines of a list of bills at once.
pub(crate) type LineLoader = DataLoader<Lines>;
/// Loads what is owed for the units of a list at once.
pub(crate) type UnitLoader = DataLoader<Units>;

/// The person behind a resident's token.
pub(crate) fn own_person(caller: &Caller) -> Option<Uuid> {
    match caller.subject() {
        authz::Subject::Resident { person, .. } => Some(person),
        _ => None,
    }
}

/// Attaches what the resolvers of one request share.
pub(crate) fn per_request(request: Request, caller: Option<&Caller>, db: &Db) -> Request {
    let Some(caller) = caller else { return request };
    let source = crate::loaders::Source { db: db.clone(), caller: caller.clone() };
    request
        .data(DataLoader::new(FeeItems(source.clone()), tokio::spawn))
        .data(DataLoader::new(Balances(source.clone()), tokio::spawn))
        .data(DataLoader::new(Accounts(source.clone()), tokio::spawn))
        .data(DataLoader::new(Lines(source.clone()), tokio::spawn))
        .data(DataLoader::new(Estates(source.clone()), tokio::spawn))
        .data(DataLoader::new(BillPages(source.clone()), tokio::spawn))
        .data(DataLoader::new(UnitAccounts(source.clone()), tokio::spawn))
        .data(DataLoader::new(Units(source), tokio::spawn))
}
