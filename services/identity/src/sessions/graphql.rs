//! Sessions in the graph.

use super::{
    end::{revoke, sign_out_everywhere},
    repo::{Session, Sessions},
};
use crate::{app::Identity, staff::STAFF_READ};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use authz::{SessionId, UserId};
use chrono::{DateTime, Utc};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// A sign-in that lasts.
#[derive(SimpleObject)]
#[graphql(name = "Session")]
pub struct SessionNode {
    /// Its id, `ses_…`.
    id: ID,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When it was last used to get an access token.
    last_used_at: DateTime<Utc>,
    /// When it ends unless it is used.
    expires_at: DateTime<Utc>,
    /// The address it began from.
    origin: String,
    /// What the client calls itself.
    agent: String,
    /// Whether it is the one this request belongs to.
    current: bool,
}

impl SessionNode {
    fn new(session: Session, current: SessionId) -> Self {
        Self {
            current: session.id == current,
            id: session.id.to_string().into(),
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
            origin: session.origin,
            agent: session.agent,
        }
    }
}

/// Ends one session.
#[derive(InputObject)]
pub struct RevokeSessionInput {
    /// The session, `ses_…`.
    session_id: ID,
}

/// What was ended.
#[derive(SimpleObject)]
pub struct RevokeSessionPayload {
    /// The session.
    session_id: ID,
}

/// Ends every session of a user.
#[derive(InputObject)]
pub struct SignOutEverywhereInput {
    /// The user, `usr_…`; without it the caller.
    user_id: Option<ID>,
}

/// How much was ended.
#[derive(SimpleObject)]
pub struct SignOutEverywherePayload {
    /// How many sessions ended.
    ended: i32,
}

/// Queries on sessions.
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The sessions of a user that last, newest first: the caller's own, or with the right to read
    /// staff anybody's. At most 100.
    async fn sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The user, `usr_…`; without it the caller.")] user_id: Option<ID>,
    ) -> Result<Option<Vec<SessionNode>>> {
        let caller = caller(ctx)?;
        let user: Option<UserId> = user_id.map(|id| parse_id(&id, "userId")).transpose()?;
        let user = user.unwrap_or(caller.user());
        if user != caller.user() {
            caller.read_company(STAFF_READ).graphql()?;
        }
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let sessions = Sessions(&scope).of(user).await.graphql()?;
        let nodes = sessions.into_iter().map(|s| SessionNode::new(s, caller.session()));
        Ok(Some(nodes.collect()))
    }
}

/// Mutations on sessions.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// End one session; its access token stops working within a second.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        input: RevokeSessionInput,
    ) -> Result<RevokeSessionPayload> {
        let id = parse_id(&input.session_id, "sessionId")?;
        revoke(ctx.data::<Identity>()?, caller(ctx)?, id).await.graphql()?;
        Ok(RevokeSessionPayload { session_id: input.session_id })
    }

    /// End every session of a user, this one included.
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        input: SignOutEverywhereInput,
    ) -> Result<SignOutEverywherePayload> {
        let caller = caller(ctx)?;
        let user = input.user_id.map(|id| parse_id(&id, "userId")).transpose()?;
        let user = user.unwrap_or(caller.user());
        let ended = sign_out_everywhere(ctx.data::<Identity>()?, caller, user).await.graphql()?;
        Ok(SignOutEverywherePayload { ended: i32::try_from(ended).unwrap_or(i32::MAX) })
    }
}
