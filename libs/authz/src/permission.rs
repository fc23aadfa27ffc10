//! Permissions and how far they reach.

use money::Fen;
use std::sync::Arc;
use uuid::Uuid;

/// A named right, `resource.action`, e.g. `payment.refund_approve`. Features declare theirs as
/// constants; the matrix that identity ships says which role has which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Permission(&'static str);

impl Permission {
    /// Names a right.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// `resource.action`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Which objects of an estate a right covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every object.
    All,
    /// Objects in these buildings (责任区).
    Zone(Arc<[Uuid]>),
    /// Objects assigned to the caller.
    Assigned,
    /// Objects of the caller's own person: the resident's units, bills and requests.
    Own,
}

impl Reach {
    fn rank(&self) -> u8 {
        match self {
            Self::All => 3,
            Self::Zone(_) => 2,
            Self::Assigned => 1,
            Self::Own => 0,
        }
    }

    /// The wider of two reaches; two zones add up.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Zone(a), Self::Zone(b)) => {
                Self::Zone(a.iter().chain(b.iter()).copied().collect())
            }
            (a, b) if a.rank() >= b.rank() => a,
            (_, b) => b,
        }
    }
}

/// The largest amount a right covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Up to and including this amount.
    UpTo(Fen),
    /// Any amount.
    None,
}

impl Limit {
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::UpTo(a), Self::UpTo(b)) => Self::UpTo(a.max(b)),
            _ => Self::None,
        }
    }
}
