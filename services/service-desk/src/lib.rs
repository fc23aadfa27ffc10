//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.

pub mod charges;
pub mod contacts;
mod error;
mod graphql;
mod homes;
pub mod live;
pub mod responders;
pub mod revisits;
mod say;
pub mod sla;
#[cfg(test)]
mod testing;
pub mod work_orders;

pub use error::Refused;

use async_graphql::{MergedObject, Schema};
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    graphql::EntityQuery,
    responders::graphql::ResponderQuery,
    sla::graphql::SlaQuery,
    work_orders::graphql::WorkOrderQuery,
    work_orders::catalogue::graphql::WorkCatalogueQuery,
    work_orders::incidents::graphql::IncidentQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    sla::graphql::SlaMutation,
    work_orders::graphql::WorkOrderMutation,
    work_orders::catalogue::graphql::WorkCatalogueMutation,
    work_orders::incidents::graphql::IncidentMutation,
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
            sla::migration(),
            work_orders::migration(),
            contacts::migration(),
            contacts::scripts_migration(),
            revisits::migration(),
            charges::migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let hub = live::Hub::new();
    let ServiceContext { db, bus, stop, .. } = context.clone();
    tokio::spawn(live::follow(hub.clone(), db, bus, stop));
    let board = live::graphql::BoardSubscription;
    let schema = Schema::build(Query::default(), Mutation::default(), board)
        .data(context.db.clone())
        .data(hub);
    let schema = ::graphql::limited(schema).finish();
    let mut subscriptions = vec![places::estates::subscription(), places::staff::subscription()];
    subscriptions.extend(places::homes::subscriptions());
    subscriptions.extend(charges::subscriptions());
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: axum::Router::new(),
        internal: axum::Router::new(),
        subscriptions,
        jobs: vec![sla::job(context.db.clone())],
    })
}

#[cfg(test)]
mod list_tests;
