//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.

pub mod charges;
mod community_events;
mod error;
mod graphql;
mod homes;
mod partner_settlements;
pub mod responders;
mod say;
mod special_services;
#[cfg(test)]
mod testing;

pub use error::Refused;

use async_graphql::{EmptySubscription, MergedObject, Schema};
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    graphql::EntityQuery,
    responders::graphql::ResponderQuery,
    special_services::ServiceQuery,
    special_services::OrderQuery,
    partner_settlements::graphql::SettlementQuery,
    community_events::graphql::EventQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    special_services::ServiceMutation,
    special_services::OrderMutation,
    partner_settlements::graphql::SettlementMutation,
    community_events::graphql::EventMutation,
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
            charges::migration(),
            special_services::migration(),
            partner_settlements::migration(),
            community_events::migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .data(context.db.clone());
    let schema = ::graphql::limited(schema).finish();
    let mut subscriptions = vec![places::estates::subscription(), places::staff::subscription()];
    subscriptions.extend(places::homes::subscriptions());
    subscriptions.extend(charges::subscriptions());
    subscriptions.extend(special_services::subscriptions());
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: axum::Router::new(),
        internal: axum::Router::new(),
        subscriptions,
        jobs: Vec::new(),
    })
}

#[cfg(test)]
mod list_tests;
