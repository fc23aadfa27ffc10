//! The features of billing, put together.

use crate::{
    accounts, auto_pay, bill_runs, bills, estates, fees,
    graphql::{Mutation, Query, per_request},
    imports, ledger, merchant_accounts, opening_balances,
    payments::{self, Channel},
    receipt_mail, receipts, refunds, requested_charges, settlement, statements, webhooks,
};
use async_graphql::{EmptySubscription, Schema};
use db::Migration;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;

/// The service.
pub fn service() -> Service {
    Service {
        name: "billing",
        migrations: migrations(),
        build: |context| Box::pin(async move { parts(&context) }),
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
        merchant_accounts::migration(),
        payments::migration(),
        receipts::migration(),
        refunds::migration(),
        requested_charges::migration(),
        settlement::migration(),
        merchant_accounts::state_migration(),
        webhooks::migration(),
        imports::migration(),
        estates::shown_names(),
        accounts::shown_names(),
        opening_balances::migration(),
        statements::migration(),
        receipt_mail::migration(),
        auto_pay::migration(),
    ]
}

fn parts(context: &ServiceContext) -> Result<Parts, StartError> {
    let channel = Channel::from_config(context.db.clone(), &context.config)?;
    let schema =
        ::graphql::limited(Schema::build(Query::default(), Mutation::default(), EmptySubscription))
            .data(context.db.clone())
            .data(channel.clone())
            .finish();
    let mut subscriptions = estates::subscriptions();
    subscriptions.extend(requested_charges::subscriptions());
    subscriptions.extend(accounts::subscriptions());
    subscriptions.push(imports::subscription());
    let mut jobs = payments::jobs(&channel);
    jobs.extend(auto_pay::jobs(&channel));
    jobs.push(bill_runs::job(context.db.clone()));
    jobs.push(ledger::books::job(context.db.clone()));
    jobs.push(imports::job(context.db.clone(), context.peers.clone()));
    let mailer = receipt_mail::Mailer::from_config(&context.config)?;
    jobs.push(receipt_mail::job(context.db.clone(), mailer));
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("billing", schema, context, per_request)),
        public: webhooks::routes(channel.clone()),
        internal: imports::routes(context.db.clone()),
        subscriptions,
        jobs,
    })
}
