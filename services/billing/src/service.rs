//! The features of billing, put together.

use crate::{
    accounts, bill_runs, bills, estates, fees,
    graphql::{Mutation, Query, per_request},
    ledger,
};
use async_graphql::{EmptySubscription, Schema};
use db::Migration;
use runtime::{Endpoint, Parts, Service, ServiceContext};
use std::sync::Arc;

/// The service.
pub fn service() -> Service {
    Service {
        name: "billing",
        migrations: migrations(),
        build: |context| Box::pin(async move { Ok(parts(&context)) }),
    }
}

fn migrations() -> Vec<Migration> {
    vec![
        estates::migration(),
        fees::migration(),
        accounts::migration(),
        ledger::migration(),
        bills::migration(),
        bill_runs::migration(),
    ]
}

fn parts(context: &ServiceContext) -> Parts {
    let schema =
        ::graphql::limited(Schema::build(Query::default(), Mutation::default(), EmptySubscription))
            .finish();
    Parts {
        subgraph: Arc::new(Endpoint::new("billing", schema, context, per_request)),
        public: axum::Router::new(),
        internal: axum::Router::new(),
        subscriptions: estates::subscriptions(),
        jobs: vec![
            bill_runs::job(context.db.clone()),
            ledger::books::job(context.db.clone()),
        ],
    }
}
