//! fake-stripe
