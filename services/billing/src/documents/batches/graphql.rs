//! Batches of payment notices in the graph.

use super::{Batch, BatchState, Filter, cancel, find, page, start};
use crate::{
    documents::{
        NOTICE_PRINT,
        download::Shelf,
        graphql::{DocumentLanguage, tongue},
    },
    ids::{BuildingId, NoticeBatchId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::{Caller, Denied};
use chrono::{DateTime, Utc};
use db::Db;
use ids::EstateId;

/// How far a batch of notices has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "NoticeBatchState", remote = "BatchState")]
pub(crate) enum NoticeBatchState {
    /// Waits for a worker.
    Queued,
    /// Is being prepared or written.
    Running,
    /// The file can be fetched.
    Done,
    /// The file could not be written.
    Failed,
    /// Somebody gave it up.
    Cancelled,
}

/// Payment notices of many bills in one file.
pub(crate) struct NoticeBatchNode(Batch);

/// Payment notices of many bills in one file.
#[Object(name = "NoticeBatch")]
impl NoticeBatchNode {
    /// Its id, `nbt_…`.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }
    /// How far it has come.
    async fn state(&self) -> NoticeBatchState {
        self.0.state.into()
    }
    /// Of how many bills.
    async fn total(&self) -> i32 {
        small(self.0.total)
    }
    /// How many of them are prepared.
    async fn done(&self) -> i32 {
        small(self.0.done)
    }
    /// How many pages the file has.
    async fn pages(&self) -> Option<i32> {
        self.0.pages.map(small)
    }
    /// Who started it, `usr_…`.
    async fn started_by(&self) -> ID {
        self.0.started_by.to_string().into()
    }
    /// When it was started.
    async fn started_at(&self) -> DateTime<Utc> {
        self.0.started_at
    }
    /// When it ended.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }
    /// Path and query of the PDF, good for ten minutes; null until it is done.
    async fn link(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(file) = self.0.file else { return Ok(None) };
        let name = format!("notices-{}.pdf", self.0.id);
        let shelf = ctx.data::<Shelf>()?;
        Ok(Some(shelf.link(caller(ctx)?.tenant(), file, &name).link))
    }
}

fn small(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// Which bills' notices are printed.
#[derive(InputObject)]
pub(crate) struct StartNoticeBatchInput {
    /// The estate, `est_…`.
    estate_id: ID,
    /// Only bills of this run, `brn_…`.
    run_id: Option<ID>,
    /// Only bills of units in this building, `bld_…`.
    building_id: Option<ID>,
    /// Only bills of which something is owed.
    #[graphql(default)]
    unpaid: bool,
    /// In which language; the caller's if it is not said.
    language: Option<DocumentLanguage>,
    /// The client's key for this act: repeated with the same input it changes nothing.
    idempotency_key: String,
}

/// A batch to give up.
#[derive(InputObject)]
pub(crate) struct CancelNoticeBatchInput {
    /// The batch, `nbt_…`.
    batch_id: ID,
    /// Why; 1 to 500 characters.
    reason: String,
}

/// The batch after an act.
#[derive(SimpleObject)]
pub(crate) struct NoticeBatchPayload {
    /// The batch.
    batch: NoticeBatchNode,
}

/// Queries on batches of notices.
#[derive(Default)]
pub(crate) struct BatchQuery;

#[Object]
impl BatchQuery {
    /// A batch of payment notices with its progress.
    async fn notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The batch, `nbt_…`")] id: ID,
    ) -> Result<Option<NoticeBatchNode>> {
        let caller = caller(ctx)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let id: NoticeBatchId = parse_id(&id, "id")?;
        let batch = find(&scope, id).await.graphql()?.ok_or(Denied::Hidden).graphql()?;
        caller.read(NOTICE_PRINT, batch.estate).graphql()?;
        Ok(Some(NoticeBatchNode(batch)))
    }

    /// The batches of payment notices of an estate, newest first.
    async fn notice_batches(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, NoticeBatchNode>>> {
        let caller = caller(ctx)?;
        let wanted = PageArgs::new(first, after)?;
        let estate: EstateId = parse_id(&estate_id, "estateId")?;
        caller.read(NOTICE_PRINT, estate).graphql()?;
        let before = crate::graphql::after(&wanted)?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        let rows = page(&scope, estate, before, wanted.limit()).await.graphql()?;
        let key = |batch: &Batch| batch.id.as_uuid().simple().to_string();
        Ok(Some(connection(&wanted, rows, key, NoticeBatchNode)))
    }
}

/// Mutations on batches of notices.
#[derive(Default)]
pub(crate) struct BatchMutation;

#[Object]
impl BatchMutation {
    /// Start printing the payment notices of many bills into one file.
    async fn start_notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Of which bills")] input: StartNoticeBatchInput,
    ) -> Result<NoticeBatchPayload> {
        let (db, caller): (&Db, &Caller) = (ctx.data()?, caller(ctx)?);
        let key = input.idempotency_key.parse().graphql()?;
        let run = input.run_id.as_ref().map(|id| parse_id(id, "runId")).transpose()?;
        let building = input.building_id.as_ref();
        let building = building.map(|id| parse_id::<BuildingId>(id, "buildingId")).transpose()?;
        let filter = Filter { run, building, unpaid: input.unpaid };
        let estate = parse_id(&input.estate_id, "estateId")?;
        let language = tongue(ctx, input.language);
        let started = start(db, caller, estate, filter, language, &key);
        Ok(NoticeBatchPayload { batch: NoticeBatchNode(started.await.graphql()?) })
    }

    /// Give a batch up before its file is written; one that has ended stays as it is.
    async fn cancel_notice_batch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which batch and why")] input: CancelNoticeBatchInput,
    ) -> Result<NoticeBatchPayload> {
        let id = parse_id(&input.batch_id, "batchId")?;
        let given_up = cancel(ctx.data()?, caller(ctx)?, id, &input.reason);
        Ok(NoticeBatchPayload { batch: NoticeBatchNode(given_up.await.graphql()?) })
    }
}
