//! API clients in the graph.

use super::{
    API_CLIENT_MANAGE,
    create::{NewClient, create},
    repo::{ApiClient, ApiClients},
    revoke::revoke,
};
use crate::app::Identity;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use graphql::{GraphqlResultExt as _, caller, parse_id};

/// A program that the company lets in.
#[derive(SimpleObject)]
#[graphql(name = "ApiClient")]
pub struct ApiClientNode {
    /// Its id, `usr_…`: the `clientId` at `/auth/client-token`.
    id: ID,
    /// What it is for.
    name: String,
    /// Requests that each service takes from it in a minute.
    per_minute: i32,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Until when it is let in.
    expires_at: DateTime<Utc>,
    /// When it was revoked.
    revoked_at: Option<DateTime<Utc>>,
    /// When it last got a token.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<ApiClient> for ApiClientNode {
    fn from(client: ApiClient) -> Self {
        Self {
            id: client.id.to_string().into(),
            name: client.name,
            per_minute: client.per_minute,
            created_at: client.created_at,
            expires_at: client.expires_at,
            revoked_at: client.revoked_at,
            last_used_at: client.last_used_at,
        }
    }
}

/// A role of an API client and where it holds.
#[derive(InputObject)]
pub struct ApiClientRoleInput {
    /// The role's code.
    role: String,
    /// The estate, `est_…`; without it every estate of the company.
    estate_id: Option<ID>,
}

/// A program that shall be let in.
#[derive(InputObject)]
pub struct CreateApiClientInput {
    /// What it is for.
    name: String,
    /// What it may do.
    roles: Vec<ApiClientRoleInput>,
    /// Until when; at most 366 days from now.
    expires_at: DateTime<Utc>,
    /// Requests that each service takes from it in a minute, 1 to 6000.
    #[graphql(default = 120)]
    per_minute: i32,
}

/// The program that is let in.
#[derive(SimpleObject)]
pub struct CreateApiClientPayload {
    /// The client.
    api_client: ApiClientNode,
    /// Its secret, shown this once.
    client_secret: String,
}

/// Which program shall be let in no longer.
#[derive(InputObject)]
pub struct RevokeApiClientInput {
    /// The client, `usr_…`.
    id: ID,
}

/// The program that is let in no longer.
#[derive(SimpleObject)]
pub struct RevokeApiClientPayload {
    /// The client.
    api_client: ApiClientNode,
}

/// Queries on API clients.
#[derive(Default)]
pub struct ApiClientQuery;

#[Object]
impl ApiClientQuery {
    /// The company's API clients, newest first.
    async fn api_clients(&self, ctx: &Context<'_>) -> Result<Option<Vec<ApiClientNode>>> {
        let caller = caller(ctx)?;
        caller.read_company(API_CLIENT_MANAGE).graphql()?;
        let scope = ctx.data::<Identity>()?.db.read(caller.tenant()).await.graphql()?;
        let clients = ApiClients(&scope).all().await.graphql()?;
        Ok(Some(clients.into_iter().map(Into::into).collect()))
    }
}

/// Mutations on API clients.
#[derive(Default)]
pub struct ApiClientMutation;

#[Object]
impl ApiClientMutation {
    /// Let a program in.
    async fn create_api_client(
        &self,
        ctx: &Context<'_>,
        input: CreateApiClientInput,
    ) -> Result<CreateApiClientPayload> {
        let role = |role: ApiClientRoleInput| {
            let estate = role.estate_id.map(|id| parse_id(&id, "estateId")).transpose()?;
            Ok((role.role, estate))
        };
        let new = NewClient {
            name: input.name,
            roles: input.roles.into_iter().map(role).collect::<Result<_>>()?,
            expires_at: input.expires_at,
            per_minute: input.per_minute,
        };
        let (client, client_secret) =
            create(ctx.data::<Identity>()?, caller(ctx)?, new).await.graphql()?;
        Ok(CreateApiClientPayload { api_client: client.into(), client_secret })
    }

    /// Let a program in no longer; its tokens stop working within a second.
    async fn revoke_api_client(
        &self,
        ctx: &Context<'_>,
        input: RevokeApiClientInput,
    ) -> Result<RevokeApiClientPayload> {
        let id = parse_id(&input.id, "id")?;
        let client = revoke(ctx.data::<Identity>()?, caller(ctx)?, id).await.graphql()?;
        Ok(RevokeApiClientPayload { api_client: client.into() })
    }
}
