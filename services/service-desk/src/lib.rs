//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.

pub mod announcements;
mod error;
mod graphql;
mod homes;
pub mod keys;
pub mod meetings;
pub mod memos;
pub mod messages;
pub mod notices;
pub mod responders;
mod say;
#[cfg(test)]
mod testing;
pub mod visits;

pub use error::Refused;

use async_graphql::{EmptySubscription, MergedObject, Schema};
use graphql::State;
use keys::Keyring;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;
use vault::Vault;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    graphql::EntityQuery,
    responders::graphql::ResponderQuery,
    messages::graphql::MessageQuery,
    notices::graphql::NoticeQuery,
    visits::graphql::VisitQuery,
    memos::graphql::MemoQuery,
    meetings::graphql::MeetingQuery,
    announcements::graphql::AnnouncementQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    messages::graphql::MessageMutation,
    notices::graphql::NoticeMutation,
    visits::graphql::VisitMutation,
    memos::graphql::MemoMutation,
    meetings::graphql::MeetingMutation,
    announcements::graphql::AnnouncementMutation,
);

/// The service, not yet started.
pub fn service() -> Service {
    Service {
        name: "service-desk",
        migrations: vec![
            places::estates::migration(),
            places::homes::migration(),
            places::staff::migration(),
            responders::migration(),
            keys::migration(),
            messages::migration(),
            notices::migration(),
            visits::migration(),
            memos::migration(),
            meetings::migration(),
            announcements::migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

/// What the service's parts share, from its configuration.
fn state(context: &ServiceContext) -> Result<State, StartError> {
    let vault = Vault::from_config(&context.config, context.clock.clone())?;
    Ok(State { keys: Keyring::new(vault) })
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let state = state(&context)?;
    let providers = messages::delivery::Providers::from_config(&context.config)?;
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .data(context.db.clone())
        .data(context.policy.clone())
        .data(state.clone());
    let schema = ::graphql::limited(schema).finish();
    let mut subscriptions = vec![places::estates::subscription(), places::staff::subscription()];
    subscriptions.extend(places::homes::subscriptions());
    subscriptions.push(messages::subscription());
    let jobs = vec![
        messages::delivery::job(context.db.clone(), state.keys, providers),
        notices::job(context.db.clone()),
    ];
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: axum::Router::new(),
        internal: axum::Router::new(),
        subscriptions,
        jobs,
    })
}

#[cfg(test)]
mod list_tests;
