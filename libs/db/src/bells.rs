//! Waking those who wait for work of this process.

use crate::JobKind;
use parking_lot::Mutex;
use std::{collections::HashMap, sync::Arc};
use tokio::sync::Notify;

/// What a committed transaction left behind for somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Left {
    /// Events.
    Events,
    /// Many new rows at once.
    Rows,
    /// A job of a kind.
    Job(JobKind),
}

/// One bell for each kind of work, so that only those who can do it wake up and look.
#[derive(Debug, Default)]
pub(crate) struct Bells(Mutex<HashMap<Left, Arc<Notify>>>);

impl Bells {
    pub(crate) fn of(&self, left: Left) -> Arc<Notify> {
        Arc::clone(self.0.lock().entry(left).or_default())
    }

    pub(crate) fn ring(&self, left: Left) {
        let bell = self.of(left);
        match left {
            // Several listen, each for itself.
            Left::Events => bell.notify_waiters(),
            // Heard later when nobody waits just now.
            Left::Rows | Left::Job(_) => bell.notify_one(),
        }
    }
}
