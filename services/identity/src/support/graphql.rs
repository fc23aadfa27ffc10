//! Support grants in the graph.

use super::{
    SUPPORT_APPROVE,
    grants::{approve, end},
    repo::{SupportGrant, SupportGrants},
};
use crate::app::Identity;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// A platform operator's request to look into the company.
#[derive(SimpleObject)]
#[graphql(name = "SupportGrant")]
pub struct SupportGrantNode {
    /// Its id, `sup_…`.
    id: ID,
    /// The operator, `usr_…`.
    operator_id: ID,
    /// The operator's name.
    operator_name: String,
    /// Why.
    reason: String,
    /// For how many hours, at most four.
    hours: i32,
    /// When it was asked.
    requested_at: DateTime<Utc>,
    /// Who approved it, `usr_…`.
    approved_by_id: Option<ID>,
    /// Until when it holds; none while it is not approved.
    until: Option<DateTime<Utc>>,
    /// When the company ended or declined it.
    ended_at: Option<DateTime<Utc>>,
}

impl From<SupportGrant> for SupportGrantNode {
    fn from(grant: SupportGrant) -> Self {
        Self {
            id: grant.id.to_string().into(),
            operator_id: grant.operator.to_string().into(),
            operator_name: grant.operator_name,
            reason: grant.reason,
            hours: grant.hours,
            requested_at: grant.requested_at,
            approved_by_id: grant.approved_by.map(|user| user.to_string().into()),
            until: grant.until,
            ended_at: grant.ended_at,
        }
    }
}

/// Which request shall be approved.
#[derive(InputObject)]
pub struct ApproveSupportInput {
    /// The request, `sup_…`.
    id: ID,
}

/// The request that was approved.
#[derive(SimpleObject)]
pub struct ApproveSupportPayload {
    /// The grant.
    support_grant: SupportGrantNode,
}

/// Which grant shall end.
#[derive(InputObject)]
pub struct EndSupportInput {
    /// The request or grant, `sup_…`.
    id: ID,
}

/// The grant that ended.
#[derive(SimpleObject)]
pub struct EndSupportPayload {
    /// The grant.
    support_grant: SupportGrantNode,
}

/// Queries on support grants.
#[derive(Default)]
pub struct SupportQuery;

#[Object]
impl SupportQuery {
    /// The latest hundred requests of platform operators, newest first.
    async fn support_grants(&self, ctx: &Context<'_>) -> Result<Option<Vec<SupportGrantNode>>> {
        let caller = caller(ctx)?;
        caller.read_company(SUPPORT_APPROVE).graphql()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let grants = SupportGrants(&scope).latest().await.graphql()?;
        Ok(Some(grants.into_iter().map(Into::into).collect()))
    }
}

/// Mutations on support grants.
#[derive(Default)]
pub struct SupportMutation;

#[Object]
impl SupportMutation {
    /// Let a platform operator look into the company for as long as was asked.
    async fn approve_support(
        &self,
        ctx: &Context<'_>,
        input: ApproveSupportInput,
    ) -> Result<ApproveSupportPayload> {
        let id = parse_id(&input.id, "id")?;
        let grant = approve(ctx.data::<Identity>()?, caller(ctx)?, id).await.graphql()?;
        Ok(ApproveSupportPayload { support_grant: grant.into() })
    }

    /// Decline a request, or end a grant at once.
    async fn end_support(
        &self,
        ctx: &Context<'_>,
        input: EndSupportInput,
    ) -> Result<EndSupportPayload> {
        let id = parse_id(&input.id, "id")?;
        let grant = end(ctx.data::<Identity>()?, caller(ctx)?, id).await.graphql()?;
        Ok(EndSupportPayload { support_grant: grant.into() })
    }
}
