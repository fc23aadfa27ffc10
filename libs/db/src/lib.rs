//! The only door to a database.
//!
//! A service gets a [`Db`]; whatever it reads or writes goes through a [`TenantScope`], one
//! transaction of one company. The connection itself never leaves this crate, so a query that
//! forgets the company cannot be written. PostgreSQL adds row-level security behind it.

mod bells;
mod bulk;
mod error;
mod idempotency;
mod jobs;
mod migrate;
mod outbox;
mod pool;
mod scope;
mod statistics;
pub mod stored;
mod trace;
mod worker;

pub use bells::Left;
pub use error::StorageError;
pub use idempotency::{Idempotency, IdempotencyError, IdempotencyKey};
pub use jobs::{
    ClaimedJob, JobEnd, JobKind, enqueue_job, enqueue_job_after, hint_job, reschedule_job,
    withdraw_job,
};
pub use migrate::{Migration, SystemTable, migrate};
pub use outbox::{EventDraft, StoredEvent, push_event};
pub use pool::{Db, DbConfig, DbKind};
pub use scope::{Scoped, TenantOwned, TenantScope};
pub use worker::{Routed, Worker};
