//! The caller's own company.

use super::{COMPANY_READ, repo};
use crate::app::Identity;
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use authz::TenantState;
use graphql::{GraphqlResultExt as _, caller};

/// A property company.
#[derive(SimpleObject)]
#[graphql(name = "Company")]
pub struct CompanyNode {
    /// Its id, `cmp_…`.
    id: ID,
    /// What people type at sign-in.
    code: String,
    /// Its name.
    name: String,
    /// Whether it may write, read, or neither.
    state: CompanyState,
}

/// The life of a company on the platform.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum CompanyState {
    /// Works.
    Active,
    /// Reads and exports only.
    Suspended,
    /// Nobody gets in.
    Closed,
}

impl From<repo::Company> for CompanyNode {
    fn from(company: repo::Company) -> Self {
        let state = match company.state {
            TenantState::Active => CompanyState::Active,
            TenantState::Suspended => CompanyState::Suspended,
            TenantState::Closed => CompanyState::Closed,
        };
        Self {
            id: company.tenant.to_string().into(),
            code: company.code,
            name: company.name,
            state,
        }
    }
}

/// Queries on companies.
#[derive(Default)]
pub struct CompanyQuery;

#[Object]
impl CompanyQuery {
    /// The caller's own company.
    async fn company(&self, ctx: &Context<'_>) -> Result<Option<CompanyNode>> {
        let caller = caller(ctx)?;
        if !caller.may_somewhere(COMPANY_READ) {
            return Err(authz::Denied::Hidden).graphql();
        }
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        Ok(repo::own(&scope).await.graphql()?.map(Into::into))
    }
}
