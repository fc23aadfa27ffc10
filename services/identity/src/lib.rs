//! Identity: companies, estates, staff, roles, sign-in, and the policy that every service follows.

mod api_clients;
mod app;
mod audit;
mod check;
mod companies;
mod credentials;
mod error;
mod estates;
mod invitations;
mod keys;
mod opaque;
mod policy;
mod roles;
mod say;
pub mod seed;
mod sessions;
mod staff;
mod support;
mod viewer;

pub use companies::command::{CommandError, CreateCompany, OperatorCommand, StateChange, run};
pub use credentials::Passwords;
pub use error::IdentityError;

use app::Identity;
use async_graphql::{EmptySubscription, MergedObject, Request, Schema};
use authz::Caller;
use db::Db;
use estates::graphql::EstateLoader;
use http::HeaderMap;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;

#[derive(Default, MergedObject)]
struct Query(
    viewer::graphql::ViewerQuery,
    companies::graphql::CompanyQuery,
    estates::graphql::EstateQuery,
    staff::graphql::StaffQuery,
    roles::graphql::RoleQuery,
    sessions::graphql::SessionQuery,
    audit::graphql::AuditQuery,
    api_clients::graphql::ApiClientQuery,
    support::graphql::SupportQuery,
);

#[derive(Default, MergedObject)]
struct Mutation(
    estates::graphql::EstateMutation,
    staff::graphql::StaffMutation,
    roles::graphql::RoleMutation,
    sessions::graphql::SessionMutation,
    credentials::graphql::CredentialMutation,
    api_clients::graphql::ApiClientMutation,
    support::graphql::SupportMutation,
);

/// The service.
pub fn service() -> Service {
    Service {
        name: "identity",
        migrations: vec![
            keys::migration(),
            policy::migration(),
            companies::migration(),
            companies::storage(),
            estates::migration(),
            credentials::migration(),
            sessions::migration(),
            staff::migration(),
            roles::migration(),
            api_clients::migration(),
            invitations::migration(),
            support::migration(),
            audit::migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let identity = Identity::new(&context)?;
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .data(identity.clone());
    let schema = graphql::limited(schema).finish();
    let public = sessions::routes(identity.clone())
        .merge(credentials::routes(identity.clone()))
        .merge(api_clients::routes(identity.clone()))
        .merge(invitations::routes(identity.clone()))
        .merge(companies::routes(identity.clone()))
        .merge(keys::routes(identity.clone()));
    let mut subscriptions = audit::subscriptions();
    subscriptions.extend(invitations::subscriptions());
    subscriptions.extend(companies::subscriptions());
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("identity", schema, &context, per_request)),
        public,
        internal: policy::routes(identity, context.stop.clone()),
        subscriptions,
        jobs: Vec::new(),
    })
}

fn per_request(request: Request, caller: Option<&Caller>, db: &Db) -> Request {
    match caller {
        Some(caller) => request.data(EstateLoader::new(db, caller)),
        None => request,
    }
}

/// The client's address, as the gateway says.
fn origin(headers: &HeaderMap) -> String {
    let address = headers.get("x-commonhold-client").and_then(|value| value.to_str().ok());
    address.unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod list_tests;
