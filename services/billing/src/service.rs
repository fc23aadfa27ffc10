//! The features of billing, put together.

use crate::{
    accounts, arrears, auto_pay, bank, bill_runs, bills, book_exports, cashier, closing, deposits,
    discounts, documents, dunning, estates, fees,
    graphql::{Mutation, Query, per_request},
    imports, instalments, invoices, late_fees, ledger, merchant_accounts, meters, one_off_charges,
    opening_balances, owners_funds,
    payments::{self, Channel},
    receipt_mail, receipts, refunds, reports, requested_charges, settlement, settlements,
    shared_costs, statements, waivers, webhooks,
};
use async_graphql::{EmptySubscription, Schema};
use db::Migration;
use files::FileStore;
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
    let mut all = vec![
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
        late_fees::migration(),
        bills::settlements(),
        waivers::migration(),
        instalments::migration(),
        payments::late_fee_parts(),
        deposits::migration(),
        settlements::migration(),
        meters::migration(),
        one_off_charges::migration(),
        discounts::migration(),
        shared_costs::migration(),
        cashier::migration(),
        bank::migration(),
        bank::automatic_migration(),
        ledger::daily_totals(),
        closing::migration(),
        reports::migration(),
        owners_funds::common::migration(),
        owners_funds::fund::migration(),
        owners_funds::disclosures::migration(),
        book_exports::migration(),
        documents::migration(),
        invoices::settings_migration(),
        invoices::migration(),
        opening_balances::migration(),
        deposits::openings_migration(),
        opening_balances::readings_migration(),
        opening_balances::files_migration(),
        statements::migration(),
        receipt_mail::migration(),
        auto_pay::migration(),
        documents::more_kinds(),
        invoices::late_fee_lines(),
        receipt_mail::other_mails(),
        deposits::online_migration(),
        arrears::migration(),
    ];
    all.extend(dunning::migrations());
    all
}

fn parts(context: &ServiceContext) -> Result<Parts, StartError> {
    let channel = Channel::from_config(context.db.clone(), &context.config)?;
    let shelf = documents::Shelf::from_config(&context.config, context.clock.clone())?;
    let files = FileStore::from_config(&context.config, context.clock.clone())?;
    let schema =
        ::graphql::limited(Schema::build(Query::default(), Mutation::default(), EmptySubscription))
            .data(context.db.clone())
            .data(channel.clone())
            .data(shelf.clone())
            .data(files.clone())
            .data(context.policy.clone())
            .finish();
    let mut subscriptions = estates::subscriptions();
    subscriptions.extend(requested_charges::subscriptions());
    subscriptions.extend(accounts::subscriptions());
    subscriptions.extend(deposits::subscriptions());
    subscriptions.push(imports::subscription());
    subscriptions.extend(dunning::subscriptions());
    let mut jobs = payments::jobs(&channel);
    jobs.extend(auto_pay::jobs(&channel));
    jobs.push(bill_runs::job(context.db.clone()));
    jobs.push(ledger::books::job(context.db.clone()));
    jobs.push(dunning::job(context.db.clone()));
    jobs.push(book_exports::job(context.db.clone(), files));
    jobs.push(imports::job(context.db.clone(), context.peers.clone()));
    jobs.push(documents::job(context.db.clone(), shelf.clone()));
    let public = webhooks::routes(channel.clone())
        .merge(documents::file_routes(shelf))
        .merge(documents::verify_routes(context.db.clone()));
    let mailer = mail::Mailer::from_config(&context.config)?;
    jobs.push(receipt_mail::sending::<receipt_mail::OfReceipt>(context.db.clone(), mailer.clone()));
    jobs.push(receipt_mail::sending::<auto_pay::OfFailedCharge>(context.db.clone(), mailer));
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("billing", schema, context, per_request)),
        public,
        internal: imports::routes(context.db.clone()),
        subscriptions,
        jobs,
    })
}
