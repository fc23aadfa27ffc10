//! The public door: one GraphQL graph composed from every service, sign-in, files, webhooks and
//! the web application on one origin. It knows transports and limits and no rule of the business.
#![recursion_limit = "256"] // the server's middleware nests deeply

mod compose;
mod front;
mod headers;
mod limits;
mod loopback;
mod mask;
mod metrics;
mod observe;
mod plugin;
mod pulse;
mod reach;
mod say;
mod serve;
mod settings;
mod site;
mod transport;

pub use compose::{ComposeError, compose, services_of};
pub use headers::CLIENT_HEADER;
pub use limits::{MAX_NODES, MAX_SELECTIONS};
pub use reach::plan_every_field;
pub use serve::{Gateway, GatewayError, GatewaySubgraph, install_crypto, run};
pub use settings::Mode;
