//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.

pub mod attachments;
pub mod charges;
pub mod contacts;
mod error;
mod graphql;
mod homes;
pub mod live;
pub mod responders;
pub mod revisits;
mod say;
#[cfg(test)]
mod testing;
mod timeline;

pub use error::Refused;

use async_graphql::{MergedObject, Schema};
use files::FileStore;
use personal::Keyring;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;
use vault::Vault;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    graphql::EntityQuery,
    responders::graphql::ResponderQuery,
    contacts::graphql::ContactQuery,
    contacts::CallBackQuery,
    contacts::ScriptQuery,
    timeline::graphql::TimelineQuery,
    attachments::graphql::AttachmentQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    contacts::ContactMutation,
    contacts::CallBackMutation,
    contacts::ScriptMutation,
    attachments::graphql::AttachmentMutation,
);

/// The service, not yet started.
pub fn service() -> Service {
    Service {
        name: "service-desk",
        migrations: vec![
            places::estates::migration(),
            places::homes::migration(),
            places::staff::migration(),
            personal::migration(),
            responders::migration(),
            contacts::migration(),
            contacts::scripts_migration(),
            attachments::migration(),
            revisits::migration(),
            charges::migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

/// What the service's parts share, from its configuration.
fn state(context: &ServiceContext) -> Result<graphql::State, StartError> {
    let vault = Vault::from_config(&context.config, context.clock.clone())?;
    let files = FileStore::from_config(&context.config, context.clock.clone())?;
    let scanner = attachments::configured(&context.config)?;
    Ok(graphql::State { keys: Keyring::new(vault), files, scanner })
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let state = state(&context)?;
    let hub = live::Hub::new();
    let ServiceContext { db, bus, stop, .. } = context.clone();
    tokio::spawn(live::follow(hub.clone(), db, bus, stop));
    let board = live::graphql::BoardSubscription;
    let schema = Schema::build(Query::default(), Mutation::default(), board)
        .data(context.db.clone())
        .data(state.clone())
        .data(hub);
    let schema = ::graphql::limited(schema).finish();
    let mut subscriptions = vec![places::estates::subscription(), places::staff::subscription()];
    subscriptions.extend(places::homes::subscriptions());
    subscriptions.extend(charges::subscriptions());
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: attachments::routes(context.db.clone(), context.policy.clone(), state.clone()),
        internal: axum::Router::new(),
        subscriptions,
        jobs: vec![attachments::job(context.db.clone(), state)],
    })
}

#[cfg(test)]
mod list_tests;
