//! What must be done before a month is closed, asked live of every feature.

use super::checks_repo as repo;
use crate::{charges::BillingMonth, deposits, say};
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

/// What is open of an item.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    /// How many things.
    pub(crate) count: i64,
    /// What they come to, where a number alone says little.
    pub(crate) detail: Option<Text>,
}

/// An item of which a number says everything.
fn counted<'s>(
    count: impl Future<Output = Result<i64, StorageError>> + Send + 's,
) -> BoxFuture<'s, Result<Open, StorageError>> {
    Box::pin(async { Ok(Open { count: count.await?, detail: None }) })
}

/// One item: its code, what it is called, where its open things are listed, and what is open of it.
struct Check {
    code: &'static str,
    title: fn() -> Text,
    /// The screen, below that of the estate.
    link: &'static str,
    find: for<'s> fn(Checking<'s>) -> BoxFuture<'s, Result<Open, StorageError>>,
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
    /// What is open of it.
    pub(crate) open: Open,
}

/// Every item, a line each; a feature that can hold up a month adds its own.
const CHECKS: &[Check] = &[
    Check {
        code: "BILL_RUNS",
        title: say::check_bill_runs,
        link: "bill-runs",
        find: |of| counted(repo::bill_runs(of.scope, of.estate, of.month)),
    },
    Check {
        code: "CASHIER_SHIFTS",
        title: say::check_shifts,
        link: "cashier",
        find: |of| counted(repo::shifts_open(of.scope, of.estate, of.month)),
    },
    Check {
        code: "BANK_LINES",
        title: say::check_bank_lines,
        link: "bank",
        find: |of| counted(repo::bank_lines_unmatched(of.scope, of.estate, of.month)),
    },
    Check {
        code: "PAYMENTS_UNKNOWN",
        title: say::check_payments_unknown,
        link: "payments",
        find: |of| counted(repo::payments_unknown(of.scope, of.estate)),
    },
    Check {
        code: "REFUNDS_UNPAID",
        title: say::check_refunds_unpaid,
        link: "refunds",
        find: |of| counted(repo::refunds_unpaid(of.scope, of.estate)),
    },
    Check {
        code: "LEDGER_AGREES",
        title: say::check_ledger_agrees,
        link: "ledger/verification",
        find: |of| counted(repo::differences(of.scope, of.estate)),
    },
    Check {
        code: "DEPOSITS",
        title: say::check_deposits,
        link: "ledger",
        find: |of| counted(repo::deposits_overdrawn(of.scope, of.estate)),
    },
    Check {
        code: "DEPOSITS_AGREE",
        title: say::check_deposits_agree,
        link: "deposits",
        find: |of| Box::pin(deposits_agree(of)),
    },
    Check {
        code: "TRIAL_BALANCE",
        title: say::check_trial_balance,
        link: "ledger",
        find: |of| counted(repo::trial_balance_off(of.scope, of.estate, of.month)),
    },
];

/// Whether what the estate's deposits hold is the ledger's liability (2241); else by how much it is
/// not.
async fn deposits_agree(of: Checking<'_>) -> Result<Open, StorageError> {
    let (held, ledger) = deposits::held_and_booked(of.scope, of.estate).await?;
    let detail = || say::deposits_differ(held, ledger, held - ledger);
    let differs = held != ledger;
    Ok(Open { count: i64::from(differs), detail: differs.then(detail) })
}

/// Asks every item.
pub(crate) async fn checklist(of: Checking<'_>) -> Result<Vec<Checked>, StorageError> {
    let mut found = Vec::with_capacity(CHECKS.len());
    for check in CHECKS {
        let open = (check.find)(of).await?;
        found.push(Checked { code: check.code, title: (check.title)(), link: check.link, open });
    }
    Ok(found)
}
