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
    /// A debt, or a part of one, that somebody asks to be waived.
    WaiverId, "wvr");
prefixed_id!(
    /// A plan to pay a debt in instalments.
    PlanId, "ipl");
prefixed_id!(
    /// One meter, from its installation to its removal.
    MeterId, "mtr");
prefixed_id!(
    /// One reading of a meter, or its correction.
    ReadingId, "mrd");
prefixed_id!(
    /// A cost that several units share.
    SharedCostId, "shc");
prefixed_id!(
    /// A charge that somebody entered by hand.
    OneOffChargeId, "ooc");
prefixed_id!(
    /// A rule that takes something off a price.
    DiscountId, "dsc");
prefixed_id!(
    /// A period in which a unit stands empty.
    VacancyId, "vcy");
prefixed_id!(
    /// One deposit, from the request to its return.
    DepositId, "dep");
prefixed_id!(
    /// One deduction from a deposit, from the proposal on.
    DeductionId, "ddn");
prefixed_id!(
    /// One refund of a deposit, from the request on.
    DepositRefundId, "drf");
prefixed_id!(
    /// The settlement of an account whose debtor leaves.
    LeavingId, "lvs");
prefixed_id!(
    /// One version of an estate's dunning ladder.
    DunningLadderId, "dnl");
prefixed_id!(
    /// Following up one account's arrears until they are settled.
    DunningCaseId, "dnc");
prefixed_id!(
    /// A step of a case that somebody has to do.
    DunningTaskId, "dnt");
prefixed_id!(
    /// One contact with a debtor.
    DunningActionId, "dna");
prefixed_id!(
    /// A time in which nothing is demanded.
    DunningPauseId, "dnp");
prefixed_id!(
    /// One version of the text of a step.
    DunningTemplateId, "dtm");
prefixed_id!(
    /// What is given to a lawyer.
    LegalReferralId, "lgr");
prefixed_id!(
    /// Somebody's time at a till.
    CashierShiftId, "csh");
prefixed_id!(
    /// Cash carried to the bank.
    CashDepositId, "cdp");
prefixed_id!(
    /// An account of the company at a bank.
    BankAccountId, "bka");
prefixed_id!(
    /// A bank statement that was imported.
    BankStatementId, "bst");
prefixed_id!(
    /// One line of a bank statement.
    BankLineId, "bln");
prefixed_id!(
    /// What a line of a bank statement is, or a part of it.
    BankPartId, "bpt");
prefixed_id!(
    /// A rule by which lines of bank statements are recognised.
    BankRuleId, "brl");
prefixed_id!(
    /// One item of common income or its cost.
    CommonItemId, "cmi");
prefixed_id!(
    /// A use of the maintenance fund that owners voted on.
    FundApplicationId, "mfa");
prefixed_id!(
    /// One record of the maintenance fund.
    FundRecordId, "mfr");
prefixed_id!(
    /// A published disclosure.
    DisclosureId, "dcl");
prefixed_id!(
    /// One export of the books.
    BookExportId, "bex");
prefixed_id!(
    /// One issued document.
    DocumentId, "doc");
prefixed_id!(
    /// One batch of payment notices.
    NoticeBatchId, "nbt");
prefixed_id!(
    /// One invoice or credit invoice.
    InvoiceId, "inv");
prefixed_id!(
    /// One version of how a fee item is taxed.
    TaxClassId, "txc");
prefixed_id!(
    /// One name under which an account wants its invoices.
    InvoiceTitleId, "tit");
prefixed_id!(
    /// The balances with which an estate came to us, or a part of them.
    OpeningId, "opn");
prefixed_id!(
    /// A card that a payer consented to be charged.
    SavedCardId, "spc");
