//! What is promised: dated versions, for an estate or the whole company.

use super::{
    PolicyId, SLA_MANAGE, SLA_READ, SubjectKind,
    domain::{Promise, product_default},
    settings_repo::{self, Policy},
};
use crate::{Refused, homes};
use authz::{AuditFact, Caller, audit};
use chrono::{DateTime, NaiveDate, Utc};
use db::{Db, StorageError, TenantScope};
use errors::expected;
use ids::EstateId;
use places::estates::Estate;

/// A new version of what is promised.
#[derive(Clone, Debug)]
pub(super) struct SavePolicy {
    pub estate: Option<EstateId>,
    pub kind: SubjectKind,
    pub code: Option<String>,
    pub effective_from: NaiveDate,
    pub promise: Promise,
}

/// Adds a version; tickets that have begun keep theirs.
#[tracing::instrument(name = "usecase.sla.save_policy", skip_all)]
pub(super) async fn save(db: &Db, caller: &Caller, command: SavePolicy) -> Result<Policy, Refused> {
    match command.estate {
        Some(estate) => caller.act(SLA_MANAGE, SLA_READ, estate).map(drop)?,
        None => caller.act_company(SLA_MANAGE).map(drop)?,
    }
    let scope = db.write(caller.tenant()).await?;
    if let Some(estate) = command.estate {
        homes::estate(&scope, estate).await?;
    }
    let policy = Policy {
        id: PolicyId::from_uuid(scope.new_id()),
        estate: command.estate,
        kind: command.kind,
        code: command.code.as_deref().map(checked_code).transpose()?.unwrap_or_default(),
        effective_from: command.effective_from,
        promise: command.promise.checked()?,
        saved_by: caller.user(),
        saved_at: scope.now(),
    };
    settings_repo::insert(&scope, &policy).await?;
    let fact = AuditFact {
        action: "sla_policy.saved",
        object: policy.id.to_string(),
        estate: policy.estate,
        reason: None,
        detail: (policy.kind, &policy.code, policy.effective_from, &policy.promise),
    };
    audit(&scope, caller, fact).await?;
    scope.commit().await?;
    Ok(policy)
}

fn checked_code(code: &str) -> Result<String, Refused> {
    let code = code.trim();
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if (2..=32).contains(&code.len()) && code.chars().all(fits) {
        Ok(code.to_owned())
    } else {
        Err(Refused::invalid("code", expected::upper_code(2, 32)))
    }
}

/// What is promised for a ticket that begins at an instant, and by which version; the product's
/// promise while nobody decided.
pub(super) async fn promised(
    scope: &TenantScope,
    estate: &Estate,
    which: (SubjectKind, &str),
    at: DateTime<Utc>,
) -> Result<(Option<PolicyId>, Promise), StorageError> {
    let day = estate.day_of(at);
    let all = settings_repo::candidates(scope, estate.id, which, day).await?;
    Ok(match best(all) {
        Some(policy) => (Some(policy.id), policy.promise),
        None => (None, product_default(which.0, which.1)),
    })
}

/// The code's own comes before that of all codes, the estate's before the company's, then the later.
fn best(all: Vec<Policy>) -> Option<Policy> {
    all.into_iter().max_by_key(|policy| {
        let own = (!policy.code.is_empty(), policy.estate.is_some());
        (own, policy.effective_from, policy.saved_at, policy.id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use authz::UserId;
    use uuid::Uuid;

    #[test]
    fn the_nearest_and_latest_version_holds() {
        let made = |n: u128, estate: bool, code: &str, from: &str| Policy {
            id: PolicyId::from_uuid(Uuid::from_u128(n)),
            estate: estate.then(|| EstateId::from_uuid(Uuid::nil())),
            kind: SubjectKind::Memo,
            code: code.to_owned(),
            effective_from: from.parse().unwrap(),
            promise: product_default(SubjectKind::Memo, code),
            saved_by: UserId::from_uuid(Uuid::nil()),
            saved_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        let all = [
            made(1, false, "", "2026-07-01"),
            made(2, true, "", "2026-01-01"),
            made(3, false, "A", "2026-02-01"),
            made(4, true, "A", "2026-01-01"),
            made(5, true, "A", "2026-01-01"),
        ];
        for many in 1..=5 {
            let best = best(all[..many].to_vec()).unwrap();
            assert_eq!(best.id, all[many - 1].id);
        }
        assert_eq!(best(Vec::new()), None);
    }
}
