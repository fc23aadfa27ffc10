//! What tests and the embedded mode need before anybody can sign in: a company with estates, staff
//! and passwords, and an operator of the platform.

use crate::{
    IdentityError, Passwords, companies,
    credentials::Accounts,
    estates::{self, Estate, EstateData, Estates, Visible},
    policy, roles, staff,
};
use authz::{Actor, UserId};
use db::{Db, TenantScope};
use ids::{EstateId, TenantId};
use std::collections::BTreeMap;

/// A company to be there.
#[derive(Clone, Debug)]
pub struct SeedCompany<'s> {
    /// What people type at sign-in.
    pub code: &'s str,
    /// Its name.
    pub name: &'s str,
    /// Its estates.
    pub estates: Vec<SeedEstate<'s>>,
    /// Its staff. The first one administrates the company whatever their roles are.
    pub staff: Vec<SeedStaff<'s>>,
}

/// An estate to be there, in Shanghai's time and in renminbi.
#[derive(Clone, Debug)]
pub struct SeedEstate<'s> {
    /// Its code.
    pub code: &'s str,
    /// Its name.
    pub name: &'s str,
    /// Where it is.
    pub address: &'s str,
}

/// A member of staff to be there.
#[derive(Clone, Debug)]
pub struct SeedStaff<'s> {
    /// The sign-in name.
    pub login: &'s str,
    /// The name.
    pub name: &'s str,
    /// The password.
    pub password: &'s str,
    /// Roles with the code of the estate they hold in; `None` for all estates.
    pub roles: Vec<(&'s str, Option<&'s str>)>,
}

/// A company that is there.
#[derive(Clone, Debug)]
pub struct Seeded {
    /// The company.
    pub tenant: TenantId,
    /// Its estates by code.
    pub estates: BTreeMap<String, EstateId>,
    /// Its staff by sign-in name.
    pub staff: BTreeMap<String, UserId>,
}

/// Registers a platform operator, or gives a known one this password.
///
/// # Errors
/// When an input is refused or the database fails.
pub async fn operator(
    db: &Db,
    passwords: &Passwords,
    name: &str,
    password: &str,
) -> Result<UserId, IdentityError> {
    companies::put_operator(db, passwords, name, password.to_owned()).await
}

/// Makes the company, or completes it: what is there already stays as it is.
///
/// # Errors
/// When an input is refused or the database fails.
///
/// # Panics
/// When the company has no staff.
pub async fn company(
    db: &Db,
    passwords: &Passwords,
    seed: &SeedCompany<'_>,
) -> Result<Seeded, IdentityError> {
    let administrator = seed.staff.first().expect("a company has an administrator");
    let tenant = if let Some(company) = companies::by_code(db, seed.code).await? {
        company.tenant
    } else {
        let actor = Actor { kind: "system", id: "seed", origin: "seed" };
        let new = companies::NewCompany {
            code: seed.code.to_owned(),
            name: seed.name.to_owned(),
            admin_login: administrator.login.to_owned(),
            admin_name: administrator.name.to_owned(),
        };
        companies::create(db, actor, new).await?.tenant
    };
    let mut hashes = Vec::with_capacity(seed.staff.len());
    for person in &seed.staff {
        hashes.push(passwords.hash(person.password.to_owned()).await?);
    }
    let scope = db.write(tenant).await?;
    let estates = put_estates(&scope, &seed.estates).await?;
    let mut staff = BTreeMap::new();
    for (person, hash) in seed.staff.iter().zip(hashes) {
        let user = put_staff(&scope, person, hash, &estates).await?;
        staff.insert(person.login.to_owned(), user);
    }
    policy::bump(&scope).await?;
    scope.commit().await?;
    Ok(Seeded { tenant, estates, staff })
}

async fn put_estates(
    scope: &TenantScope,
    wanted: &[SeedEstate<'_>],
) -> Result<BTreeMap<String, EstateId>, IdentityError> {
    let known = Estates::new(scope, &Visible::All).page(None, 1_000).await?.into_iter();
    let mut estates: BTreeMap<String, EstateId> =
        known.map(|Estate { code, id, .. }| (code, id)).collect();
    for estate in wanted {
        if estates.contains_key(estate.code) {
            continue;
        }
        let data = EstateData {
            name: estate.name.to_owned(),
            address: estate.address.to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            currency: "CNY".to_owned(),
            contract_from: None,
            contract_to: None,
        };
        let made = estates::insert(scope, estate.code, data).await?;
        estates.insert(made.code, made.id);
    }
    Ok(estates)
}

async fn put_staff(
    scope: &TenantScope,
    person: &SeedStaff<'_>,
    hash: String,
    estates: &BTreeMap<String, EstateId>,
) -> Result<UserId, IdentityError> {
    let accounts = Accounts(scope);
    let account = accounts.by_login(&person.login.to_lowercase()).await?;
    let user = if let Some(account) = &account {
        account.id
    } else {
        let new = staff::NewStaff {
            login: person.login.to_owned(),
            name: person.name.to_owned(),
            phone: None,
            position: None,
        };
        staff::insert(scope, new).await?.0.id
    };
    if account.is_none_or(|account| account.password_hash.is_none()) {
        accounts.set_password(user, hash).await?;
    }
    for (role, estate) in &person.roles {
        let estate = match estate {
            None => None,
            Some(code) => Some(*estates.get(*code).ok_or_else(IdentityError::hidden)?),
        };
        roles::check_role(scope, role, estate).await?;
        roles::insert_grant(scope, user, role, estate, &[], None).await?;
    }
    Ok(user)
}
