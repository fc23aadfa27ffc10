//! The service desk: every call, repair, complaint, revisit, notice, survey and event, on the clock.
#![recursion_limit = "256"] // the merged graph nests deeply

pub mod announcements;
pub mod attachments;
pub mod charges;
mod community_events;
pub mod complaints;
pub mod contacts;
mod error;
pub mod figures;
mod graphql;
mod homes;
pub mod live;
mod lots;
pub mod meetings;
pub mod memos;
pub mod messages;
mod month;
pub mod notices;
mod partner_settlements;
pub mod responders;
pub mod revisits;
mod say;
mod secrecy;
mod shares;
pub mod sla;
mod special_services;
pub mod surveys;
#[cfg(test)]
mod testing;
mod timeline;
pub mod visits;
pub mod work_orders;

pub use error::Refused;

use async_graphql::{MergedObject, Schema};
use files::FileStore;
use graphql::State;
use personal::Keyring;
use runtime::{Endpoint, Parts, Service, ServiceContext, StartError};
use std::sync::Arc;
use vault::Vault;

/// Every question.
#[derive(Default, MergedObject)]
pub struct Query(
    responders::graphql::ResponderQuery,
    contacts::graphql::ContactQuery,
    contacts::CallBackQuery,
    contacts::ScriptQuery,
    timeline::graphql::TimelineQuery,
    attachments::graphql::AttachmentQuery,
    messages::graphql::MessageQuery,
    notices::graphql::NoticeQuery,
    visits::graphql::VisitQuery,
    memos::graphql::MemoQuery,
    meetings::graphql::MeetingQuery,
    announcements::graphql::AnnouncementQuery,
    sla::graphql::SlaQuery,
    revisits::graphql::RevisitQuery,
    complaints::graphql::ComplaintQuery,
    special_services::ServiceQuery,
    special_services::OrderQuery,
    partner_settlements::graphql::SettlementQuery,
    community_events::graphql::EventQuery,
    surveys::graphql::SurveyQuery,
    work_orders::graphql::WorkOrderQuery,
    work_orders::catalogue::graphql::WorkCatalogueQuery,
    work_orders::incidents::graphql::IncidentQuery,
    figures::graphql::FigureQuery,
);

/// Every act.
#[derive(Default, MergedObject)]
pub struct Mutation(
    responders::graphql::ResponderMutation,
    contacts::ContactMutation,
    contacts::CallBackMutation,
    contacts::ScriptMutation,
    attachments::graphql::AttachmentMutation,
    messages::graphql::MessageMutation,
    notices::graphql::NoticeMutation,
    visits::graphql::VisitMutation,
    visits::alter_graphql::VisitPlanMutation,
    memos::graphql::MemoMutation,
    meetings::graphql::MeetingMutation,
    announcements::graphql::AnnouncementMutation,
    sla::graphql::SlaMutation,
    revisits::graphql::RevisitMutation,
    complaints::graphql::ComplaintMutation,
    special_services::ServiceMutation,
    special_services::OrderMutation,
    partner_settlements::graphql::SettlementMutation,
    community_events::graphql::EventMutation,
    surveys::graphql::SurveyMutation,
    work_orders::graphql::WorkOrderMutation,
    work_orders::catalogue::graphql::WorkCatalogueMutation,
    work_orders::incidents::graphql::IncidentMutation,
    figures::graphql::FigureMutation,
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
            contacts::migration(),
            contacts::scripts_migration(),
            contacts::tries_migration(),
            attachments::migration(),
            revisits::migration(),
            charges::migration(),
            messages::migration(),
            messages::withdrawn_migration(),
            notices::migration(),
            notices::arrears_migration(),
            notices::templates_migration(),
            visits::migration(),
            memos::migration(),
            memos::addressees_migration(),
            meetings::migration(),
            meetings::reasons_migration(),
            announcements::migration(),
            complaints::migration(),
            secrecy::migration(),
            special_services::migration(),
            partner_settlements::migration(),
            community_events::migration(),
            surveys::migration(),
            work_orders::migration(),
            work_orders::told_migration(),
            figures::migration(),
            timeline::migration(),
            contacts::nameless_migration(),
            revisits::work_migration(),
            surveys::ends_migration(),
            partner_settlements::refund_migration(),
            community_events::told_migration(),
            attachments::care_migration(),
            revisits::secrets_migration(),
            work_orders::news_migration(),
        ],
        build: |context| Box::pin(build(context)),
    }
}

/// What the service's parts share, from its configuration.
fn state(context: &ServiceContext) -> Result<State, StartError> {
    let vault = Vault::from_config(&context.config, context.clock.clone())?;
    let files = FileStore::from_config(&context.config, context.clock.clone())?;
    let scanner = attachments::configured(&context.config)?;
    Ok(State { keys: Keyring::new(vault), files, scanner })
}

async fn build(context: ServiceContext) -> Result<Parts, StartError> {
    let state = state(&context)?;
    let providers = messages::delivery::Providers::from_config(&context.config)?;
    let hub = live::Hub::new();
    let ServiceContext { db, bus, stop, .. } = context.clone();
    tokio::spawn(live::follow(hub.clone(), db.clone(), bus, stop));
    let board = live::graphql::BoardSubscription;
    let schema = Schema::build(Query::default(), Mutation::default(), board)
        .data(db.clone())
        .data(context.policy.clone())
        .data(state.clone())
        .data(hub);
    let schema = ::graphql::limited(schema).finish();
    Ok(Parts {
        subgraph: Arc::new(Endpoint::new("service-desk", schema, &context, graphql::per_request)),
        public: attachments::routes(context.db.clone(), context.policy.clone(), state.clone())
            .merge(figures::routes(state.files.clone())),
        internal: axum::Router::new(),
        subscriptions: subscriptions(),
        jobs: [
            vec![
                sla::job(db.clone()),
                attachments::job(db.clone(), state.clone()),
                attachments::left_job(db.clone(), state.files.clone()),
                messages::delivery::job(db.clone(), state.keys.clone(), providers),
                notices::job(db.clone()),
                figures::job(db.clone()),
                work_orders::job(db.clone()),
                special_services::job(db.clone()),
                surveys::job(db.clone()),
                community_events::job(db.clone()),
            ],
            revisits::jobs(&db),
        ]
        .concat(),
    })
}

/// What it hears of.
fn subscriptions() -> Vec<events::Subscription> {
    let mut all = vec![
        places::estates::subscription(),
        figures::subscription(),
        places::staff::subscription(),
    ];
    all.extend(places::homes::subscriptions());
    all.extend(charges::subscriptions());
    all.extend(special_services::subscriptions());
    all.push(messages::subscription());
    all.push(notices::subscription());
    all
}

#[cfg(test)]
mod list_tests;
#[cfg(test)]
mod race_tests;
