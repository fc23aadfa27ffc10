//! What can be made to go wrong, on demand.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What happens to a request that a rule hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fault {
    /// The effect happens and is remembered under its key; the answer never comes.
    TimeoutAfterEffect,
    /// Nothing happens and no answer comes.
    TimeoutBeforeEffect,
    /// The effect happens; the connection breaks inside the answer.
    DropAfterEffect,
    /// 500 without effect, not remembered: the same key succeeds next time.
    ServerError,
    /// 500 without effect, remembered: the same key answers 500 for ever.
    SavedServerError,
    /// 429 without effect, not remembered.
    RateLimited,
    /// The request waits, with its key taken, until `release_held` is called.
    Hold,
    /// The next attempt to pay is declined with this code, e.g. `insufficient_funds`.
    Decline {
        /// Stripe's decline code.
        decline_code: String,
    },
    /// The refund is created `pending`; `finish_refund` decides it.
    PendingRefund,
}

/// A fault and the requests it hits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct FaultRule {
    /// Beginning of "METHOD /path", e.g. `POST /v1/refunds`; empty hits everything.
    #[serde(default)]
    pub on: String,
    pub fault: Fault,
    #[serde(default = "once")]
    pub times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Whether it acts inside the operation and not on the wire.
    fn is_inner(&self) -> bool {
        matches!(self, Self::Decline { .. } | Self::PendingRefund)
    }
}

/// Takes the first fault on the wire whose rule hits `request`.
pub(crate) fn take_wire_fault(rules: &mut Vec<FaultRule>, request: &str) -> Option<Fault> {
    take(rules, |rule| !rule.fault.is_inner() && request.starts_with(&rule.on))
}

/// Takes a pending decline, as its code.
pub(crate) fn take_decline(rules: &mut Vec<FaultRule>) -> Option<String> {
    match take(rules, |rule| matches!(rule.fault, Fault::Decline { .. }))? {
        Fault::Decline { decline_code } => Some(decline_code),
        _ => None,
    }
}

/// Takes a pending-refund fault, if one is set.
pub(crate) fn take_pending_refund(rules: &mut Vec<FaultRule>) -> bool {
    take(rules, |rule| rule.fault == Fault::PendingRefund).is_some()
}

fn take(rules: &mut Vec<FaultRule>, hits: impl Fn(&FaultRule) -> bool) -> Option<Fault> {
    let at = rules.iter().position(hits)?;
    rules[at].times = rules[at].times.saturating_sub(1);
    let fault = rules[at].fault.clone();
    if rules[at].times == 0 {
        rules.remove(at);
    }
    Some(fault)
}

/// How badly webhooks travel; the same seed and events give the same journey.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WebhookFaults {
    /// Seed of every choice below.
    pub seed: u64,
    /// Each event is posted 1 to this many times.
    pub copies: u32,
    /// Each copy is delayed at random inside this window, so that copies and events are shuffled.
    pub window: Duration,
    /// This share of copies, in percent, gets lost once and is sent again after another window.
    pub lost_once_percent: u32,
}
