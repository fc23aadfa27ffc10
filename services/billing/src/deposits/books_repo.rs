//! What is held altogether, beside what the ledger says.

use super::domain::AGES;
use chrono::{Days, NaiveDate};
use db::{StorageError, TenantScope};
use ids::EstateId;
use money::Fen;
use sea_orm::FromQueryResult;

/// The deposits of an estate altogether.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Liability {
    /// What the deposits say is held.
    pub held: Fen,
    /// What the ledger's liability says.
    pub ledger: Fen,
    /// Refundable money that has not gone back, by the ages of [`AGES`]: how many, how much.
    pub ages: Vec<(u32, Fen)>,
}

#[derive(FromQueryResult)]
struct Sum {
    amount: i64,
}

#[derive(FromQueryResult)]
struct Age {
    place: i64,
    number: i64,
    amount: i64,
}

/// What is held in an estate, and how old what could have gone back is on `today`.
pub(super) async fn liability(
    scope: &TenantScope,
    estate: EstateId,
    today: NaiveDate,
) -> Result<Liability, StorageError> {
    let ages = "SELECT place, COUNT(*) AS number, \
                  CAST(SUM(amount - deducted - refunded) AS BIGINT) AS amount FROM \
                (SELECT d.*, CAST(CASE WHEN refundable_since > $3 THEN 0 WHEN refundable_since > $4 \
                   THEN 1 WHEN refundable_since > $5 THEN 2 ELSE 3 END AS BIGINT) AS place \
                 FROM deposits d WHERE tenant_id = $1 AND estate_id = $2 AND state = 'REFUNDABLE') x \
                GROUP BY place";
    let id = estate.as_uuid();
    let before = |days: u32| today.checked_sub_days(Days::new(days.into())).unwrap_or(today);
    let (held, ledger) = held_and_booked(scope, estate).await?;
    let [_, first, second, third] = AGES.map(before);
    let values = [id.into(), first.into(), second.into(), third.into()];
    let mut of_age = vec![(0, Fen::ZERO); AGES.len()];
    for row in scope.rows::<Age>(ages, values).await? {
        let place = usize::try_from(row.place).ok().and_then(|place| of_age.get_mut(place));
        if let Some(age) = place {
            *age = (u32::try_from(row.number).unwrap_or(u32::MAX), Fen(row.amount));
        }
    }
    Ok(Liability { held, ledger, ages: of_age })
}

/// What the deposits of an estate say is held, and what the ledger's liability says.
pub(crate) async fn held_and_booked(
    scope: &TenantScope,
    estate: EstateId,
) -> Result<(Fen, Fen), StorageError> {
    let held = "SELECT CAST(COALESCE(SUM(amount - deducted - refunded), 0) AS BIGINT) AS amount \
                FROM deposits WHERE tenant_id = $1 AND estate_id = $2 AND entry_id IS NOT NULL";
    let ledger = "SELECT CAST(COALESCE(-SUM(amount), 0) AS BIGINT) AS amount \
                  FROM balance_deltas WHERE tenant_id = $1 AND estate_id = $2 AND code = '2241'";
    let sum = async |sql: &str| -> Result<Fen, StorageError> {
        let rows: Vec<Sum> = scope.rows(sql, [estate.as_uuid().into()]).await?;
        Ok(Fen(rows.first().map_or(0, |row| row.amount)))
    };
    Ok((sum(held).await?, sum(ledger).await?))
}
