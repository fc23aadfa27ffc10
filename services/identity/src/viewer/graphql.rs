//! The caller in the graph.

use crate::{
    app::{Identity, Outcome},
    companies::{self, COMPANY_READ, graphql::CompanyNode},
    credentials::Accounts,
    estates::{Estates, graphql::EstateNode, visible},
    invitations, staff,
};
use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use authz::{Caller, Subject};
use db::TenantScope;
use graphql::{GraphqlResultExt as _, caller};

/// What kind of user somebody is.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ViewerKind {
    /// A member of the company's staff.
    Staff,
    /// A resident.
    Resident,
    /// A program.
    Client,
    /// A platform operator with the company's leave.
    Support,
}

/// What the caller may do in one estate.
#[derive(SimpleObject)]
pub struct ViewerEstate {
    /// The estate.
    estate: EstateNode,
    /// The caller's permissions there, those for the whole company included, sorted. A client shows
    /// and hides by them; every service decides by itself.
    permissions: Vec<String>,
}

/// Who is asking.
#[derive(SimpleObject)]
pub struct Viewer {
    /// The account, `usr_…`.
    id: ID,
    /// What kind of user.
    kind: ViewerKind,
    /// The name, if the account has one.
    name: Option<String>,
    /// The sign-in name, if the account has one.
    login: Option<String>,
    /// The resident's person, `psn_…`.
    person_id: Option<ID>,
    /// The company, if the caller may read it.
    company: Option<CompanyNode>,
    /// The permissions held for the whole company, sorted.
    permissions: Vec<String>,
    /// The first hundred estates the caller may know of, by code.
    estates: Vec<ViewerEstate>,
}

/// Queries on the caller.
#[derive(Default)]
pub struct ViewerQuery;

#[Object]
impl ViewerQuery {
    /// Who is asking, and what they may do where.
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        let (identity, caller) = (ctx.data::<Identity>()?, caller(ctx)?);
        viewer(identity, caller).await.graphql().map(Some)
    }
}

async fn viewer(identity: &Identity, caller: &Caller) -> Outcome<Viewer> {
    let scope = identity.db.read(caller.tenant()).await?;
    let company = companies::own(&scope).await?.filter(|_| caller.may_somewhere(COMPANY_READ));
    let account = Accounts(&scope).by_id(caller.user()).await?;
    let visible = visible(&scope, caller).await?;
    let estates = Estates::new(&scope, &visible).page(None, 100).await?.into_iter();
    let (kind, person_id) = match caller.subject() {
        Subject::Staff(_) => (ViewerKind::Staff, None),
        Subject::Client(_) => (ViewerKind::Client, None),
        Subject::Support(_) => (ViewerKind::Support, None),
        Subject::Resident { person, .. } => {
            let person = contracts::PersonId::from_uuid(person).to_string();
            (ViewerKind::Resident, Some(person.into()))
        }
    };
    Ok(Viewer {
        id: caller.user().to_string().into(),
        kind,
        name: name(&scope, caller).await?,
        login: account.map(|account| account.login),
        person_id,
        company: company.map(Into::into),
        permissions: caller.permissions(None),
        estates: estates
            .map(|estate| ViewerEstate {
                permissions: caller.permissions(Some(estate.id)),
                estate: estate.into(),
            })
            .collect(),
    })
}

async fn name(scope: &TenantScope, caller: &Caller) -> Outcome<Option<String>> {
    Ok(match caller.subject() {
        Subject::Staff(user) => staff::name_of(scope, user).await?,
        Subject::Resident { person, .. } => invitations::name_of(scope, person).await?,
        Subject::Client(_) | Subject::Support(_) => None,
    })
}
