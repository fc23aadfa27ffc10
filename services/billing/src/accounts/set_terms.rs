//! Setting how often an account is billed and when a bill falls due.

use super::{AccountId, TERMS_MANAGE, repo};
use crate::{
    charges::{BillingMonth, DueRule},
    error::Refused,
    estates::{self, Terms},
    fees::FEE_READ,
    say,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;
use errors::{Invalid, expected};
use ids::EstateId;

/// What is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SetTerms {
    pub(crate) estate: EstateId,
    /// `None`: the terms of every account that has none of its own.
    pub(crate) account: Option<AccountId>,
    pub(crate) terms: Terms,
    /// The month before which nothing is charged; of the whole estate.
    pub(crate) cut_over: Option<BillingMonth>,
}

/// Sets terms; bills that are issued stay as they are.
#[tracing::instrument(name = "usecase.accounts.set_terms", skip_all, fields(estate.id = %wanted.estate))]
pub(crate) async fn set_terms(db: &Db, caller: &Caller, wanted: SetTerms) -> Result<(), Refused> {
    let estate = caller.act(TERMS_MANAGE, FEE_READ, wanted.estate)?.estate();
    check(&wanted)?;
    let scope = db.write(caller.tenant()).await?;
    estates::find(&scope, estate).await?.ok_or(Denied::Hidden)?;
    if let Some(id) = wanted.account {
        let account = repo::lock(&scope, id).await?.ok_or(Denied::Hidden)?;
        if account.estate != estate {
            return Err(Denied::Hidden.into());
        }
        repo::set_terms(&scope, id, wanted.terms).await?;
    } else {
        estates::set_terms(&scope, estate, wanted.terms).await?;
    }
    if let Some(month) = wanted.cut_over {
        estates::set_cut_over(&scope, estate, month).await?;
    }
    let fact = AuditFact {
        action: "billing_terms.set",
        object: wanted.account.map_or_else(|| estate.to_string(), |account| account.to_string()),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "cycle": wanted.terms.cycle, "due": wanted.terms.due,
            "cut_over": wanted.cut_over }),
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(())
}

fn check(wanted: &SetTerms) -> Result<(), Invalid> {
    match wanted.terms.due {
        DueRule::DayOfFirstMonth(1..=31) | DueRule::DaysAfterIssue(0..=365) => {}
        DueRule::DayOfFirstMonth(_) => {
            return Err(Invalid::new("dueDay", expected::between(1, 31)));
        }
        DueRule::DaysAfterIssue(_) => {
            return Err(Invalid::new("dueAfterDays", expected::between(0, 365)));
        }
    }
    if wanted.account.is_some() && wanted.cut_over.is_some() {
        return Err(Invalid::new("cutOverMonth", say::of_the_estate()));
    }
    Ok(())
}
