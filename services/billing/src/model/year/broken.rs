//! Ways in which the books could be wrong; each must be noticed.

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// The same act with the same key is done again.
    ForgetsKeys,
    /// A run charges what is charged already.
    BillsTwice,
    /// Each announcement of a payment is booked.
    BooksEachAnnouncement,
    /// A bill takes a fen more than it is.
    SettlesAboveTheBill,
    /// A deposit that went back is still there.
    KeepsReturnedDeposits,
    /// Cash moves and its shift does not know.
    ForgetsTheShift,
    /// An entry is dated in a closed month.
    PostsIntoClosedMonths,
    /// Nobody asks what became of a payment that nobody announced.
    NeverReconciles,
    /// A run that was killed is not done again.
    LeavesRunsUnfinished,
}

impl Broken {
    /// Each with a word of what notices it.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::ForgetsKeys, "from the books"),
        (Self::BillsTwice, "billed"),
        (Self::BooksEachAnnouncement, "booked"),
        (Self::SettlesAboveTheBill, "settled above"),
        (Self::KeepsReturnedDeposits, "deposits"),
        (Self::ForgetsTheShift, "shifts"),
        (Self::PostsIntoClosedMonths, "closed month"),
        (Self::NeverReconciles, "booked"),
        (Self::LeavesRunsUnfinished, "billed"),
    ];
}
