//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.

pub mod complaints;
mod error;
mod graphql;
mod homes;
pub mod responders;
pub mod revisits;
mod say;
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
    revisits::graphql::RevisitQuery,
    complaints::graphql::ComplaintQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    revisits::graphql::RevisitMutation,
    complaints::graphql::ComplaintMutation,
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
            revisits::migration(),
            complaints::migration(),
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
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: axum::Router::new(),
        internal: axum::Router::new(),
        subscriptions,
        jobs: revisits::jobs(&context.db),
    })
}

#[cfg(test)]
mod list_tests;
