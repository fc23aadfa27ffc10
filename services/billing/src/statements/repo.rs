//! What a statement reads, and the ways to pay.

use super::domain::Way;
use crate::ids::BillingAccountId;
use chrono::NaiveDate;
use db::{StorageError, TenantScope, stored, tenant_owned};
use ids::EstateId;
use money::Fen;
use sea_orm::{ActiveValue::Set, ColumnTrait as _, FromQueryResult};
use uuid::Uuid;

mod way {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payment_ways")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub estate_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i32,
        pub kind: String,
        pub words_zh: String,
        pub words_en: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(way);

/// The ways to pay that an estate names, in its order.
pub(super) async fn ways(scope: &TenantScope, estate: EstateId) -> Result<Vec<Way>, StorageError> {
    let found = scope.find::<way::Entity>().filter(way::Column::EstateId.eq(estate.as_uuid()));
    let read = |row: way::Model| {
        Ok(Way {
            kind: stored::read_word(&row.kind)?,
            words_zh: row.words_zh,
            words_en: row.words_en,
        })
    };
    found.asc(way::Column::Place).all().await?.into_iter().map(read).collect()
}

/// Replaces the ways to pay of an estate.
pub(super) async fn replace_ways(
    scope: &TenantScope,
    estate: EstateId,
    ways: &[Way],
) -> Result<(), StorageError> {
    let old = scope.delete::<way::Entity>().filter(way::Column::EstateId.eq(estate.as_uuid()));
    old.exec().await?;
    let row = |(place, it): (i32, &Way)| {
        Ok(way::ActiveModel {
            estate_id: Set(estate.as_uuid()),
            place: Set(place),
            kind: Set(stored::word(it.kind)?),
            words_zh: Set(it.words_zh.clone()),
            words_en: Set(it.words_en.clone()),
            ..Default::default()
        })
    };
    let rows: Result<Vec<_>, StorageError> = (1..).zip(ways).map(row).collect();
    scope.insert_all(rows?).await
}

/// What happened to a person's accounts, with what is owed on all of them afterwards.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Happened {
    pub(super) entry_id: Uuid,
    pub(super) day: NaiveDate,
    pub(super) kind: String,
    pub(super) source: String,
    pub(super) memo: String,
    pub(super) amount: i64,
    pub(super) balance: i64,
}

/// A page of what happened to accounts, newest first; `before` is the last one of the page before.
pub(super) async fn history(
    scope: &TenantScope,
    accounts: &[BillingAccountId],
    before: Option<(NaiveDate, Uuid)>,
    limit: u64,
) -> Result<Vec<Happened>, StorageError> {
    let (day, entry) = before.unwrap_or((NaiveDate::MAX, Uuid::max()));
    let day = day.min(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or_default());
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut values = vec![day.into(), entry.into(), limit.into()];
    let mine = scope.one_of(&mut values, accounts.iter().map(|account| account.as_uuid()));
    let sql = format!(
        "SELECT * FROM (SELECT x.*, CAST(SUM(amount) OVER (ORDER BY day, entry_id) AS BIGINT) AS balance \
         FROM (SELECT e.id AS entry_id, e.day, e.kind, e.source, e.memo, \
               CAST(SUM(l.amount) AS BIGINT) AS amount \
               FROM ledger_lines l JOIN ledger_entries e \
                 ON e.tenant_id = l.tenant_id AND e.id = l.entry_id \
               WHERE l.tenant_id = $1 AND l.code IN ('1122', '2203') AND l.subject {mine} \
               GROUP BY e.id, e.day, e.kind, e.source, e.memo) x) y \
         WHERE day < $2 OR (day = $2 AND entry_id < $3) ORDER BY day DESC, entry_id DESC LIMIT $4"
    );
    scope.rows(&sql, values).await
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

/// The deposits that are held of accounts in an estate.
pub(super) async fn deposits(
    scope: &TenantScope,
    estate: EstateId,
    accounts: &[BillingAccountId],
) -> Result<Fen, StorageError> {
    let mut values = vec![estate.as_uuid().into()];
    let mine = scope.one_of(&mut values, accounts.iter().map(|account| account.as_uuid()));
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount FROM balance_deltas \
         WHERE tenant_id = $1 AND estate_id = $2 AND code = '2241' AND subject {mine}"
    );
    let rows: Vec<Sum> = scope.rows(&sql, values).await?;
    Ok(-Fen(rows.first().map_or(0, |row| row.amount)))
}
