//! No entry into a closed month, and what each day changed.

use super::repo::Posting;
use crate::{charges::BillingMonth, say};
use chrono::NaiveDate;
use db::{StorageError, TenantScope, tenant_owned};
use errors::Code;
use sea_orm::{ActiveValue::Set, FromQueryResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What the database's own triggers say of an entry in a closed month.
const CLOSED: &str = "month of the books is closed";

pub(super) mod day {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "daily_totals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub day: Date,
        pub code: String,
        pub subject: Option<Uuid>,
        pub amount: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(day);

#[derive(FromQueryResult)]
struct Closed {
    estate_id: Uuid,
    month: NaiveDate,
}

/// Refuses postings of which one is dated in a closed month, before anything is written. What is
/// closed at the same moment the database refuses by itself, see [`closed`].
pub(super) async fn refuse_closed(
    scope: &TenantScope,
    postings: &[(Posting, Option<crate::ids::EntryId>)],
) -> Result<(), StorageError> {
    let wanted: BTreeSet<(Uuid, NaiveDate)> =
        postings.iter().map(|(it, _)| (it.estate.as_uuid(), first_day(it.date))).collect();
    let estates: BTreeSet<Uuid> = wanted.iter().map(|(estate, _)| *estate).collect();
    let months: BTreeSet<NaiveDate> = wanted.iter().map(|(_, month)| *month).collect();
    let mut values = Vec::new();
    let of_estates = scope.one_of(&mut values, estates);
    let of_months = scope.one_of(&mut values, months);
    let sql = format!(
        "SELECT estate_id, month FROM book_months WHERE tenant_id = $1 AND state = 'CLOSED' \
         AND estate_id {of_estates} AND month {of_months} ORDER BY month"
    );
    let rows: Vec<Closed> = scope.rows(&sql, values).await?;
    let hit = rows.iter().find(|row| wanted.contains(&(row.estate_id, row.month)));
    hit.map_or(Ok(()), |row| Err(refusal(row.month)))
}

/// What an error of writing entries means: that their month was closed meanwhile, or itself.
pub(super) fn closed(error: StorageError, dates: &BTreeSet<NaiveDate>) -> StorageError {
    match dates.first() {
        Some(day) if error.says(CLOSED) => refusal(first_day(*day)),
        _ => error,
    }
}

fn refusal(month: NaiveDate) -> StorageError {
    let month = BillingMonth::of(month).map_or_else(|_| month.to_string(), |it| it.to_string());
    StorageError::refused(Code::Conflict, say::month_is_closed(month))
}

fn first_day(day: NaiveDate) -> NaiveDate {
    BillingMonth::of(day).map_or(day, BillingMonth::first)
}

/// Adds to what each day changed per account of the chart; revenue and partners by themselves,
/// debtors together.
pub(super) async fn add_to_days(
    scope: &TenantScope,
    postings: &[(Posting, Option<crate::ids::EntryId>)],
) -> Result<(), StorageError> {
    let mut changes: BTreeMap<(Uuid, NaiveDate, &str, Option<Uuid>), i64> = BTreeMap::new();
    for (posting, _) in postings {
        for line in posting.entry.lines() {
            let code = line.account.code();
            let subject = line.account.subject().filter(|_| matches!(code, "2202" | "6001"));
            let key = (posting.estate.as_uuid(), posting.date, code, subject);
            *changes.entry(key).or_default() += line.amount.0;
        }
    }
    let rows = changes.into_iter().filter(|(_, amount)| *amount != 0).map(
        |((estate, on, code, subject), amount)| day::ActiveModel {
            id: Set(scope.new_id()),
            estate_id: Set(estate),
            day: Set(on),
            code: Set(code.to_owned()),
            subject: Set(subject),
            amount: Set(amount),
            ..Default::default()
        },
    );
    scope.insert_all(rows.collect::<Vec<_>>()).await
}
