//! Setting what the contract says about paying late.

use super::{book::item, domain::LateFeeTerms, repo};
use crate::{
    accounts::{self, TERMS_MANAGE},
    error::Refused,
    estates,
    fees::FEE_READ,
};
use authz::{AuditFact, Caller, Denied};
use db::Db;
use ids::EstateId;

/// Sets the terms of an estate or one account from a day on; answers what is now in force then.
#[tracing::instrument(name = "usecase.late_fees.set_terms", skip_all, fields(estate.id = %estate))]
pub(crate) async fn set_terms(
    db: &Db,
    caller: &Caller,
    estate: EstateId,
    terms: LateFeeTerms,
) -> Result<LateFeeTerms, Refused> {
    let estate = caller.act(TERMS_MANAGE, FEE_READ, estate)?.estate();
    let terms = terms.checked()?;
    let scope = db.write(caller.tenant()).await?;
    estates::lock(&scope, estate).await?.ok_or(Denied::Hidden)?;
    if let Some(id) = terms.account {
        let account = accounts::find(&scope, id).await?;
        account.filter(|account| account.estate == estate).ok_or(Denied::Hidden)?;
    }
    item(&scope, estate).await?;
    repo::add(&scope, estate, terms, caller.user()).await?;
    let fact = AuditFact {
        action: "late_fee_terms.set",
        object: terms.account.map_or_else(|| estate.to_string(), |account| account.to_string()),
        estate: Some(estate),
        reason: None,
        detail: terms,
    };
    authz::audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(terms)
}
