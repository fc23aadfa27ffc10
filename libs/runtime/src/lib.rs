//! Starting and stopping services: one alone, or all of them in one process, by the same code.
//!
//! A service is a library with one function, `pub fn service() -> Service`. [`run_one`] is the
//! whole of its binary; [`Installation`] runs several for the embedded mode and for tests.

mod cli;
mod endpoint;
mod error;
mod installation;
mod listening;
mod policy;
mod routes;
mod service;
mod statistics;
mod work;

pub use cli::run_one;
pub use endpoint::{Endpoint, PerRequest, authenticate};
pub use error::StartError;
pub use installation::{Installation, Running, connect};
pub use routes::graphql_route;
pub use service::{Job, JobHandler, Parts, Service, ServiceContext};
