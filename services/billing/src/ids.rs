//! Identifiers of billing's nouns and of the nouns of other services it refers to.

pub use authz::UserId;
pub use contracts::{BuildingId, ParkingSpaceId, PersonId, UnitId};
use ids::prefixed_id;

prefixed_id!(
    /// One debtor's account: (estate, party, optional unit).
    BillingAccountId, "bac");
prefixed_id!(
    /// A thing that is charged for, e.g. the property fee.
    FeeItemId, "fit");
prefixed_id!(
    /// One dated version of a price.
    FeeStandardId, "fst");
prefixed_id!(
    /// The lines of one period for one account.
    BillId, "bil");
prefixed_id!(
    /// One line of a bill.
    ChargeId, "chg");
prefixed_id!(
    /// One run over an estate that issues bills.
    BillRunId, "brn");
prefixed_id!(
    /// One entry of the ledger.
    EntryId, "jnl");
prefixed_id!(
    /// One payment, whatever its channel.
    PaymentId, "pay");
prefixed_id!(
    /// A partner for whom money is collected, e.g. the water company.
    PartnerId, "ptn");
prefixed_id!(
    /// One receipt, valid or void.
    ReceiptId, "rcp");
prefixed_id!(
    /// One refund, from the request on.
    RefundId, "rfd");
prefixed_id!(
    /// The account at a payment provider into which a company is paid.
    MerchantId, "mca");
prefixed_id!(
    /// The balances with which an estate came to us, or a part of them.
    OpeningId, "opn");
prefixed_id!(
    /// A card that a payer consented to be charged.
    SavedCardId, "spc");
