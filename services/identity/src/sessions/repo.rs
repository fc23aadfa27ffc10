//! Sessions and counted attempts in and out.

use authz::{SessionId, TOKEN_LIFETIME_MINUTES, UserId};
use chrono::{DateTime, Duration, Utc};
use db::{Db, StorageError, TenantScope, tenant_owned};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult, sea_query::Expr};
use uuid::Uuid;

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub user_id: Uuid,
        pub refresh_hash: String,
        pub previous_hash: Option<String>,
        pub pepper: String,
        pub rotated_at: DateTimeUtc,
        pub created_at: DateTimeUtc,
        pub last_used_at: DateTimeUtc,
        pub expires_at: DateTimeUtc,
        pub ended_at: Option<DateTimeUtc>,
        pub end_reason: Option<String>,
        pub origin: String,
        pub agent: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

/// A sign-in.
#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    pub user: UserId,
    pub refresh_hash: String,
    pub previous_hash: Option<String>,
    pub pepper: String,
    pub rotated_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub last_used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub origin: String,
    pub agent: String,
}

impl From<row::Model> for Session {
    fn from(row: row::Model) -> Self {
        Self {
            id: SessionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            refresh_hash: row.refresh_hash,
            previous_hash: row.previous_hash,
            pepper: row.pepper,
            rotated_at: row.rotated_at,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            origin: row.origin,
            agent: row.agent,
        }
    }
}

/// The sessions of the company of a transaction.
pub struct Sessions<'t>(pub &'t TenantScope);

impl Sessions<'_> {
    /// Keeps a new session.
    pub async fn insert(&self, session: Session) -> Result<(), StorageError> {
        self.0
            .insert(row::ActiveModel {
                id: Set(session.id.as_uuid()),
                user_id: Set(session.user.as_uuid()),
                refresh_hash: Set(session.refresh_hash),
                previous_hash: Set(session.previous_hash),
                pepper: Set(session.pepper),
                rotated_at: Set(session.rotated_at),
                created_at: Set(session.created_at),
                last_used_at: Set(session.last_used_at),
                expires_at: Set(session.expires_at),
                ended_at: Set(None),
                end_reason: Set(None),
                origin: Set(session.origin),
                agent: Set(session.agent),
                ..Default::default()
            })
            .await
    }

    /// Forgets the user's sessions that were over before `before`.
    pub async fn forget_old(
        &self,
        user: UserId,
        before: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let delete = self.0.delete::<row::Entity>().filter(row::Column::UserId.eq(user.as_uuid()));
        delete.filter(row::Column::ExpiresAt.lt(before)).exec().await.map(drop)
    }

    /// A session, held until the transaction ends.
    pub async fn lock(&self, id: SessionId) -> Result<Option<Session>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        Ok(found.lock().one().await?.map(Into::into))
    }

    /// Puts the next refresh token in force.
    pub async fn rotate(
        &self,
        id: SessionId,
        next: String,
        previous: String,
        expires_at: DateTime<Utc>,
    ) -> Result<(), StorageError> {
        let now = self.0.now();
        let update = self.0.update::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
        update
            .set(row::Column::RefreshHash, Expr::value(next))
            .set(row::Column::PreviousHash, Expr::value(previous))
            .set(row::Column::RotatedAt, Expr::value(now))
            .set(row::Column::LastUsedAt, Expr::value(now))
            .set(row::Column::ExpiresAt, Expr::value(expires_at))
            .exec()
            .await
            .map(drop)
    }

    /// The sessions of a user that last, newest first.
    pub async fn of(&self, user: UserId) -> Result<Vec<Session>, StorageError> {
        let found = self.0.find::<row::Entity>().filter(row::Column::UserId.eq(user.as_uuid()));
        let found = found
            .filter(row::Column::EndedAt.is_null())
            .filter(row::Column::ExpiresAt.gt(self.0.now()));
        let rows = found.desc(row::Column::CreatedAt).limit(100).all().await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Ends sessions of a user: one, all, or all but one. Says how many.
    pub async fn end(&self, user: UserId, which: Which, reason: &str) -> Result<u64, StorageError> {
        let update = self.0.update::<row::Entity>().filter(row::Column::UserId.eq(user.as_uuid()));
        let update = match which {
            Which::One(id) => update.filter(row::Column::Id.eq(id.as_uuid())),
            Which::Others(id) => update.filter(row::Column::Id.ne(id.as_uuid())),
            Which::All => update,
        };
        update
            .filter(row::Column::EndedAt.is_null())
            .set(row::Column::EndedAt, Expr::value(self.0.now()))
            .set(row::Column::EndReason, Expr::value(reason))
            .exec()
            .await
    }
}

/// Which sessions of a user.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    One(SessionId),
    Others(SessionId),
    All,
}

/// Sessions that ended while their access tokens may still be around.
pub async fn recently_ended(scope: &TenantScope) -> Result<Vec<Uuid>, StorageError> {
    let since = scope.now() - Duration::minutes(TOKEN_LIFETIME_MINUTES + 1);
    let ended = scope.find::<row::Entity>().filter(row::Column::EndedAt.gt(since)).all().await?;
    Ok(ended.into_iter().map(|row| row.id).collect())
}

#[derive(FromQueryResult)]
struct Blocked {
    blocked_until: DateTime<Utc>,
}

/// Counts one more failure unless the key is blocked; the error says until when it is. From the
/// `free`th failure on the key is blocked until the first of `ends`, then the second and so on; the
/// same statement counts and blocks, so that simultaneous attempts cannot pass together. After an
/// hour without failures counting begins anew.
pub async fn charge(
    db: &Db,
    key: &str,
    now: DateTime<Utc>,
    free: i32,
    ends: [DateTime<Utc>; 6],
) -> Result<Result<(), DateTime<Utc>>, StorageError> {
    const COUNT: &str = "CASE WHEN sign_in_throttle.last_failure < $3 THEN 1 ELSE sign_in_throttle.failures + 1 END";
    let sql = format!(
        "INSERT INTO sign_in_throttle (key, failures, last_failure, blocked_until) \
         VALUES ($1, 1, $2, $2) ON CONFLICT (key) DO UPDATE SET failures = {COUNT}, \
         last_failure = excluded.last_failure, blocked_until = CASE \
         WHEN {COUNT} < {free} THEN excluded.last_failure WHEN {COUNT} = {free} THEN $4 \
         WHEN {COUNT} = {free} + 1 THEN $5 WHEN {COUNT} = {free} + 2 THEN $6 \
         WHEN {COUNT} = {free} + 3 THEN $7 WHEN {COUNT} = {free} + 4 THEN $8 ELSE $9 END \
         WHERE sign_in_throttle.blocked_until <= excluded.last_failure RETURNING blocked_until"
    );
    let mut values = vec![key.into(), now.into(), (now - Duration::hours(1)).into()];
    values.extend(ends.map(Into::into));
    let counted: Vec<Blocked> = db.worker().change(&sql, values).await?;
    if !counted.is_empty() {
        return Ok(Ok(()));
    }
    let sql = "SELECT blocked_until FROM sign_in_throttle WHERE key = $1";
    let blocked: Vec<Blocked> = db.worker().rows(sql, [key.into()]).await?;
    Ok(Err(blocked.first().map_or(now, |row| row.blocked_until)))
}

/// Takes one counted failure back, and the block it caused.
pub async fn refund(db: &Db, key: &str) -> Result<(), StorageError> {
    let sql = "UPDATE sign_in_throttle SET failures = failures - 1, blocked_until = last_failure \
               WHERE key = $1 AND failures > 0";
    db.worker().execute(sql, [key.into()]).await.map(drop)
}

/// Forgets a key's failures.
pub async fn forget(db: &Db, key: &str) -> Result<(), StorageError> {
    let sql = "DELETE FROM sign_in_throttle WHERE key = $1";
    db.worker().execute(sql, [key.into()]).await.map(drop)
}
