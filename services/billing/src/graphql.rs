//! Billing's part of the graph: the merged roots, what it adds to other services' entities, and
//! what several features' resolvers need.

use crate::{
    accounts, auto_pay, bank, bill_runs, bills, book_exports, cashier, closing, deposits,
    discounts, documents, dunning, fees,
    ids::{ParkingSpaceId, UnitId},
    imports, instalments, invoices, late_fees, ledger,
    loaders::{
        Accounts, Balances, BillPages, Estates, FeeItems, LateFees, Lines, OwedOf, UnitAccounts,
        Units, Waivers,
    },
    merchant_accounts, meters, one_off_charges, opening_balances, owners_funds, payments, rates,
    receipt_mail, receipts, refunds, reports, say, settlement, settlements, shared_costs,
    statements, waivers,
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
    imports::graphql::ImportQuery,
    ArrearsQuery,
    ChargingQuery,
    HoldingQuery,
    MoneyQuery,
    PapersQuery,
    BooksQuery,
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
    imports::graphql::ImportMutation,
    ArrearsMutation,
    ChargingMutation,
    HoldingMutation,
    MoneyMutation,
    PapersMutation,
    BooksMutation,
);

// Groups of their own: the compiler follows a long list of roots only so deep.

/// What can be asked of what is owed too late: late fees, waivers, instalments and dunning.
#[derive(MergedObject, Default)]
pub struct ArrearsQuery(
    late_fees::graphql::LateFeeQuery,
    waivers::graphql::WaiverQuery,
    instalments::graphql::PlanQuery,
    dunning::DunningQuery,
);

/// What can be asked of what is charged beside the prices of a month.
#[derive(MergedObject, Default)]
pub struct ChargingQuery(
    meters::graphql::MeterQuery,
    shared_costs::graphql::SharedCostQuery,
    opening_balances::graphql::OpeningQuery,
);

/// What can be asked of deposits and settlements at leaving.
#[derive(MergedObject, Default)]
pub struct HoldingQuery(deposits::DepositQuery, settlements::LeavingQuery);

/// What can be asked of tills, banks, the online provider and saved cards.
#[derive(MergedObject, Default)]
pub struct MoneyQuery(
    merchant_accounts::MerchantQuery,
    cashier::CashierQuery,
    cashier::CollectionQuery,
    bank::BankQuery,
    bank::BankRuleQuery,
    settlement::SettlementQuery,
    auto_pay::graphql::AutoPayQuery,
);

/// What can be asked of documents, invoices, statements and receipts by mail.
#[derive(MergedObject, Default)]
pub struct PapersQuery(
    documents::DocumentQuery,
    invoices::InvoiceQuery,
    invoices::InvoiceSettingsQuery,
    statements::graphql::StatementQuery,
    receipt_mail::graphql::MailQuery,
);

/// What can be changed of what is owed too late: late fees, waivers, instalments and dunning.
#[derive(MergedObject, Default)]
pub struct ArrearsMutation(
    late_fees::graphql::LateFeeMutation,
    waivers::graphql::WaiverMutation,
    instalments::graphql::PlanMutation,
    dunning::DunningMutation,
);

/// What can be changed of what is charged beside the prices of a month.
#[derive(MergedObject, Default)]
pub struct ChargingMutation(
    meters::graphql::MeterMutation,
    meters::readings::graphql::ReadingMutation,
    one_off_charges::graphql::OneOffMutation,
    discounts::graphql::DiscountMutation,
    shared_costs::graphql::SharedCostMutation,
    opening_balances::graphql::OpeningMutation,
);

/// What can be changed of deposits and settlements at leaving.
#[derive(MergedObject, Default)]
pub struct HoldingMutation(
    deposits::DepositMutation,
    deposits::DeductionMutation,
    deposits::DepositRefundMutation,
    settlements::LeavingMutation,
);

/// What can be changed of tills, banks, the online provider and saved cards.
#[derive(MergedObject, Default)]
pub struct MoneyMutation(
    merchant_accounts::MerchantMutation,
    cashier::CashierMutation,
    bank::BankMutation,
    bank::BankRuleMutation,
    auto_pay::graphql::AutoPayMutation,
);

/// What can be changed of documents, invoices, statements and receipts by mail.
#[derive(MergedObject, Default)]
pub struct PapersMutation(
    documents::DocumentMutation,
    invoices::InvoiceMutation,
    invoices::InvoiceSettingsMutation,
    statements::graphql::StatementMutation,
    receipt_mail::graphql::MailMutation,
);

/// What can be asked of the books beyond the ledger.
#[derive(MergedObject, Default)]
pub struct BooksQuery(
    closing::graphql::CloseQuery,
    reports::graphql::ReportQuery,
    owners_funds::common::graphql::CommonQuery,
    owners_funds::fund::graphql::FundQuery,
    owners_funds::disclosures::graphql::DisclosureQuery,
    book_exports::graphql::BookExportQuery,
);

/// What can be changed of the books by hand.
#[derive(MergedObject, Default)]
pub struct BooksMutation(
    closing::graphql::CloseMutation,
    owners_funds::common::graphql::CommonMutation,
    owners_funds::fund::graphql::FundMutation,
    owners_funds::disclosures::graphql::DisclosureMutation,
    book_exports::graphql::BookExportMutation,
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
    meters::graphql::EstateMeters,
    one_off_charges::graphql::EstateOneOffs,
    discounts::graphql::EstateDiscounts,
    shared_costs::graphql::EstateSharedCosts,
    dunning::EstateDunning,
);

/// A unit, owned by residents.
#[derive(MergedObject)]
#[graphql(name = "Unit")]
pub struct UnitNode(
    UnitKey,
    bills::graphql::UnitBills,
    bill_runs::graphql::UnitArithmetic,
    meters::graphql::UnitMeterList,
);

impl From<UnitId> for UnitNode {
    fn from(unit: UnitId) -> Self {
        Self(
            UnitKey(unit),
            bills::graphql::UnitBills(unit),
            bill_runs::graphql::UnitArithmetic(unit),
            meters::graphql::UnitMeterList(unit),
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
            meters::graphql::EstateMeters(estate),
            one_off_charges::graphql::EstateOneOffs(estate),
            discounts::graphql::EstateDiscounts(estate),
            shared_costs::graphql::EstateSharedCosts(estate),
            estate.into(),
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
/// Loads the late fees of a list of bills at once.
pub(crate) type LateFeeLoader = DataLoader<LateFees>;
/// Loads the waivers of a list of bills at once.
pub(crate) type WaiverLoader = DataLoader<Waivers>;
/// Loads what the accounts of a list owe of their bills at once.
pub(crate) type OwedLoader = DataLoader<OwedOf>;
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
        .data(DataLoader::new(LateFees(source.clone()), tokio::spawn))
        .data(DataLoader::new(Waivers(source.clone()), tokio::spawn))
        .data(DataLoader::new(OwedOf(source.clone()), tokio::spawn))
        .data(DataLoader::new(meters::graphql::Readings(source.clone()), tokio::spawn))
        .data(DataLoader::new(meters::graphql::UnitMeters(source.clone()), tokio::spawn))
        .data(DataLoader::new(Units(source), tokio::spawn))
}
