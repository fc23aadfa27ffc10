//! What must be done before a month is closed, asked live of every feature.

use super::checks_repo as repo;
use crate::{charges::BillingMonth, say};
use db::{StorageError, TenantScope};
use futures::future::BoxFuture;
use ids::EstateId;
use texts::Text;

/// What a check is asked about.
#[derive(Clone, Copy)]
pub(crate) struct Checking<'s> {
    /// The transaction.
    pub(crate) scope: &'s TenantScope,
    /// Whose books.
    pub(crate) estate: EstateId,
    /// The month.
    pub(crate) month: BillingMonth,
}

/// One item: its code, what it is called, where its open things are listed, and how many there are.
struct Check {
    code: &'static str,
    title: fn() -> Text,
    /// The screen, below that of the estate.
    link: &'static str,
    count: for<'s> fn(Checking<'s>) -> BoxFuture<'s, Result<i64, StorageError>>,
}

/// The answer of one item.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    /// Its stable code.
    pub(crate) code: &'static str,
    /// What it is called.
    pub(crate) title: Text,
    /// Where its open things are listed.
    pub(crate) link: &'static str,
    /// How many things are open.
    pub(crate) count: i64,
}

/// Every item, a line each; a feature that can hold up a month adds its own.
const CHECKS: &[Check] = &[
    Check {
        code: "BILL_RUNS",
        title: say::check_bill_runs,
        link: "bill-runs",
        count: |of| Box::pin(repo::bill_runs(of.scope, of.estate, of.month)),
    },
    Check {
        code: "CASHIER_SHIFTS",
        title: say::check_shifts,
        link: "cashier",
        count: |of| Box::pin(repo::shifts_open(of.scope, of.estate, of.month)),
    },
    Check {
        code: "BANK_LINES",
        title: say::check_bank_lines,
        link: "bank",
        count: |of| Box::pin(repo::bank_lines_unmatched(of.scope, of.estate, of.month)),
    },
    Check {
        code: "PAYMENTS_UNKNOWN",
        title: say::check_payments_unknown,
        link: "payments",
        count: |of| Box::pin(repo::payments_unknown(of.scope, of.estate)),
    },
    Check {
        code: "REFUNDS_UNPAID",
        title: say::check_refunds_unpaid,
        link: "refunds",
        count: |of| Box::pin(repo::refunds_unpaid(of.scope, of.estate)),
    },
    Check {
        code: "LEDGER_AGREES",
        title: say::check_ledger_agrees,
        link: "ledger/verification",
        count: |of| Box::pin(repo::differences(of.scope, of.estate)),
    },
    Check {
        code: "DEPOSITS",
        title: say::check_deposits,
        link: "ledger",
        count: |of| Box::pin(repo::deposits_overdrawn(of.scope, of.estate)),
    },
    Check {
        code: "TRIAL_BALANCE",
        title: say::check_trial_balance,
        link: "ledger",
        count: |of| Box::pin(repo::trial_balance_off(of.scope, of.estate, of.month)),
    },
];

/// Asks every item.
pub(crate) async fn checklist(of: Checking<'_>) -> Result<Vec<Checked>, StorageError> {
    let mut found = Vec::with_capacity(CHECKS.len());
    for check in CHECKS {
        let count = (check.count)(of).await?;
        found.push(Checked { code: check.code, title: (check.title)(), link: check.link, count });
    }
    Ok(found)
}
