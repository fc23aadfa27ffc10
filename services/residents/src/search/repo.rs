//! The queries of the search box. Names and plates are few thousand rows per estate and indexed
//! by estate; phones are found by their tail or keyed hash, never in the clear.

use super::find::{MOST, Matched};
use crate::people::CompanyKey;
use contracts::PersonId;
use db::{StorageError, TenantScope};
use sea_orm::{FromQueryResult, Value};
use std::fmt::Write as _;
use uuid::Uuid;

/// A unit that something matched in.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub unit_id: Uuid,
    pub matched: Matched,
    pub person: Option<PersonId>,
}

#[derive(FromQueryResult)]
struct Row {
    unit_id: Uuid,
    person_id: Option<Uuid>,
}

/// `LIKE` takes the text as it is.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

async fn run(
    scope: &TenantScope,
    sql: &str,
    column: &str,
    estates: Option<&[Uuid]>,
    values: Vec<Value>,
    matched: Matched,
) -> Result<Vec<Found>, StorageError> {
    let (mut sql, mut values) = (sql.to_owned(), values);
    if let Some(estates) = estates {
        if estates.is_empty() {
            return Ok(Vec::new());
        }
        let _ = write!(sql, " AND {column} IN (");
        for (at, estate) in estates.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            let _ = write!(sql, "{comma}${}", values.len() + 2);
            values.push((*estate).into());
        }
        sql.push(')');
    }
    let _ = write!(sql, " LIMIT {MOST}");
    let rows: Vec<Row> = scope.rows(&sql, values).await?;
    let found = |row: Row| Found {
        unit_id: row.unit_id,
        matched,
        person: row.person_id.map(PersonId::from_uuid),
    };
    Ok(rows.into_iter().map(found).collect())
}

/// By label (from its beginning) or door number.
pub async fn by_unit(
    scope: &TenantScope,
    estates: Option<&[Uuid]>,
    text: &str,
) -> Result<Vec<Found>, StorageError> {
    let sql = "SELECT u.id AS unit_id, CAST(NULL AS UUID) AS person_id FROM units u \
               WHERE u.tenant_id = $1 AND (u.label LIKE $2 ESCAPE '\\' OR u.number = $3)";
    let text = text.to_uppercase();
    let values = vec![format!("{}%", literal(&text)).into(), text.into()];
    run(scope, sql, "u.estate_id", estates, values, Matched::Unit).await
}

const TIES: &str = "SELECT o.unit_id, p.id AS person_id FROM persons p JOIN occupancies o \
                    ON o.tenant_id = p.tenant_id AND o.person_id = p.id \
                    WHERE p.tenant_id = $1";

/// By a part of the name.
pub async fn by_name(
    scope: &TenantScope,
    estates: Option<&[Uuid]>,
    text: &str,
) -> Result<Vec<Found>, StorageError> {
    let sql = format!("{TIES} AND p.name LIKE $2 ESCAPE '\\'");
    let values = vec![format!("%{}%", literal(text)).into()];
    run(scope, &sql, "p.estate_id", estates, values, Matched::Name).await
}

/// By the last four digits of the phone, or by all of it.
pub async fn by_phone(
    scope: &TenantScope,
    estates: Option<&[Uuid]>,
    key: &CompanyKey,
    text: &str,
) -> Result<Vec<Found>, StorageError> {
    let digits = crate::people::digits(text);
    let (condition, value) = match digits.len() {
        0..4 => return Ok(Vec::new()),
        4 => ("phone_tail", digits),
        5..=6 => return by_longer_tail(scope, estates, key, &digits).await,
        _ => ("phone_hash", key.keyed_hash(&digits)),
    };
    let sql = format!("{TIES} AND p.{condition} = $2");
    run(scope, &sql, "p.estate_id", estates, vec![value.into()], Matched::Phone).await
}

/// By five or six last digits: the last four find the candidates, which are then opened.
async fn by_longer_tail(
    scope: &TenantScope,
    estates: Option<&[Uuid]>,
    key: &CompanyKey,
    digits: &str,
) -> Result<Vec<Found>, StorageError> {
    let sql = format!("{TIES} AND p.phone_tail = $2");
    let tail = digits[digits.len() - 4..].to_owned();
    let found = run(scope, &sql, "p.estate_id", estates, vec![tail.into()], Matched::Phone).await?;
    let people = found.iter().filter_map(|found| found.person.map(PersonId::as_uuid));
    let fitting = crate::people::repo::with_phone_tail(scope, key, people, digits).await?;
    Ok(found.into_iter().filter(|f| f.person.is_some_and(|p| fitting.contains(&p))).collect())
}

/// By a part of a plate.
pub async fn by_plate(
    scope: &TenantScope,
    estates: Option<&[Uuid]>,
    plate: &str,
) -> Result<Vec<Found>, StorageError> {
    let sql = "SELECT o.unit_id, o.person_id FROM vehicles v JOIN occupancies o \
               ON o.tenant_id = v.tenant_id AND o.person_id = v.holder_id \
               WHERE v.tenant_id = $1 AND v.plate LIKE $2 ESCAPE '\\'";
    let values = vec![format!("%{}%", literal(plate)).into()];
    run(scope, sql, "v.estate_id", estates, values, Matched::Plate).await
}
