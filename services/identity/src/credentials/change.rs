//! Changing one's own password.

use super::Accounts;
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check, companies, policy, say,
    sessions::{self, throttle},
};
use authz::{AuditFact, Caller, audit};
use errors::Invalid;

/// Sets a new password for whoever knows the old one, and ends the user's other sessions.
#[tracing::instrument(name = "usecase.credentials.change", skip_all, fields(user.id = %caller.user()))]
pub async fn change_password(
    identity: &Identity,
    caller: &Caller,
    current: String,
    new: String,
) -> Outcome<()> {
    let user = caller.user();
    let scope = identity.db.read(caller.tenant()).await?;
    let account = Accounts(&scope).by_id(user).await?.ok_or_else(IdentityError::hidden)?;
    let company = companies::own(&scope).await?.ok_or_else(IdentityError::hidden)?;
    drop(scope);
    check::password(&new, &account.login).map_err(|e| Invalid::new("newPassword", e.reason))?;
    let (db, origin) = (&identity.db, caller.origin());
    let attempt = throttle::Attempt::begin(db, &company.code, &account.login, origin).await?;
    if !identity.passwords.verify(current, account.password_hash).await {
        return Err(Invalid::new("currentPassword", say::not_current_password()).into());
    }
    attempt.succeeded().await?;
    let hash = identity.passwords.hash(new).await?;
    let scope = identity.db.write(caller.tenant()).await?;
    Accounts(&scope).set_password(user, hash).await?;
    sessions::end_others(&scope, user, caller.session(), "password changed").await?;
    let fact = AuditFact {
        action: "password.changed",
        object: user.to_string(),
        estate: None,
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    policy::bump(&scope).await?;
    Ok(scope.commit().await?)
}
