//! Creating a company with its first administrator.

use super::repo;
use crate::{app::Outcome, check, policy, roles, staff};
use authz::{Actor, AuditFact, UserId, audit_as};
use db::Db;
use errors::{Invalid, expected};
use ids::TenantId;

/// A company to be, and who runs it.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// What people type at sign-in: lower-case letters, digits and hyphens.
    pub code: String,
    pub name: String,
    pub admin_login: String,
    pub admin_name: String,
}

/// A company that is ready, and the one-time token with which its administrator sets a password.
#[derive(Clone, Debug)]
pub struct Created {
    pub tenant: TenantId,
    pub administrator: UserId,
    pub password_token: String,
}

/// Creates it. Nobody gets a password here: the administrator sets one with the token.
#[tracing::instrument(name = "usecase.companies.create", skip_all)]
pub async fn create(db: &Db, actor: Actor<'_>, new: NewCompany) -> Outcome<Created> {
    let code = check::company_code(&new.code)?;
    let name = check::text("name", &new.name, 100)?;
    let tenant = TenantId::from_uuid(db.clock().uuid());
    let scope = db.write(tenant).await?;
    match repo::insert(&scope, &code, &name).await {
        Err(error) if error.is_unique_violation() => {
            return Err(Invalid::new("code", expected::unused()).into());
        }
        other => other?,
    }
    let person = staff::NewStaff {
        login: new.admin_login,
        name: new.admin_name,
        phone: None,
        position: None,
    };
    let (staff, password_token) = staff::insert(&scope, person).await?;
    let administrator = staff.id;
    roles::insert_grant(&scope, administrator, "CADM", None, &[], None).await?;
    let detail = serde_json::json!({ "code": code, "name": name });
    let fact = AuditFact {
        action: "company.created",
        object: tenant.to_string(),
        estate: None,
        reason: None,
        detail,
    };
    audit_as(&scope, actor, fact).await?;
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(Created { tenant, administrator, password_token })
}
