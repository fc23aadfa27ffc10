//! Files that come and go: `POST /files`, `GET /files/{id}`.

mod http;
mod migrations;
pub mod repo;

pub(crate) use self::http::{internal, routes};
pub use migrations::migration;
