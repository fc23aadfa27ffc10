//! The audit log in the graph.

use super::{
    AUDIT_READ,
    repo::{AuditEntry, AuditFilter, page},
};
use crate::app::Identity;
use async_graphql::{
    Context, ID, InputObject, Object, Result, SimpleObject, connection::Connection,
};
use chrono::{DateTime, Utc};
use errors::{Invalid, expected};
use graphql::{Cursor, GraphqlResultExt as _, PageArgs, caller, connection, parse_id, to_graphql};
use uuid::Uuid;

/// Who did what to which object, when, from where and why.
#[derive(SimpleObject)]
#[graphql(name = "AuditEntry")]
pub struct AuditEntryNode {
    /// The entry's id.
    id: ID,
    /// When.
    at: DateTime<Utc>,
    /// `staff`, `resident`, `client`, `support`, `operator` or `system`.
    actor_kind: String,
    /// Who: the account's id.
    actor: String,
    /// What, as `noun.verb`, e.g. `estate.created`.
    action: String,
    /// To which object: its id.
    object: String,
    /// The estate, `est_…`, if it is in one.
    estate_id: Option<ID>,
    /// Why, where the act asks for a reason.
    reason: Option<String>,
    /// What changed, as JSON.
    detail: String,
    /// The address the call came from.
    origin: String,
}

impl From<AuditEntry> for AuditEntryNode {
    fn from(entry: AuditEntry) -> Self {
        Self {
            id: entry.id.simple().to_string().into(),
            at: entry.at,
            actor_kind: entry.actor_kind,
            actor: entry.actor,
            action: entry.action,
            object: entry.object,
            estate_id: entry.estate.map(|estate| estate.to_string().into()),
            reason: entry.reason,
            detail: entry.detail,
            origin: entry.origin,
        }
    }
}

/// What of the log is wanted; what is not set does not restrict.
#[derive(Default, InputObject)]
pub struct AuditFilterInput {
    /// By this account, `usr_…`.
    actor: Option<String>,
    /// This act, e.g. `estate.created`.
    action: Option<String>,
    /// To this object, by its id.
    object: Option<String>,
    /// In this estate, `est_…`.
    estate_id: Option<ID>,
    /// From this instant on.
    from: Option<DateTime<Utc>>,
    /// Before this instant.
    before: Option<DateTime<Utc>>,
}

fn read_cursor(cursor: &Cursor) -> Result<(DateTime<Utc>, Uuid)> {
    let read = || {
        let (at, id) = cursor.0.split_once(' ')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    };
    read().ok_or_else(|| to_graphql(Invalid::new("after", expected::cursor())))
}

/// Queries on the audit log.
#[derive(Default)]
pub struct AuditQuery;

#[Object]
impl AuditQuery {
    /// The audit log of all services, newest first.
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What of the log is wanted.")] filter: Option<AuditFilterInput>,
        #[graphql(desc = "How many, at most 100; 50 without it.")] first: Option<i32>,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
    ) -> Result<Option<Connection<Cursor, AuditEntryNode>>> {
        let (caller, args) = (caller(ctx)?, PageArgs::new(first, after)?);
        let leave = caller.read_company(AUDIT_READ).graphql()?;
        let wanted = filter.unwrap_or_default();
        let filter = AuditFilter {
            actor: wanted.actor,
            action: wanted.action,
            object: wanted.object,
            estate: wanted.estate_id.map(|id| parse_id(&id, "estateId")).transpose()?,
            from: wanted.from,
            before: wanted.before,
        };
        let after = args.after.as_ref().map(read_cursor).transpose()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let rows = page(&scope, &leave, filter, after, args.limit()).await.graphql()?;
        let key = |entry: &AuditEntry| format!("{} {}", entry.at.to_rfc3339(), entry.id);
        Ok(Some(connection(&args, rows, key, AuditEntryNode::from)))
    }
}
