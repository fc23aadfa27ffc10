//! The sums that reports consist of.

use crate::charges::BillingMonth;
use chrono::{DateTime, Days, NaiveDate, Utc};
use db::{StorageError, TenantScope};
use ids::EstateId;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Sums of the lines of one fee item in one building.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Sums {
    pub(super) item_id: Uuid,
    pub(super) building_id: Option<Uuid>,
    pub(super) receivable: i64,
    pub(super) received: i64,
    pub(super) waived: i64,
    pub(super) not_due: i64,
    pub(super) to_30: i64,
    pub(super) to_90: i64,
    pub(super) to_180: i64,
    pub(super) to_365: i64,
    pub(super) older: i64,
    pub(super) arrears: i64,
    pub(super) recovered: i64,
}

/// What is settled of a line when `settled` of its bill is; the oldest lines are settled first. With
/// what came in of a bill it is what came in of the line: money meets the oldest lines, what was
/// waived is the rest.
fn share(settled: &str) -> String {
    format!(
        "CASE WHEN {settled} <= before THEN 0 WHEN {settled} - before < amount \
         THEN {settled} - before ELSE amount END"
    )
}

/// No more of a line is settled than what is left of it: the rest was settled by its credit at leaving.
fn net(settled: &str, credited: &str) -> String {
    format!("CASE WHEN {settled} > amount - {credited} THEN amount - {credited} ELSE {settled} END")
}

/// Receivable (less what was credited at leaving), received, waived and open as they were when the month
/// ended (`ends`, the instant), and what was in arrears when it began (`begins`).
pub(super) async fn receivables(
    scope: &TenantScope,
    estate: EstateId,
    month: BillingMonth,
    (begins, ends): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Sums>, StorageError> {
    let last = month.last();
    let ago = |days: u64| last.checked_sub_days(Days::new(days)).unwrap_or(last);
    let (at_begin, at_end) = (share("b_begin"), share("b_end"));
    let (got_at_begin, got_at_end) = (share("got_begin"), share("got_end"));
    let (net_end, net_begin) = (net("ended", "less_end"), net("began", "less_begin"));
    let (net_got_end, net_got_begin) = (net("got_ended", "less_end"), net("got_began", "less_end"));
    let sql = format!(
        "SELECT item_id, building_id, \
         CAST(SUM(CASE WHEN month = $3 THEN amount ELSE 0 END) AS BIGINT) AS receivable, \
         CAST(SUM(CASE WHEN month = $3 THEN got_ended ELSE 0 END) AS BIGINT) AS received, \
         CAST(SUM(CASE WHEN month = $3 THEN ended - got_ended ELSE 0 END) AS BIGINT) AS waived, \
         CAST(SUM(CASE WHEN due >= $4 THEN amount - ended ELSE 0 END) AS BIGINT) AS not_due, \
         CAST(SUM(CASE WHEN due < $4 AND due >= $7 THEN amount - ended ELSE 0 END) AS BIGINT) AS to_30, \
         CAST(SUM(CASE WHEN due < $7 AND due >= $8 THEN amount - ended ELSE 0 END) AS BIGINT) AS to_90, \
         CAST(SUM(CASE WHEN due < $8 AND due >= $9 THEN amount - ended ELSE 0 END) AS BIGINT) AS to_180, \
         CAST(SUM(CASE WHEN due < $9 AND due >= $10 THEN amount - ended ELSE 0 END) AS BIGINT) AS to_365, \
         CAST(SUM(CASE WHEN due < $10 THEN amount - ended ELSE 0 END) AS BIGINT) AS older, \
         CAST(SUM(CASE WHEN due < $3 AND issued_on < $3 THEN then_amount - began ELSE 0 END) AS BIGINT) AS arrears, \
         CAST(SUM(CASE WHEN due < $3 AND issued_on < $3 THEN got_ended - got_began ELSE 0 END) AS BIGINT) AS recovered \
         FROM (SELECT item_id, building_id, month, due, issued_on, amount - less_end AS amount, \
             amount - less_begin AS then_amount, {net_end} AS ended, {net_begin} AS began, \
             {net_got_end} AS got_ended, {net_got_begin} AS got_began FROM \
         (SELECT item_id, building_id, month, due, issued_on, amount, less_end, less_begin, \
             {at_end} AS ended, {at_begin} AS began, \
             {got_at_end} AS got_ended, {got_at_begin} AS got_began FROM \
           (SELECT c.item_id, c.building_id, c.month, b.due, b.issued_on, c.amount, b.b_end, b.b_begin, \
              CASE WHEN n.at < $6 THEN n.amount ELSE 0 END AS less_end, \
              CASE WHEN n.at < $5 THEN n.amount ELSE 0 END AS less_begin, \
              b.b_end - b.waived_end AS got_end, b.b_begin - b.waived_begin AS got_begin, \
              SUM(c.amount) OVER (PARTITION BY c.bill_id ORDER BY c.month, c.from_day, c.id \
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - c.amount AS before \
            FROM charges c JOIN \
              (SELECT b.id, b.due, b.issued_on, b.total, b.first_month, b.last_month, \
                 b.settled - COALESCE(m.since_end, 0) AS b_end, \
                 b.settled - COALESCE(m.since_begin, 0) AS b_begin, \
                 b.waived - COALESCE(m.waived_since_end, 0) AS waived_end, \
                 b.waived - COALESCE(m.waived_since_begin, 0) AS waived_begin \
               FROM bills b LEFT JOIN \
                 (SELECT s.bill_id, SUM(s.amount) AS since_begin, \
                    SUM(CASE WHEN s.at >= $6 THEN s.amount ELSE 0 END) AS since_end, \
                    SUM(CASE WHEN s.means = 'WAIVER' THEN s.amount ELSE 0 END) AS waived_since_begin, \
                    SUM(CASE WHEN s.means = 'WAIVER' AND s.at >= $6 THEN s.amount ELSE 0 END) AS waived_since_end \
                  FROM bill_settlements s JOIN bills b ON b.tenant_id = s.tenant_id AND b.id = s.bill_id \
                  WHERE s.tenant_id = $1 AND b.estate_id = $2 AND s.toward = 'PRINCIPAL' AND s.at >= $5 \
                  GROUP BY s.bill_id) m \
                 ON m.bill_id = b.id \
               WHERE b.tenant_id = $1 AND b.estate_id = $2 AND b.issued_on <= $4 \
               AND (b.voided_on IS NULL OR b.voided_on > $4)) b ON b.id = c.bill_id \
            LEFT JOIN credit_notes n ON n.tenant_id = c.tenant_id AND n.charge_id = c.id \
            WHERE c.tenant_id = $1 AND (b.b_end < b.total OR b.b_begin < b.total \
              OR (b.first_month <= $3 AND b.last_month >= $3))) x) y) z \
         GROUP BY item_id, building_id ORDER BY item_id, building_id"
    );
    let values = [
        estate.as_uuid().into(),
        month.first().into(),
        last.into(),
        begins.into(),
        ends.into(),
        ago(30).into(),
        ago(90).into(),
        ago(180).into(),
        ago(365).into(),
    ];
    scope.rows(&sql, values).await
}

/// What one kind of entry changed in an account of the chart.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Moved {
    pub(super) code: String,
    pub(super) subject: Option<Uuid>,
    pub(super) kind: String,
    pub(super) amount: i64,
}

/// What the entries of a period changed, by account and kind; revenue by fee item.
pub(super) async fn moves(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Moved>, StorageError> {
    let sql = "SELECT code, subject, kind, CAST(SUM(amount) AS BIGINT) AS amount FROM \
               (SELECT l.code, CASE WHEN l.code = '6001' THEN l.subject END AS subject, e.kind, l.amount \
                FROM ledger_entries e JOIN ledger_lines l \
                  ON l.tenant_id = e.tenant_id AND l.entry_id = e.id \
                WHERE e.tenant_id = $1 AND e.estate_id = $2 AND e.day BETWEEN $3 AND $4 \
                AND (l.code IN ('2203', '2241', '2242') OR l.code LIKE '6%')) x \
               GROUP BY code, subject, kind HAVING SUM(amount) <> 0 ORDER BY code, subject, kind";
    scope.rows(sql, [estate.as_uuid().into(), from.into(), to.into()]).await
}

/// The balance of an account of the chart.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Balance {
    pub(super) code: String,
    pub(super) opening: i64,
    pub(super) closing: i64,
}

/// The balances of the accounts that belong to others, before `from` and at the end of `to`.
pub(super) async fn balances(
    scope: &TenantScope,
    estate: EstateId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Balance>, StorageError> {
    let sql = "SELECT code, \
               CAST(SUM(CASE WHEN day < $3 THEN amount ELSE 0 END) AS BIGINT) AS opening, \
               CAST(SUM(amount) AS BIGINT) AS closing FROM daily_totals \
               WHERE tenant_id = $1 AND estate_id = $2 AND day <= $4 \
               AND code IN ('1122', '2203', '2241', '2242') GROUP BY code";
    scope.rows(sql, [estate.as_uuid().into(), from.into(), to.into()]).await
}
