//! Signing in with a password.

use super::{Origin, Tokens, start, throttle::Attempt};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    companies::{self, Company},
    credentials::{Account, Accounts},
};
use authz::TenantState;

/// Who wants in.
#[derive(Clone)]
pub struct SignIn {
    /// The company's code.
    pub company: String,
    pub login: String,
    pub password: String,
    pub origin: Origin,
}

/// Starts a session. Unknown company, unknown login and wrong password read the same and take the
/// same time.
#[tracing::instrument(name = "usecase.sessions.sign_in", skip_all)]
pub async fn sign_in(identity: &Identity, cmd: SignIn) -> Outcome<Tokens> {
    let login = cmd.login.trim().to_lowercase();
    let code = cmd.company.trim();
    let attempt = Attempt::begin(&identity.db, code, &login, &cmd.origin.address).await?;
    let found = find(identity, code, &login).await?;
    let hash = found.as_ref().and_then(|(_, account)| account.password_hash.clone());
    let right = identity.passwords.verify(cmd.password, hash).await;
    let (company, account) = found.filter(|_| right).ok_or(IdentityError::NotSignedIn)?;
    attempt.succeeded().await?;
    let scope = identity.db.write(company.tenant).await?;
    let tokens = start(identity, &scope, &account, cmd.origin).await?;
    scope.commit().await?;
    Ok(tokens)
}

async fn find(identity: &Identity, code: &str, login: &str) -> Outcome<Option<(Company, Account)>> {
    let company = companies::by_code(&identity.db, code).await?;
    let Some(company) = company.filter(|company| company.state != TenantState::Closed) else {
        return Ok(None);
    };
    let scope = identity.db.read(company.tenant).await?;
    let account = Accounts(&scope).by_login(login).await?;
    Ok(account.filter(|account| !account.disabled).map(|account| (company, account)))
}
