//! Where the router listens to services in this process.
//!
//! It calls them without a socket (`transport`), but whatever goes on answering it reads over HTTP
//! only: for that they are on a port of this machine, behind the proof like everywhere.

use crate::{Gateway, GatewaySubgraph};
use axum::{Router, middleware::from_fn_with_state};
use service_http::require_proof;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
};
use tokio::task::AbortHandle;

/// The port, open as long as this lives.
pub(crate) struct Loopback {
    address: SocketAddr,
    serving: AbortHandle,
}

impl Loopback {
    /// Serves every service in this process.
    pub(crate) fn open(gateway: &Gateway) -> io::Result<Self> {
        let local = gateway.subgraphs.iter().filter_map(|subgraph| match subgraph {
            GatewaySubgraph::InProcess(service) => Some(service),
            GatewaySubgraph::Http { .. } => None,
        });
        let routes = local.fold(Router::new(), |routes, service| {
            let route = runtime::graphql_route(Arc::clone(service));
            routes.nest(&format!("/{}", service.name()), route)
        });
        let routes = routes.layer(from_fn_with_state(gateway.proof.clone(), require_proof));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let serving = gateway.runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, routes).await
        });
        Ok(Self { address, serving: serving.abort_handle() })
    }

    /// Where a service is.
    pub(crate) fn url(&self, service: &str) -> String {
        format!("http://{}/{service}/graphql", self.address)
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
