//! One service as a part of the federated graph.

use async_graphql::{
    ObjectType, Request, Response, SDLExportOptions, Schema, SchemaBuilder, SubscriptionType,
};
use futures::stream::BoxStream;
use http::HeaderMap;
use std::sync::Arc;

/// A service's GraphQL endpoint as the gateway sees it, whether over HTTP or in this process.
#[async_trait::async_trait]
pub trait Subgraph: Send + Sync {
    /// The name in the supergraph, e.g. `billing`.
    fn name(&self) -> &str;

    /// The federation SDL that composition reads.
    fn sdl(&self) -> String;

    /// Runs one request as the caller that `headers` prove; authorizes by itself, always.
    async fn execute(&self, headers: HeaderMap, request: Request) -> Response;

    /// Runs a subscription as the caller that `headers` prove: one answer after the other, until
    /// there is nothing more to tell or the caller may not listen any longer.
    fn stream(
        self: Arc<Self>,
        headers: HeaderMap,
        request: Request,
    ) -> BoxStream<'static, Response>;
}

/// The SDL with federation directives.
pub fn federation_sdl<Q, M, S>(schema: &Schema<Q, M, S>) -> String
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    schema.sdl_with_options(SDLExportOptions::new().federation().compose_directive())
}

/// The limits a service keeps for itself, should somebody reach it past the gateway. They are
/// wider than the gateway's, because a federated plan may bundle entity lookups.
pub fn limited<Q, M, S>(schema: SchemaBuilder<Q, M, S>) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    schema
        .enable_federation()
        .enable_subscription_in_federation()
        .limit_depth(20)
        .limit_complexity(20_000)
        .limit_directives(20)
}
