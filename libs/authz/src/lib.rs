//! Who may do what where, decided without asking another process.
//!
//! Identity publishes each company's policy; [`PolicyStore`] keeps a copy and compiles it per
//! user. A [`Caller`] is made from a verified token, and only a caller makes the [`EstateScope`]
//! or [`CompanyScope`] without which no repository can be built.

mod audit;
mod caller;
mod denied;
mod keyed;
mod matrix;
mod permission;
mod policy;
mod rights;
mod say;
mod store;
mod token;

pub use audit::{Actor, AuditFact, audit, audit_as, keep_audit};
pub use caller::{Caller, CompanyScope, EstateScope, EstatesScope, Subject};
pub use denied::Denied;
pub use keyed::keyed;
pub use matrix::role_templates;
pub use permission::{Limit, Permission, Reach};
pub use policy::{
    ClientLimit, Grant, PolicyPage, PublicKey, Role, RolePermission, SupportGrant, TenantPolicy,
    TenantState,
};
pub use rights::Rights;
pub use store::{PolicyStore, TokenError};
pub use token::{Claims, SubjectKind, TOKEN_ISSUER, TOKEN_LIFETIME_MINUTES};

ids::prefixed_id!(
    /// Whoever signs in: staff, resident, API client or platform operator.
    UserId, "usr");
ids::prefixed_id!(
    /// One sign-in, from password to sign-out; its refresh tokens rotate.
    SessionId, "ses");
