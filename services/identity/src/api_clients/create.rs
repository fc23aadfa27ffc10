//! Letting a program in.

use super::{
    API_CLIENT_MANAGE,
    repo::{ApiClient, ApiClients},
};
use crate::{
    app::{Identity, Outcome},
    check,
    opaque::OpaqueToken,
    policy, roles, say,
};
use authz::{AuditFact, Caller, UserId, audit};
use chrono::{DateTime, Duration, Utc};
use errors::{Invalid, expected};
use ids::EstateId;

/// The longest a client may be let in at a time.
const LONGEST: Duration = Duration::days(366);

/// A client to be.
#[derive(Clone, Debug)]
pub struct NewClient {
    pub name: String,
    /// Roles and where they hold; `None` is every estate.
    pub roles: Vec<(String, Option<EstateId>)>,
    pub expires_at: DateTime<Utc>,
    pub per_minute: i32,
}

/// Lets it in; the secret is known to nobody afterwards.
#[tracing::instrument(name = "usecase.api_clients.create", skip_all)]
pub async fn create(
    identity: &Identity,
    caller: &Caller,
    new: NewClient,
) -> Outcome<(ApiClient, String)> {
    caller.act_company(API_CLIENT_MANAGE)?;
    let scope = identity.db.write(caller.tenant()).await?;
    let now = scope.now();
    if new.expires_at <= now || new.expires_at > now + LONGEST {
        return Err(Invalid::new("expiresAt", say::within_days(366)).into());
    }
    if !(1..=6_000).contains(&new.per_minute) {
        return Err(Invalid::new("perMinute", expected::between(1, 6000)).into());
    }
    if new.roles.is_empty() {
        return Err(Invalid::new("roles", expected::filled()).into());
    }
    let token = OpaqueToken::new(&identity.clock, caller.tenant(), scope.new_id());
    let client = ApiClient {
        id: UserId::from_uuid(token.id),
        name: check::text("name", &new.name, 50)?,
        secret_hash: token.hash(),
        per_minute: new.per_minute,
        created_at: now,
        expires_at: new.expires_at,
        revoked_at: None,
        last_used_at: None,
    };
    ApiClients(&scope).insert(&client).await?;
    for (role, estate) in &new.roles {
        roles::check_role(&scope, role, *estate).await?;
        roles::insert_grant(&scope, client.id, role, *estate, &[], Some(caller.user())).await?;
    }
    let fact = AuditFact {
        action: "api_client.created",
        object: client.id.to_string(),
        estate: None,
        reason: None,
        detail: serde_json::json!({ "name": client.name, "expiresAt": client.expires_at }),
    };
    audit(&scope, caller, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok((client, token.text()))
}
