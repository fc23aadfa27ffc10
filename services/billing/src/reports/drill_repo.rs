//! From a figure of a report to the entries behind it.

use crate::{charges::BillingMonth, ledger::books::repo::EntriesOf};
use chrono::{DateTime, Utc};
use sea_orm::Value;
use uuid::Uuid;

/// A column or section of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// What was charged for the month: the entries of those bills and of what was credited of them.
    Receivable,
    /// What of that came in: the entries by which those accounts owe less, but no waivers.
    Received,
    /// What of that was waived: the waivers of what those accounts owe.
    Waived,
    /// What is open at the end of the month: the entries of those bills.
    Open,
    /// What changed an account of the chart in the month.
    Account,
}

/// Which figure.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The section.
    pub(crate) section: Section,
    /// The month of the report.
    pub(crate) month: BillingMonth,
    /// The instant at which it ended.
    pub(crate) ends: DateTime<Utc>,
    /// Only this fee item.
    pub(crate) item: Option<Uuid>,
    /// Only this building.
    pub(crate) building: Option<Uuid>,
    /// The account of the chart.
    pub(crate) code: Option<String>,
    /// Only entries of this kind.
    pub(crate) kind: Option<String>,
}

/// A condition that grows with its values, the first of which is `$5`.
#[derive(Default)]
struct Condition {
    values: Vec<Value>,
}

impl Condition {
    fn place(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len() + 4)
    }

    /// The bills of the figure: `column` of each.
    fn bills(&mut self, wanted: &Wanted, column: &str) -> String {
        let last = self.place(wanted.month.last());
        let mut parts = vec![format!(
            "SELECT b.{column} FROM bills b JOIN charges c \
             ON c.tenant_id = b.tenant_id AND c.bill_id = b.id \
             WHERE b.tenant_id = $1 AND b.estate_id = $2 AND b.issued_on <= {last} \
             AND (b.voided_on IS NULL OR b.voided_on > {last})"
        )];
        if wanted.section == Section::Open {
            let ends = self.place(wanted.ends);
            parts.push(format!(
                "AND b.settled - COALESCE((SELECT SUM(m.amount) FROM bill_settlements m \
                 WHERE m.tenant_id = $1 AND m.bill_id = b.id AND m.toward = 'PRINCIPAL' \
                 AND m.at >= {ends}), 0) < b.total"
            ));
        } else {
            parts.push(format!("AND c.month = {}", self.place(wanted.month.first())));
        }
        self.narrow(wanted, &mut parts);
        parts.join(" ")
    }

    /// The entries of what was credited of the month's charges at leaving.
    fn credits(&mut self, wanted: &Wanted) -> String {
        let (month, ends) = (self.place(wanted.month.first()), self.place(wanted.ends));
        let mut parts = vec![format!(
            "SELECT n.entry_id FROM credit_notes n JOIN charges c \
             ON c.tenant_id = n.tenant_id AND c.id = n.charge_id \
             WHERE n.tenant_id = $1 AND n.estate_id = $2 AND n.month = {month} AND n.at < {ends}"
        )];
        self.narrow(wanted, &mut parts);
        parts.join(" ")
    }

    /// Only the charges of the item and the building, where the figure is of one.
    fn narrow(&mut self, wanted: &Wanted, parts: &mut Vec<String>) {
        if let Some(item) = wanted.item {
            parts.push(format!("AND c.item_id = {}", self.place(item)));
        }
        if let Some(building) = wanted.building {
            parts.push(format!("AND c.building_id = {}", self.place(building)));
        }
    }
}

/// The entries behind a figure.
pub(crate) fn wanted(wanted: &Wanted) -> EntriesOf {
    let mut given = Condition::default();
    let mut days = None;
    let mut condition = match wanted.section {
        Section::Receivable => {
            let (bills, credits) = (given.bills(wanted, "entry_id"), given.credits(wanted));
            format!("AND (e.id IN ({bills}) OR e.id IN ({credits}))")
        }
        Section::Open => format!("AND e.id IN ({})", given.bills(wanted, "entry_id")),
        Section::Received | Section::Waived => {
            let kinds = if wanted.section == Section::Waived {
                "= 'WAIVER'"
            } else {
                "NOT IN ('CHARGE', 'WAIVER')"
            };
            let accounts = given.bills(wanted, "account_id");
            let last = given.place(wanted.month.last());
            format!(
                "AND e.kind {kinds} AND e.day <= {last} AND EXISTS \
                 (SELECT 1 FROM ledger_lines l WHERE l.tenant_id = $1 AND l.entry_id = e.id \
                  AND l.code = '1122' AND l.amount < 0 AND l.subject IN ({accounts}))"
            )
        }
        Section::Account => {
            days = Some((wanted.month.first(), wanted.month.last()));
            let code = given.place(wanted.code.clone().unwrap_or_default());
            let item = wanted.item.map(|item| format!("AND l.subject = {}", given.place(item)));
            format!(
                "AND EXISTS (SELECT 1 FROM ledger_lines l WHERE l.tenant_id = $1 \
                 AND l.entry_id = e.id AND l.code = {code} {})",
                item.unwrap_or_default()
            )
        }
    };
    if let Some(kind) = &wanted.kind {
        condition = format!("{condition} AND e.kind = {}", given.place(kind.clone()));
    }
    EntriesOf { days, condition, values: given.values }
}
