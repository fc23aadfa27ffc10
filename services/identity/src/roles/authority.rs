//! casbin over our tables: what grants and roles mean.

use super::{all_grants, custom};
use authz::{Grant, Role, role_templates};
use casbin::{Adapter, CoreApi as _, DefaultModel, Enforcer, Filter, Model, error::AdapterError};
use db::Db;
use ids::{EstateId, TenantId};

/// RBAC with domains: `p` is a role and an act, `g` a user, a role and the domain it holds in. A
/// role held for the company holds in every estate. Zone, reach and amount stand beside the grant.
/// The cheap comparison comes first: it decides for all but a few rules.
const MODEL: &str = r#"
[request_definition]
r = sub, dom, act
[policy_definition]
p = sub, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.act == p.act && (g(r.sub, p.sub, r.dom) || g(r.sub, p.sub, "company"))
"#;

/// The domain of an estate, or of the company as a whole.
pub fn domain(estate: Option<EstateId>) -> String {
    estate.map_or_else(|| "company".to_owned(), |estate| estate.to_string())
}

/// An enforcer for one company, with the rules as they stand.
pub async fn enforcer(db: &Db, tenant: TenantId) -> casbin::Result<Enforcer> {
    let adapter = TableAdapter { db: db.clone(), tenant };
    Enforcer::new(DefaultModel::from_str(MODEL).await?, adapter).await
}

/// Puts roles and grants into a casbin model. A company's own role stands before a template.
fn put(model: &mut dyn Model, roles: &[Role], grants: &[Grant]) {
    for role in roles {
        for right in &role.permissions {
            model.add_policy("p", "p", vec![role.code.clone(), right.permission.clone()]);
        }
    }
    for grant in grants {
        let rule = vec![grant.user.to_string(), grant.role.clone(), domain(grant.estate)];
        model.add_policy("g", "g", rule);
    }
}

/// Reads one company's roles and grants. Writing is refused: rights change by the use cases, which
/// check, audit and give the policy a new version in the same transaction. That version is what
/// other processes watch.
struct TableAdapter {
    db: Db,
    tenant: TenantId,
}

#[derive(Debug, thiserror::Error)]
#[error("rights change by granting and revoking roles")]
struct ReadOnly;

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> casbin::Error {
    casbin::Error::AdapterError(AdapterError(Box::new(error)))
}

#[async_trait::async_trait]
impl Adapter for TableAdapter {
    async fn load_policy(&mut self, model: &mut dyn Model) -> casbin::Result<()> {
        let scope = self.db.read(self.tenant).await.map_err(failed)?;
        let mut roles = role_templates();
        roles.extend(custom(&scope).await.map_err(failed)?);
        put(model, &roles, &all_grants(&scope).await.map_err(failed)?);
        Ok(())
    }

    async fn load_filtered_policy<'f>(
        &mut self,
        model: &mut dyn Model,
        _filter: Filter<'f>,
    ) -> casbin::Result<()> {
        // One company is small, and a filter may always be answered with more.
        self.load_policy(model).await
    }

    async fn save_policy(&mut self, _model: &mut dyn Model) -> casbin::Result<()> {
        Err(failed(ReadOnly))
    }

    async fn clear_policy(&mut self) -> casbin::Result<()> {
        Err(failed(ReadOnly))
    }

    fn is_filtered(&self) -> bool {
        false
    }

    async fn add_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> casbin::Result<bool> {
        Err(failed(ReadOnly))
    }

    async fn add_policies(
        &mut self,
        _: &str,
        _: &str,
        _: Vec<Vec<String>>,
    ) -> casbin::Result<bool> {
        Err(failed(ReadOnly))
    }

    async fn remove_policy(&mut self, _: &str, _: &str, _: Vec<String>) -> casbin::Result<bool> {
        Err(failed(ReadOnly))
    }

    async fn remove_policies(
        &mut self,
        _: &str,
        _: &str,
        _: Vec<Vec<String>>,
    ) -> casbin::Result<bool> {
        Err(failed(ReadOnly))
    }

    async fn remove_filtered_policy(
        &mut self,
        _: &str,
        _: &str,
        _: usize,
        _: Vec<String>,
    ) -> casbin::Result<bool> {
        Err(failed(ReadOnly))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authz::{Rights, RolePermission};
    use casbin::NullAdapter;
    use proptest::prelude::*;
    use uuid::Uuid;

    const ACTS: [&str; 4] = ["unit.read", "fee.read", "fee.approve", "estate.manage"];
    const ROLES: [&str; 4] = ["R0", "R1", "R2", "R3"];

    /// Asking 20 questions of each of 512 random policies makes 10,240 comparisons.
    const POLICIES: u32 = 512;

    fn user(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn estate(n: u128) -> Option<EstateId> {
        (n < 3).then(|| EstateId::from_uuid(Uuid::from_u128(100 + n)))
    }

    fn roles() -> impl Strategy<Value = Vec<Role>> {
        prop::collection::vec(any::<[bool; ACTS.len()]>(), ROLES.len()).prop_map(|table| {
            let role = |(code, row): (&str, [bool; ACTS.len()])| {
                let held = ACTS.iter().zip(row).filter(|(_, held)| *held);
                let right = |(act, _): (&&str, bool)| RolePermission {
                    permission: (*act).to_owned(),
                    reach: "all".to_owned(),
                    limit: None,
                };
                Role { code: code.to_owned(), permissions: held.map(right).collect() }
            };
            ROLES.into_iter().zip(table).map(role).collect()
        })
    }

    fn grants() -> impl Strategy<Value = Vec<Grant>> {
        // Role 4 does not exist; place 3 is the company.
        let grant = (0_u128..4, 0_usize..5, 0_u128..4).prop_map(|(who, role, place)| Grant {
            user: user(who),
            role: ROLES.get(role).copied().unwrap_or("R9").to_owned(),
            estate: estate(place),
            zone: Vec::new(),
        });
        prop::collection::vec(grant, 0..10)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(POLICIES))]
        #[test]
        fn the_compiled_table_and_casbin_agree(
            roles in roles(),
            grants in grants(),
            questions in prop::collection::vec((0_u128..5, 0_u128..4, 0..ACTS.len()), 20),
        ) {
            let enforcer = testkit::run(async {
                let model = DefaultModel::from_str(MODEL).await.unwrap();
                let mut enforcer = Enforcer::new(model, NullAdapter).await.unwrap();
                put(enforcer.get_mut_model(), &roles, &grants);
                enforcer.build_role_links().unwrap();
                enforcer
            });
            for (who, place, act) in questions {
                let mine = grants.iter().filter(|grant| grant.user == user(who));
                let role = |code: &str| roles.iter().find(|role| role.code == code);
                let compiled = Rights::compile(mine, role).allows(ACTS[act], estate(place));
                let question = (user(who).to_string(), domain(estate(place)), ACTS[act]);
                prop_assert_eq!(compiled, enforcer.enforce(question).unwrap());
            }
        }
    }
}
