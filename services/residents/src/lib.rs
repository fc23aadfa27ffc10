//! Residents: who lives where. Buildings, units, people, occupancy, parking, and their import.

mod error;
pub mod estates;
pub mod exports;
mod graphql;
pub mod imports;
pub mod invitations;
pub mod occupancy;
pub mod parking;
pub mod people;
mod say;
pub mod search;
pub mod seed;
pub mod structure;
pub mod uploads;

pub use error::ResidentsError;
pub use graphql::State;

use async_graphql::{EmptySubscription, MergedObject, Schema};
use files::FileStore;
use people::Keyring;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;
use vault::Vault;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    graphql::EntityQuery,
    structure::graphql::StructureQuery,
    people::graphql::PeopleQuery,
    parking::graphql::ParkingQuery,
    search::graphql::SearchQuery,
    imports::graphql::ImportQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    structure::graphql::StructureMutation,
    people::graphql::PeopleMutation,
    occupancy::graphql::OccupancyMutation,
    imports::graphql::ImportMutation,
    exports::graphql::ExportMutation,
    invitations::graphql::InvitationMutation,
);

/// The service, not yet started.
pub fn service() -> Service {
    Service {
        name: "residents",
        migrations: vec![
            estates::migration(),
            structure::migration(),
            structure::label_prefixes(),
            people::migration(),
            occupancy::migration(),
            parking::migration(),
            uploads::migration(),
            imports::migration(),
            imports::left_out(),
            imports::reading_state(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

/// What the service's parts share, from its configuration.
fn state(context: &ServiceContext) -> Result<State, StartError> {
    let vault = Vault::from_config(&context.config, context.clock.clone())?;
    let files = FileStore::from_config(&context.config, context.clock.clone())?;
    Ok(State { keys: Keyring::new(vault), files, peers: context.peers.clone() })
}

/// Imports into this service's database without the graph.
///
/// # Errors
/// When the configuration lacks a key.
pub fn importer(context: &ServiceContext) -> Result<imports::Importer, StartError> {
    Ok(imports::Importer::new(context.db.clone(), state(context)?))
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let state = state(&context)?;
    let schema = Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .data(context.db.clone())
        .data(state.clone());
    let schema = ::graphql::limited(schema).finish();
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("residents", schema, &context, graphql::per_request)),
        public: uploads::routes(context.db.clone(), context.policy.clone(), state.clone()),
        internal: uploads::internal(state.files.clone()),
        subscriptions: vec![estates::subscription(), imports::subscription()],
        jobs: vec![imports::job(context.db.clone(), state)],
    })
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod tests;
