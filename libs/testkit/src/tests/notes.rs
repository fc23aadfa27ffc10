//! The smallest service there can be: one table, one event, one job.

use async_graphql::{Context, EmptySubscription, ID, Object, Result, Schema};
use authz::{AuditFact, Denied, Permission, audit};
use db::{
    ClaimedJob, JobEnd, JobKind, Migration, StorageError, StoredEvent, TenantScope, tenant_owned,
};
use events::{Event, EventHandler, HandlerError, Subscription};
use graphql::{GraphqlResultExt as _, caller, limited, parse_id};
use ids::EstateId;
use runtime::{Endpoint, Job, JobHandler, Parts, Service, ServiceContext};
use sea_orm::{ActiveValue::Set, ColumnTrait as _};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

pub const READ: Permission = Permission::new("estate.read");
pub const MANAGE: Permission = Permission::new("estate.manage");
pub const COUNT: JobKind = JobKind("count_notes");
pub const WRITE: &str =
    "mutation($estate: ID!, $text: String!) { writeNote(estateId: $estate, text: $text) }";
pub const TEXT: &str = "query($estate: ID!, $id: ID!) { note(estateId: $estate, id: $id) }";

ids::prefixed_id!(
    /// A note.
    NoteId, "not");

pub mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "notes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub tenant_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub estate_id: Uuid,
        pub text: String,
        pub echoes: i32,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
tenant_owned!(row);

#[derive(serde::Serialize, serde::Deserialize)]
pub struct NoteWritten {
    pub note: NoteId,
}

impl Event for NoteWritten {
    const KIND: &'static str = "notes.written";
    fn aggregate(&self) -> String {
        self.note.to_string()
    }
}

#[derive(Debug, thiserror::Error)]
enum NoteError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl errors::Coded for NoteError {
    fn code(&self) -> errors::Code {
        match self {
            Self::Denied(denied) => denied.code(),
            Self::Storage(error) => error.code(),
        }
    }
    fn text(&self) -> texts::Text {
        match self {
            Self::Denied(denied) => denied.text(),
            Self::Storage(error) => error.text(),
        }
    }
}

pub struct Query;
pub struct Mutation;

#[Object]
impl Query {
    async fn note(&self, ctx: &Context<'_>, estate_id: ID, id: ID) -> Result<Option<String>> {
        let (estate, id): (EstateId, NoteId) =
            (parse_id(&estate_id, "estateId")?, parse_id(&id, "id")?);
        find(ctx, estate, id).await.map(Some).graphql()
    }
}

async fn find(ctx: &Context<'_>, estate: EstateId, id: NoteId) -> Result<String, NoteError> {
    let caller = caller(ctx).map_err(|_| Denied::Hidden)?;
    let leave = caller.read(READ, estate)?;
    let scope = ctx.data_unchecked::<ServiceContext>().db.read(leave.tenant()).await?;
    let found = scope.find::<row::Entity>().filter(row::Column::Id.eq(id.as_uuid()));
    let found = found.filter(row::Column::EstateId.eq(estate.as_uuid())).one().await?;
    Ok(found.ok_or(Denied::Hidden)?.text)
}

#[Object]
impl Mutation {
    async fn write_note(&self, ctx: &Context<'_>, estate_id: ID, text: String) -> Result<ID> {
        let estate = parse_id(&estate_id, "estateId")?;
        write(ctx, estate, text).await.map(|id| id.to_string().into()).graphql()
    }
}

async fn write(ctx: &Context<'_>, estate: EstateId, text: String) -> Result<NoteId, NoteError> {
    let caller = caller(ctx).map_err(|_| Denied::Hidden)?;
    let leave = caller.act(MANAGE, READ, estate)?;
    let scope = ctx.data_unchecked::<ServiceContext>().db.write(leave.tenant()).await?;
    let id = NoteId::from_uuid(scope.new_id());
    let note = row::ActiveModel {
        id: Set(id.as_uuid()),
        estate_id: Set(estate.as_uuid()),
        text: Set(text),
        echoes: Set(0),
        ..Default::default()
    };
    scope.insert(note).await?;
    let fact = AuditFact {
        action: "note.written",
        object: id.to_string(),
        estate: Some(estate),
        reason: None,
        detail: (),
    };
    audit(&scope, caller, fact).await?;
    events::publish(&scope, &NoteWritten { note: id }).await?;
    db::enqueue_job(&scope, COUNT, id.as_uuid()).await?;
    scope.commit().await?;
    Ok(id)
}

/// Raises the note's echo by one per event: twice would be seen.
struct Echo;

#[async_trait::async_trait]
impl EventHandler for Echo {
    async fn handle(&self, scope: &TenantScope, event: &StoredEvent) -> Result<(), HandlerError> {
        let written: NoteWritten = events::read(event)?;
        raise(scope, written.note, 1).await.map_err(HandlerError::Storage)
    }
}

/// Raises the note's echo by a hundred per finished job.
struct Count(ServiceContext);

#[async_trait::async_trait]
impl JobHandler for Count {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        let done = async {
            let scope = self.0.db.write(job.tenant).await?;
            raise(&scope, NoteId::from_uuid(job.id), 100).await?;
            scope.commit().await
        };
        done.await.map_or(JobEnd::Failed, |()| JobEnd::Done)
    }
}

async fn raise(scope: &TenantScope, note: NoteId, by: i32) -> Result<(), StorageError> {
    let sql = "UPDATE notes SET echoes = echoes + $2 WHERE tenant_id = $1 AND id = $3";
    scope.execute(sql, [by.into(), note.as_uuid().into()]).await.map(drop)
}

/// The service.
pub fn service() -> Service {
    Service {
        name: "notes",
        migrations: vec![Migration {
            name: "20261123000000_notes",
            up: "CREATE TABLE notes (tenant_id UUID NOT NULL, id UUID NOT NULL, estate_id UUID NOT NULL, \
                 text TEXT NOT NULL, echoes INTEGER NOT NULL, PRIMARY KEY (tenant_id, id));",
            down: "DROP TABLE notes;",
            tenant_tables: &["notes"],
            append_only: &[],
            system_tables: &[],
        }],
        build: |context| {
            Box::pin(async move {
                let schema = limited(Schema::build(Query, Mutation, EmptySubscription))
                    .data(context.clone())
                    .finish();
                Ok(Parts {
                    subgraph: Arc::new(Endpoint::new(
                        "notes",
                        schema,
                        &context,
                        |request, _, _| request,
                    )),
                    public: axum::Router::new(),
                    internal: axum::Router::new(),
                    subscriptions: vec![
                        Subscription {
                            source: "notes",
                            kind: NoteWritten::KIND,
                            handler: Arc::new(Echo),
                        },
                        Subscription {
                            source: "identity",
                            kind: "nothing",
                            handler: Arc::new(Echo),
                        },
                    ],
                    jobs: vec![Job::new(COUNT, Count(context))],
                })
            })
        },
    }
}
