//! One transaction of one company.

use crate::{
    DbKind, Left, StorageError,
    bulk::{self, Clash},
    pool::Inner,
    statistics, trace,
};
use chrono::{DateTime, Utc};
use clock::Clock;
use ids::TenantId;
use parking_lot::Mutex;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, ConnectionTrait as _, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, DeleteMany, EntityTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait as _, UpdateMany, Value,
    sea_query::{IntoCondition, LockType, SimpleExpr},
};
use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument as _;
use uuid::Uuid;

/// An entity whose rows belong to a company. Declare with [`tenant_owned!`](crate::tenant_owned).
pub trait TenantOwned: EntityTrait {
    /// The column that names the company.
    fn tenant_column() -> Self::Column;
}

/// Declares that an entity's rows belong to the company in its `tenant_id` column.
#[macro_export]
macro_rules! tenant_owned {
    ($($module:ident),+ $(,)?) => {$(
        impl $crate::TenantOwned for $module::Entity {
            fn tenant_column() -> $module::Column {
                $module::Column::TenantId
            }
        }
    )+};
}

/// The rows of one company inside one transaction: every find, update and delete is filtered,
/// every insert gets the company written over whatever the caller put there.
///
/// Dropping it undoes everything; [`TenantScope::commit`] keeps it.
pub struct TenantScope {
    tx: DatabaseTransaction,
    tenant: TenantId,
    inner: Arc<Inner>,
    /// Whether something is left for a worker once this is committed.
    left: Mutex<BTreeSet<Left>>,
    _writer: Option<OwnedMutexGuard<()>>,
}

impl std::fmt::Debug for TenantScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TenantScope({})", self.tenant)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

pub(crate) async fn open(
    inner: &Arc<Inner>,
    tenant: TenantId,
    access: Access,
) -> Result<TenantScope, StorageError> {
    begin(inner, tenant, access).instrument(trace::scope()).await
}

/// What a transaction begins with: its company. A reading one becomes unable to write by the same
/// statement, which saves a round trip.
const WRITING: &str = "SELECT set_config('app.tenant_id', $1, true)";
const READING: &str =
    "SELECT set_config('app.tenant_id', $1, true), set_config('transaction_read_only', 'on', true)";

async fn begin(
    inner: &Arc<Inner>,
    tenant: TenantId,
    access: Access,
) -> Result<TenantScope, StorageError> {
    let (tx, writer) = match (inner.kind, access) {
        (DbKind::Postgres, access) => {
            let tx = begin_whole(&inner.app, TransactionOptions::default()).await?;
            let tenant = tenant.as_uuid().to_string().into();
            let set = match access {
                Access::Read => READING,
                Access::Write => WRITING,
            };
            tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, set, [tenant]))
                .await?;
            (tx, None)
        }
        (DbKind::Sqlite, Access::Read) => {
            (begin_whole(&inner.app, TransactionOptions::default()).await?, None)
        }
        (DbKind::Sqlite, Access::Write) => {
            let guard = Arc::clone(&inner.writer).lock_owned().await;
            (begin_immediate(&inner.app).await?, Some(guard))
        }
    };
    Ok(TenantScope {
        tx,
        tenant,
        inner: Arc::clone(inner),
        left: Mutex::default(),
        _writer: writer,
    })
}

/// Begins, whatever becomes of who asked. A client may leave and a deadline pass at any `await`;
/// the driver rolls back only what it knows to have begun, so that a `BEGIN` cut off half-way would
/// put a connection with an open transaction back into the pool.
pub(crate) async fn begin_whole(
    db: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let db = db.clone();
    let begin = async move { db.begin_with_options(options).await }.in_current_span();
    let begun = tokio::spawn(begin).await;
    begun.unwrap_or_else(|error| Err(DbErr::Custom(error.to_string())))
}

pub(crate) async fn begin_immediate(
    db: &DatabaseConnection,
) -> Result<DatabaseTransaction, StorageError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    Ok(begin_whole(db, options).await?)
}

impl TenantScope {
    /// The company whose rows these are.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// The clock of the installation.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The current instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// A new time-ordered identifier.
    pub fn new_id(&self) -> Uuid {
        self.inner.clock.uuid()
    }

    /// Which database it is, for the few statements that differ.
    pub fn kind(&self) -> DbKind {
        self.inner.kind
    }

    /// Rows of `E` of this company.
    pub fn find<E: TenantOwned>(&self) -> Scoped<'_, E, Select<E>> {
        let select = E::find();
        self.scoped(if self.inner.entity_filter { select.filter(self.mine::<E>()) } else { select })
    }

    /// An update of this company's rows of `E`.
    pub fn update<E: TenantOwned>(&self) -> Scoped<'_, E, UpdateMany<E>> {
        let update = E::update_many();
        self.scoped(if self.inner.entity_filter { update.filter(self.mine::<E>()) } else { update })
    }

    /// A deletion of this company's rows of `E`.
    pub fn delete<E: TenantOwned>(&self) -> Scoped<'_, E, DeleteMany<E>> {
        let delete = E::delete_many();
        self.scoped(if self.inner.entity_filter { delete.filter(self.mine::<E>()) } else { delete })
    }

    /// Inserts one row.
    ///
    /// # Errors
    /// When a key or a check of the table refuses it.
    pub async fn insert<A>(&self, row: A) -> Result<(), StorageError>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantOwned,
    {
        self.insert_all([row]).await.map(drop)
    }

    /// Inserts rows in as few statements as the database's parameter limit allows.
    ///
    /// # Errors
    /// When a key or a check of the table refuses one of them.
    pub async fn insert_all<A>(&self, rows: impl IntoIterator<Item = A>) -> Result<(), StorageError>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantOwned,
    {
        self.insert_chunks(rows, Clash::Refuse).await
    }

    /// Inserts rows, leaving alone those whose `key` exists already.
    ///
    /// # Errors
    /// When a check of the table refuses one of them.
    pub async fn insert_missing<A>(
        &self,
        rows: impl IntoIterator<Item = A>,
        key: impl IntoIterator<Item = <A::Entity as EntityTrait>::Column>,
    ) -> Result<(), StorageError>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantOwned,
    {
        self.insert_chunks(rows, Clash::Keep(key.into_iter().collect())).await
    }

    /// Inserts rows; where `key` exists already the `changed` columns are overwritten.
    ///
    /// # Errors
    /// When a check of the table refuses one of them.
    pub async fn upsert<A>(
        &self,
        rows: impl IntoIterator<Item = A>,
        key: impl IntoIterator<Item = <A::Entity as EntityTrait>::Column>,
        changed: impl IntoIterator<Item = <A::Entity as EntityTrait>::Column>,
    ) -> Result<(), StorageError>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantOwned,
    {
        let (key, changed) = (key.into_iter().collect(), changed.into_iter().collect());
        self.insert_chunks(rows, Clash::Overwrite { key, changed }).await
    }

    async fn insert_chunks<A>(
        &self,
        rows: impl IntoIterator<Item = A>,
        clash: Clash<<A::Entity as EntityTrait>::Column>,
    ) -> Result<(), StorageError>
    where
        A: ActiveModelTrait + ActiveModelBehavior + Send,
        A::Entity: TenantOwned,
    {
        let most = bulk::rows_per_statement::<A>(self.inner.kind);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let part: Vec<A> = rows.by_ref().take(most).map(|row| self.owned(row)).collect();
            if part.len() >= statistics::MANY {
                self.leave(Left::Rows);
            }
            let Some(insert) = bulk::insert(self.inner.kind, part, &clash) else { continue };
            let span = trace::statement("insert", &A::Entity::default());
            self.tx.execute_raw(insert).instrument(span).await?;
        }
        Ok(())
    }

    fn owned<A>(&self, mut row: A) -> A
    where
        A: ActiveModelTrait,
        A::Entity: TenantOwned,
    {
        row.set(<A::Entity as TenantOwned>::tenant_column(), self.tenant.as_uuid().into());
        row
    }

    /// Whether a column holds one of these values. PostgreSQL is given them as one array: the text of
    /// a statement is the same however many they are, and the plan does not take a long list for a
    /// condition that everything meets, which it does where a table has no statistics yet.
    pub fn among<V: Into<Value>>(
        &self,
        column: impl ColumnTrait,
        values: impl IntoIterator<Item = V>,
    ) -> SimpleExpr {
        bulk::among(self.inner.kind, column, values.into_iter().map(Into::into).collect())
    }

    /// The same for a hand-written query whose `values` are these so far: what follows the column.
    /// Nothing is one of none.
    pub fn one_of<V: Into<Value>>(
        &self,
        values: &mut Vec<Value>,
        wanted: impl IntoIterator<Item = V>,
    ) -> String {
        bulk::one_of(self.inner.kind, values, wanted.into_iter().map(Into::into).collect())
    }

    /// Runs a hand-written query. `$1` is always the company; further values are `$2` and on.
    ///
    /// # Errors
    /// When the statement fails.
    ///
    /// # Panics
    /// When the statement does not compare a `tenant_id` with `$1`.
    pub async fn rows<T: FromQueryResult>(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<Vec<T>, StorageError> {
        let found = self.tx.query_all_raw(self.statement(sql, values));
        let rows = found.instrument(trace::hand_written(sql)).await?;
        Ok(rows.iter().map(|row| T::from_query_result(row, "")).collect::<Result<_, DbErr>>()?)
    }

    /// Runs a hand-written statement and says how many rows it changed; rules as for
    /// [`TenantScope::rows`].
    ///
    /// # Errors
    /// When the statement fails.
    ///
    /// # Panics
    /// When the statement does not use `$1` as the `tenant_id`.
    pub async fn execute(
        &self,
        sql: &str,
        values: impl IntoIterator<Item = Value>,
    ) -> Result<u64, StorageError> {
        let done = self.tx.execute_raw(self.statement(sql, values));
        Ok(done.instrument(trace::hand_written(sql)).await?.rows_affected())
    }

    fn statement(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> Statement {
        assert!(
            sql.contains("tenant_id") && sql.contains("$1"),
            "statement without its company: {sql}"
        );
        let values = std::iter::once(self.tenant.as_uuid().into()).chain(values);
        Statement::from_sql_and_values(self.tx.get_database_backend(), sql, values)
    }

    /// For this crate's own system tables only.
    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        &self.tx
    }

    /// Keeps everything that was done.
    ///
    /// # Errors
    /// When the database does not confirm; then nothing was kept, or it is not known.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().instrument(trace::commit()).await?;
        for left in self.left.into_inner() {
            self.inner.bells.ring(left);
        }
        Ok(())
    }

    /// A worker shall look once this is committed.
    pub(crate) fn leave(&self, left: Left) {
        self.left.lock().insert(left);
    }

    fn scoped<E: TenantOwned, Q>(&self, query: Q) -> Scoped<'_, E, Q> {
        Scoped { tx: &self.tx, kind: self.inner.kind, query, entity: PhantomData }
    }

    fn mine<E: TenantOwned>(&self) -> SimpleExpr {
        E::tenant_column().eq(self.tenant.as_uuid())
    }
}

/// A query that is already restricted to one company.
#[must_use = "a query does nothing until it is run"]
pub struct Scoped<'s, E, Q> {
    tx: &'s DatabaseTransaction,
    kind: DbKind,
    query: Q,
    entity: PhantomData<E>,
}

impl<E: TenantOwned, Q: QueryFilter> Scoped<'_, E, Q> {
    /// Restricts the rows further.
    pub fn filter(mut self, condition: impl IntoCondition) -> Self {
        self.query = self.query.filter(condition);
        self
    }

    /// Restricts the rows to those with one of these values in a column, see [`TenantScope::among`].
    pub fn filter_in<V: Into<Value>>(
        self,
        column: E::Column,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let condition =
            bulk::among(self.kind, column, values.into_iter().map(Into::into).collect());
        self.filter(condition)
    }

    /// Restricts the rows further when there is something to restrict by.
    pub fn filter_by<T>(self, value: Option<T>, condition: impl FnOnce(T) -> SimpleExpr) -> Self {
        match value {
            Some(value) => self.filter(condition(value)),
            None => self,
        }
    }
}

impl<E: TenantOwned> Scoped<'_, E, Select<E>> {
    /// Sorts ascending by a column.
    pub fn asc(mut self, column: E::Column) -> Self {
        self.query = self.query.order_by_asc(column);
        self
    }

    /// Sorts descending by a column.
    pub fn desc(mut self, column: E::Column) -> Self {
        self.query = self.query.order_by_desc(column);
        self
    }

    /// At most so many rows.
    pub fn limit(mut self, rows: u64) -> Self {
        self.query = self.query.limit(rows);
        self
    }

    /// Holds the rows until the transaction ends, so that nobody changes them meanwhile. New rows
    /// may refer to them: who writes one of an account need not wait for who holds the estate, or
    /// the two would wait for each other.
    pub fn lock(mut self) -> Self {
        if self.kind == DbKind::Postgres {
            self.query = self.query.lock(LockType::NoKeyUpdate);
        }
        self
    }

    /// As [`Scoped::lock`], and nobody writes a row that refers to them meanwhile.
    pub fn lock_whole(mut self) -> Self {
        if self.kind == DbKind::Postgres {
            self.query = self.query.lock(LockType::Update);
        }
        self
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn one(self) -> Result<Option<E::Model>, StorageError> {
        let span = trace::statement("select", &E::default());
        Ok(self.query.one(self.tx).instrument(span).await?)
    }

    /// All rows.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn all(self) -> Result<Vec<E::Model>, StorageError> {
        let span = trace::statement("select", &E::default());
        Ok(self.query.all(self.tx).instrument(span).await?)
    }

    /// How many rows there are.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn count(self) -> Result<u64, StorageError>
    where
        E::Model: Sync,
    {
        let span = trace::statement("select", &E::default());
        Ok(self.query.count(self.tx).instrument(span).await?)
    }
}

impl<E: TenantOwned> Scoped<'_, E, UpdateMany<E>> {
    /// Sets a column.
    pub fn set(mut self, column: E::Column, value: impl Into<SimpleExpr>) -> Self {
        self.query = self.query.col_expr(column, value.into());
        self
    }

    /// Writes it and says how many rows changed.
    ///
    /// # Errors
    /// When a key or check refuses it.
    pub async fn exec(self) -> Result<u64, StorageError> {
        let span = trace::statement("update", &E::default());
        Ok(self.query.exec(self.tx).instrument(span).await?.rows_affected)
    }
}

impl<E: TenantOwned> Scoped<'_, E, DeleteMany<E>> {
    /// Deletes the rows and says how many there were.
    ///
    /// # Errors
    /// When another table still points to one of them.
    pub async fn exec(self) -> Result<u64, StorageError> {
        let span = trace::statement("delete", &E::default());
        Ok(self.query.exec(self.tx).instrument(span).await?.rows_affected)
    }
}
