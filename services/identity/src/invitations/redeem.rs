//! Opening a resident's account with the code of an invitation.

use super::repo::{self, Invitation};
use crate::{
    IdentityError,
    app::{Identity, Outcome},
    check, companies,
    credentials::{Account, AccountKind, Accounts},
    opaque::sha256,
    say,
    sessions::{Origin, Tokens, start, throttle::Attempt},
};
use authz::{Actor, AuditFact, TenantState, audit_as};
use contracts::identity::ResidentSignedUp;
use db::TenantScope;

/// A code and the password that its bearer wants, or has.
#[derive(Clone)]
pub struct Redeem {
    /// The company's code.
    pub company: String,
    pub code: String,
    pub password: String,
    pub origin: Origin,
}

/// Opens the account and signs in. Who has an account already, because of another unit, proves it
/// with its password.
#[tracing::instrument(name = "usecase.invitations.redeem", skip_all)]
pub async fn redeem(identity: &Identity, cmd: Redeem) -> Outcome<Tokens> {
    let attempt = Attempt::begin_address(&identity.db, &cmd.origin.address).await?;
    let company = companies::by_code(&identity.db, cmd.company.trim()).await?;
    let company = company.filter(|company| company.state == TenantState::Active);
    let tenant = company.ok_or(IdentityError::CodeNotValid)?.tenant;
    let hash = sha256(cmd.code.trim().as_bytes());
    let scope = identity.db.read(tenant).await?;
    let invitation = repo::by_code(&scope, &hash).await?.ok_or(IdentityError::CodeNotValid)?;
    let known = Accounts(&scope).by_person(invitation.person.as_uuid()).await?;
    drop(scope);
    if invitation.expires_at <= identity.clock.now() {
        return Err(IdentityError::CodeNotValid);
    }
    let password_hash = if let Some(account) = &known {
        if !identity.passwords.verify(cmd.password, account.password_hash.clone()).await {
            return Err(IdentityError::NotSignedIn);
        }
        None
    } else {
        check::password(&cmd.password, &invitation.phone)?;
        Some(identity.passwords.hash(cmd.password).await?)
    };
    let scope = identity.db.write(tenant).await?;
    if !repo::use_up(&scope, invitation.id).await? {
        return Err(IdentityError::CodeNotValid);
    }
    let account = match known {
        Some(account) => account,
        None => open(&scope, &invitation, password_hash).await?,
    };
    tell(&scope, &invitation, &account, &cmd.origin.address).await?;
    let tokens = start(identity, &scope, &account, cmd.origin).await?;
    scope.commit().await?;
    attempt.succeeded().await?;
    Ok(tokens)
}

async fn open(
    scope: &TenantScope,
    invitation: &Invitation,
    password_hash: Option<String>,
) -> Outcome<Account> {
    let kind = AccountKind::Resident(invitation.person.as_uuid());
    let login = check::login(&invitation.phone)?;
    let id = match Accounts(scope).insert(kind, &login, password_hash.clone()).await {
        Err(error) if error.is_unique_violation() => {
            return Err(IdentityError::Conflict(say::phone_taken()));
        }
        other => other?,
    };
    Ok(Account { id, kind, login, password_hash, disabled: false })
}

async fn tell(
    scope: &TenantScope,
    invitation: &Invitation,
    account: &Account,
    origin: &str,
) -> Outcome<()> {
    let Invitation { estate, unit, person, .. } = *invitation;
    events::publish(scope, &ResidentSignedUp { estate, person, unit }).await?;
    let user = account.id.to_string();
    let fact = AuditFact {
        action: "resident.signed_up",
        object: person.to_string(),
        estate: Some(estate),
        reason: None,
        detail: serde_json::json!({ "unit": unit }),
    };
    Ok(audit_as(scope, Actor { kind: "resident", id: &user, origin }, fact).await?)
}
