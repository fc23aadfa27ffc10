//! Making the reports of a month, and freezing them.

use super::{
    domain::{Ages, MonthFigures, Move, ReceivableRow, RevenueRow, RollForward},
    figures_repo as sums, repo,
};
use crate::{
    charges::BillingMonth,
    estates::{self, Estate},
    fees,
    ids::{FeeItemId, UserId},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use db::{StorageError, TenantScope};
use money::Fen;
use std::collections::HashMap;
use uuid::Uuid;

/// The reports of a month as they are now; bills stand as they did when the month ended.
///
/// # Errors
/// When the database fails.
pub(crate) async fn figures(
    scope: &TenantScope,
    estate: &Estate,
    month: BillingMonth,
) -> Result<MonthFigures, StorageError> {
    let days = (month.first(), month.last());
    let instants = (begin(estate, month), month_end(estate, month));
    let rows = sums::receivables(scope, estate.id, month, instants).await?;
    let moves = sums::moves(scope, estate.id, days).await?;
    let balances = sums::balances(scope, estate.id, days).await?;
    let names = Names::read(scope, estate, &rows, &moves).await?;
    let balance = |code: &str| balances.iter().find(|row| row.code == code);
    // What is owed to others is a credit: here it is shown above zero.
    let roll = |code: &str| RollForward {
        opening: Fen(balance(code).map_or(0, |row| -row.opening)),
        moves: moves.iter().filter(|it| it.code == code).map(credit).collect(),
        closing: Fen(balance(code).map_or(0, |row| -row.closing)),
    };
    Ok(MonthFigures {
        month,
        receivables: rows.into_iter().map(|row| names.receivable(row)).collect(),
        owed_in_books: Fen(balance("1122").map_or(0, |row| row.closing)),
        deposits: roll("2241"),
        prepayments: roll("2203"),
        common_income: roll("2242"),
        revenue: names.revenue(&moves),
    })
}

/// Keeps the reports of a month that is being closed.
///
/// # Errors
/// When the database fails.
pub(crate) async fn freeze(
    scope: &TenantScope,
    estate: &Estate,
    month: BillingMonth,
    version: i32,
    by: UserId,
) -> Result<(), StorageError> {
    let made = figures(scope, estate, month).await?;
    repo::keep(scope, estate.id, version, &made, by).await
}

fn credit(moved: &sums::Moved) -> Move {
    Move { kind: moved.kind.clone(), amount: Fen(-moved.amount) }
}

/// The instant at which a month begins in the estate.
fn begin(estate: &Estate, month: BillingMonth) -> DateTime<Utc> {
    midnight(estate, month.first())
}

/// The instant at which a month is over in the estate.
pub(crate) fn month_end(estate: &Estate, month: BillingMonth) -> DateTime<Utc> {
    midnight(estate, month.next().first())
}

fn midnight(estate: &Estate, day: NaiveDate) -> DateTime<Utc> {
    // Where clocks skip midnight, the day begins with the first hour that there is.
    let hours = [0, 1, 2, 3].into_iter().filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
    let mut instants =
        hours.filter_map(|time| estate.zone.from_local_datetime(&day.and_time(time)).earliest());
    instants.next().map_or_else(
        || day.and_time(NaiveTime::MIN).and_utc(),
        |instant| instant.with_timezone(&Utc),
    )
}

/// What things are called when the report is made.
struct Names {
    items: HashMap<Uuid, fees::FeeItem>,
    buildings: HashMap<Uuid, String>,
}

impl Names {
    async fn read(
        scope: &TenantScope,
        estate: &Estate,
        rows: &[sums::Sums],
        moves: &[sums::Moved],
    ) -> Result<Self, StorageError> {
        let mut wanted: Vec<Uuid> = rows.iter().map(|row| row.item_id).collect();
        wanted.extend(moves.iter().filter_map(|it| it.subject));
        wanted.sort_unstable();
        wanted.dedup();
        let wanted: Vec<FeeItemId> = wanted.into_iter().map(FeeItemId::from_uuid).collect();
        let items = fees::repo::items_by_id(scope, wanted).await?;
        let buildings = estates::buildings(scope, estate.id).await?;
        Ok(Self {
            items: items.into_iter().map(|item| (item.id.as_uuid(), item)).collect(),
            buildings: buildings.into_iter().map(|(code, id)| (id.as_uuid(), code)).collect(),
        })
    }

    fn receivable(&self, row: sums::Sums) -> ReceivableRow {
        let item = self.items.get(&row.item_id);
        let text = |of: fn(&fees::FeeItem) -> &String| item.map(of).cloned().unwrap_or_default();
        ReceivableRow {
            item: row.item_id,
            code: text(|item| &item.code),
            name_zh: text(|item| &item.name_zh),
            name_en: text(|item| &item.name_en),
            building: row.building_id,
            building_code: row.building_id.and_then(|id| self.buildings.get(&id).cloned()),
            receivable: Fen(row.receivable),
            received: Fen(row.received),
            waived: Fen(row.waived),
            open: Ages {
                not_due: Fen(row.not_due),
                to_30: Fen(row.to_30),
                to_90: Fen(row.to_90),
                to_180: Fen(row.to_180),
                to_365: Fen(row.to_365),
                older: Fen(row.older),
            },
            arrears: Fen(row.arrears),
            recovered: Fen(row.recovered),
        }
    }

    fn revenue(&self, moves: &[sums::Moved]) -> Vec<RevenueRow> {
        let mut rows: Vec<RevenueRow> = Vec::new();
        for moved in moves.iter().filter(|it| it.code.starts_with('6')) {
            let change = credit(moved);
            match rows.last_mut() {
                Some(row) if row.code == moved.code && row.item == moved.subject => {
                    row.amount += change.amount;
                    row.moves.push(change);
                }
                _ => rows.push(RevenueRow {
                    code: moved.code.clone(),
                    item: moved.subject,
                    item_code: moved
                        .subject
                        .and_then(|id| self.items.get(&id).map(|item| item.code.clone())),
                    amount: change.amount,
                    moves: vec![change],
                }),
            }
        }
        rows
    }
}
