//! Identifiers of billing's nouns and of the nouns of other services it refers to.

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
    /// One payment, whatever its channel.
    PaymentId, "pay");
prefixed_id!(
    /// A partner for whom money is collected, e.g. the water company.
    PartnerId, "ptn");
prefixed_id!(
    /// A building, owned by residents.
    BuildingId, "bld");
prefixed_id!(
    /// A unit or parking space, owned by residents.
    UnitId, "unt");
prefixed_id!(
    /// A person who acts in the system, owned by identity.
    UserId, "usr");
