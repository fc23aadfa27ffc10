//! Who is asking, and what a client may show them.

pub mod graphql;
