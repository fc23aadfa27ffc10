//! HTTP between the processes of one installation: who may call, how long it may take, one way to
//! reach a service whether it runs in another process or in this one, and how a failure reads.

mod client;
mod peer;
mod proof;
mod refusal;

pub use client::client;
pub use peer::{Peer, PeerError, Peers};
pub use proof::{PROOF_HEADER, Proof, require_proof};
pub use refusal::{refusal, speak};
