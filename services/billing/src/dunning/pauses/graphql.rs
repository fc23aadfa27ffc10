//! Pauses in the graph.

use super::{
    begin::{BeginPause, begin},
    domain::PauseKind,
    end::{EndPause, end},
    repo::{self, Pause, Wanted},
};
use crate::{
    dunning::{
        DUNNING_READ,
        graphql::place,
        right::{Reached, read_of},
    },
    error::Refused,
    estates,
    ids::{BillId, DunningPauseId},
};
use ::graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use authz::Denied;
use chrono::NaiveDate;
use db::{Db, IdempotencyKey, TenantScope};
use ids::EstateId;

/// Why nothing is demanded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(name = "DunningPauseKind", remote = "PauseKind")]
pub(crate) enum PauseKindWord {
    /// A complaint is not answered yet.
    Complaint,
    /// Staff said so.
    Staff,
    /// The debtor says that bills are wrong.
    Dispute,
}

/// A time in which nothing, or not these bills, is demanded (暂停催缴).
#[derive(SimpleObject)]
#[graphql(name = "DunningPause")]
pub(crate) struct PauseNode {
    #[graphql(skip)]
    pause: DunningPauseId,
    /// Its id, `dnp_…`.
    id: ID,
    /// The account it holds, `bac_…`,
    account_id: Option<ID>,
    /// or the unit all of whose accounts it holds, `unt_…`.
    unit_id: Option<ID>,
    /// Why, in one word.
    kind: PauseKindWord,
    /// Why.
    reason: String,
    /// What the service that told of it calls it.
    reference: Option<String>,
    /// The bills that are held, `bil_…`; everything when there are none.
    bill_ids: Vec<ID>,
    /// The first day.
    started_on: NaiveDate,
    /// The day it ended.
    ended_on: Option<NaiveDate>,
    /// What came of it.
    end_reason: Option<String>,
}

impl PauseNode {
    async fn load(scope: &TenantScope, pauses: Vec<Pause>) -> Result<Vec<Self>, Refused> {
        let ids: Vec<DunningPauseId> = pauses.iter().map(|pause| pause.id).collect();
        let mut bills = repo::bills_of(scope, &ids).await?;
        let node = |it: Pause| {
            let named = bills.remove(&it.id).unwrap_or_default().into_iter();
            Self {
                pause: it.id,
                id: it.id.to_string().into(),
                account_id: it.account.map(|account| account.to_string().into()),
                unit_id: it.unit.map(|unit| unit.to_string().into()),
                kind: it.kind.into(),
                reason: it.reason,
                reference: it.reference,
                bill_ids: named.map(|bill| bill.to_string().into()).collect(),
                started_on: it.started_on,
                ended_on: it.ended_on,
                end_reason: it.end_reason,
            }
        };
        Ok(pauses.into_iter().map(node).collect())
    }
}

/// Queries on pauses.
#[derive(Default)]
pub(crate) struct PauseQuery;

#[Object]
impl PauseQuery {
    /// The pauses of an estate, newest first; residents see their own disputes and pauses.
    async fn dunning_pauses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The estate, `est_…`")] estate_id: ID,
        #[graphql(desc = "Only those of this account, `bac_…`")] account_id: Option<ID>,
        #[graphql(desc = "Only those that last")] running: Option<bool>,
        #[graphql(desc = "At most so many, up to 100")] first: Option<i32>,
        #[graphql(desc = "Those after this cursor")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, PauseNode>>> {
        let (page, caller) = (PageArgs::new(first, after)?, caller(ctx)?);
        let estate = parse_id::<EstateId>(&estate_id, "estateId")?;
        let right = caller.read(DUNNING_READ, estate).graphql()?;
        let scope = ctx.data::<Db>()?.read(caller.tenant()).await.graphql()?;
        estates::visible(&scope, &right).await.graphql()?;
        let account = match account_id {
            Some(id) => {
                let id = parse_id(&id, "accountId")?;
                let account = read_of(&scope, caller, id, DUNNING_READ).await.graphql()?;
                if account.estate != estate {
                    return Err(Denied::Hidden).graphql();
                }
                Some(account)
            }
            None => None,
        };
        let wanted =
            Wanted { account, running: running.unwrap_or_default(), reached: Reached::of(&right) };
        let pauses = repo::page(&scope, estate, wanted, place(&page)?).await.graphql()?;
        let nodes = PauseNode::load(&scope, pauses).await.graphql()?;
        let key = |node: &PauseNode| node.pause.as_uuid().simple().to_string();
        Ok(Some(connection(&page, nodes, key, |node| node)))
    }
}

/// A pause to begin.
#[derive(InputObject)]
pub(crate) struct PauseDunningInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// Only these bills, `bil_…`; everything without them.
    bill_ids: Option<Vec<ID>>,
    /// Why; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// Bills that are said to be wrong.
#[derive(InputObject)]
pub(crate) struct DisputeBillsInput {
    /// The account, `bac_…`.
    account_id: ID,
    /// The bills, `bil_…`.
    bill_ids: Vec<ID>,
    /// What is wrong with them; 1 to 500 characters.
    reason: String,
    /// 8 to 255 printable characters, kept for ever: the same key is the same act.
    idempotency_key: String,
}

/// A pause to end.
#[derive(InputObject)]
pub(crate) struct ResumeDunningInput {
    /// The pause, `dnp_…`.
    id: ID,
    /// What came of it; 1 to 500 characters.
    reason: String,
}

/// The pause after an act.
#[derive(SimpleObject)]
pub(crate) struct DunningPausePayload {
    /// The pause.
    dunning_pause: PauseNode,
}

async fn payload(ctx: &Context<'_>, id: DunningPauseId) -> Result<DunningPausePayload> {
    let scope = ctx.data::<Db>()?.read(caller(ctx)?.tenant()).await.graphql()?;
    let pause = repo::find(&scope, id).await.graphql()?;
    let node = PauseNode::load(&scope, pause.into_iter().collect()).await.graphql()?.pop();
    Ok(DunningPausePayload { dunning_pause: node.ok_or(Denied::Hidden).graphql()? })
}

async fn begun(
    ctx: &Context<'_>,
    (account, bills, kind): (ID, Vec<ID>, PauseKind),
    reason: String,
    key: &str,
) -> Result<DunningPausePayload> {
    let key: IdempotencyKey = key.parse().graphql()?;
    let bills = bills.iter().map(|id| parse_id::<BillId>(id, "billIds"));
    let command = BeginPause {
        account: parse_id(&account, "accountId")?,
        kind,
        bills: bills.collect::<Result<_>>()?,
        reason,
    };
    let id = begin(ctx.data()?, caller(ctx)?, command, &key).await.graphql()?;
    payload(ctx, id).await
}

/// Changes of pauses.
#[derive(Default)]
pub(crate) struct PauseMutation;

#[Object]
impl PauseMutation {
    /// Hold the dunning of an account, or of some of its bills, until it is resumed.
    async fn pause_dunning(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is held and why")] input: PauseDunningInput,
    ) -> Result<DunningPausePayload> {
        let held = (input.account_id, input.bill_ids.unwrap_or_default(), PauseKind::Staff);
        begun(ctx, held, input.reason, &input.idempotency_key).await
    }

    /// Say that bills are wrong: they alone are not demanded until it is decided.
    async fn dispute_bills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is wrong")] input: DisputeBillsInput,
    ) -> Result<DunningPausePayload> {
        let held = (input.account_id, input.bill_ids, PauseKind::Dispute);
        begun(ctx, held, input.reason, &input.idempotency_key).await
    }

    /// End a pause: dunning goes on today with the step that was held.
    async fn resume_dunning(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What ends and what came of it")] input: ResumeDunningInput,
    ) -> Result<DunningPausePayload> {
        let pause = parse_id(&input.id, "id")?;
        let command = EndPause { pause, reason: input.reason };
        end(ctx.data()?, caller(ctx)?, command).await.graphql()?;
        payload(ctx, pause).await
    }
}
