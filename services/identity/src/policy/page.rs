//! Answering what changed.

use super::repo;
use crate::{
    api_clients,
    app::{Identity, Outcome},
    companies, roles, sessions, support,
};
use authz::{PolicyPage, TenantPolicy, role_templates};
use db::Db;
use ids::TenantId;

/// The most companies of one answer; a reader that is further behind asks again at once.
const MAX_TENANTS: usize = 200;

/// Everything after a version. A reader that is ahead of us, because our database was restored
/// from a copy, gets everything.
pub async fn page(identity: &Identity, after: i64) -> Outcome<PolicyPage> {
    let keys = identity.keys.public().await?;
    let head = repo::head(&identity.db).await?;
    let after = if after > head { 0 } else { after };
    let changed = repo::changed_after(&identity.db, after, MAX_TENANTS).await?;
    let last = changed.last().map_or(head, |(_, version)| *version);
    let version = if changed.len() < MAX_TENANTS { head.max(last) } else { last };
    let mut tenants = Vec::with_capacity(changed.len());
    for (tenant, _) in changed {
        tenants.extend(tenant_policy(&identity.db, tenant).await?);
    }
    Ok(PolicyPage { version, templates: role_templates(), keys, tenants })
}

/// One company's policy as it stands; `None` when there is no such company.
pub async fn tenant_policy(db: &Db, tenant: TenantId) -> Outcome<Option<TenantPolicy>> {
    let scope = db.read(tenant).await?;
    let Some(company) = companies::own(&scope).await? else { return Ok(None) };
    Ok(Some(TenantPolicy {
        tenant,
        state: company.state,
        roles: roles::custom(&scope).await?,
        grants: roles::all_grants(&scope).await?,
        revoked_sessions: sessions::recently_ended(&scope).await?,
        support: support::in_force(&scope).await?,
        client_limits: api_clients::limits(&scope).await?,
    }))
}
