//! Connecting, and opening scopes.

use crate::{Left, StorageError, TenantScope, Worker, bells::Bells, scope, trace};
use clock::Clock;
use ids::TenantId;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbBackend};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Mutex, Notify};

/// Where a service's database is and how it is used.
#[derive(Clone, Debug)]
pub struct DbConfig {
    /// `sqlite://path?mode=rwc` or `postgres://…`; on PostgreSQL the role without ownership.
    pub url: String,
    /// PostgreSQL only: the same database as the worker role, which sees system tables alone.
    pub worker_url: Option<String>,
    /// The most connections of the pool that serves requests.
    pub max_connections: u32,
    /// SQLite only: wait for the disk at every commit. Off only where the data may be lost.
    pub durable: bool,
}

/// Which database is behind a [`Db`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DbKind {
    /// Embedded, one file per service.
    Sqlite,
    /// A server, with row-level security.
    Postgres,
}

/// A service's database; cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) app: DatabaseConnection,
    pub(crate) worker: DatabaseConnection,
    pub(crate) kind: DbKind,
    pub(crate) clock: Clock,
    /// SQLite has one writer; queueing here is fair, its own busy wait is not.
    pub(crate) writer: Arc<Mutex<()>>,
    pub(crate) statements: Arc<AtomicU64>,
    /// `false` only in the test that proves that row-level security holds by itself.
    pub(crate) entity_filter: bool,
    /// Rung when a transaction that left events or jobs behind is committed.
    pub(crate) bells: Bells,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({:?})", self.0.kind)
    }
}

impl Db {
    /// Connects.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(config: &DbConfig, clock: Clock) -> Result<Self, StorageError> {
        Self::open(config, clock, true).await
    }

    /// As [`Db::connect`], but with the entity layer's company filter off, so that a test can
    /// prove that row-level security alone leaks nothing.
    ///
    /// # Panics
    /// On anything but PostgreSQL, where nothing else would be left.
    pub async fn connect_trusting_only_rls(
        config: &DbConfig,
        clock: Clock,
    ) -> Result<Self, StorageError> {
        assert!(config.url.starts_with("postgres"), "SQLite has no row-level security");
        Self::open(config, clock, false).await
    }

    async fn open(
        config: &DbConfig,
        clock: Clock,
        entity_filter: bool,
    ) -> Result<Self, StorageError> {
        let mut app =
            Database::connect(options(&config.url, config.max_connections, config.durable)).await?;
        let mut worker = match &config.worker_url {
            Some(url) => Database::connect(options(url, 4, config.durable)).await?,
            None => app.clone(),
        };
        let kind = match app.get_database_backend() {
            DbBackend::Postgres => DbKind::Postgres,
            _ => DbKind::Sqlite,
        };
        let statements = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&statements);
        worker.set_metric_callback(trace::measure);
        app.set_metric_callback(move |done| {
            counter.fetch_add(1, Ordering::Relaxed);
            trace::measure(done);
        });
        let writer = Arc::new(Mutex::new(()));
        Ok(Self(Arc::new(Inner {
            app,
            worker,
            kind,
            clock,
            writer,
            statements,
            entity_filter,
            bells: Bells::default(),
        })))
    }

    /// A transaction of one company that only reads: a consistent snapshot on SQLite.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn read(&self, tenant: TenantId) -> Result<TenantScope, StorageError> {
        scope::open(&self.0, tenant, scope::Access::Read).await
    }

    /// A transaction of one company that writes; nothing is kept unless it is committed.
    ///
    /// # Errors
    /// When no connection can be had in time.
    pub async fn write(&self, tenant: TenantId) -> Result<TenantScope, StorageError> {
        scope::open(&self.0, tenant, scope::Access::Write).await
    }

    /// Access to the system tables alone, for workers.
    pub fn worker(&self) -> Worker {
        Worker::new(Arc::clone(&self.0))
    }

    /// The time and randomness of this installation.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Which database it is.
    pub fn kind(&self) -> DbKind {
        self.0.kind
    }

    /// Rung when a transaction of this process left such work behind.
    pub fn bell(&self, left: Left) -> Arc<Notify> {
        self.0.bells.of(left)
    }

    /// How many statements were run so far; tests compare it before and after a request.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// Whether the database answers, for readiness.
    pub async fn ping(&self) -> bool {
        self.0.app.ping().await.is_ok()
    }

    /// Closes the connections; running transactions end first.
    pub async fn close(&self) {
        for connection in [self.0.app.clone(), self.0.worker.clone()] {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "closing the database failed");
            }
        }
    }
}

pub(crate) fn options(url: &str, max_connections: u32, durable: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(max_connections)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(3))
        .acquire_timeout(Duration::from_secs(3))
        .test_before_acquire_if_idle_for(Duration::from_secs(1))
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", if durable { "FULL" } else { "OFF" })
                .pragma("foreign_keys", "ON")
                .pragma("busy_timeout", "10000")
                .pragma("cache_size", "-4000")
        })
        .map_sqlx_postgres_opts(|postgres| {
            postgres.options([("statement_timeout", "30s"), ("lock_timeout", "10s")])
        });
    if url.starts_with("sqlite") {
        // Opened again in a millisecond; meanwhile each would keep its cache.
        options.idle_timeout(Duration::from_secs(20));
    }
    options
}
