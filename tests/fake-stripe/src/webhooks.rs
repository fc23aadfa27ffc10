//! Signed events on their way to the endpoints, retried until they are taken.

use crate::{
    peer::FakeStripe,
    state::{Endpoint, Kind, State},
};
use hmac::{Hmac, Mac as _};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tokio::time::Instant;

const MAX_IN_FLIGHT: usize = 16;
const LONGEST_BACK_OFF: Duration = Duration::from_mins(1);

/// One copy of one event for one endpoint.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Delivery {
    pub id: u64,
    pub account: String,
    pub event: String,
    pub url: String,
    pub attempts: u32,
    /// The first attempt gets lost and is repeated after this time.
    pub lost_for: Option<Duration>,
    /// Not before; `None` is now.
    #[serde(skip)]
    pub due: Option<Instant>,
}

/// A way to send an event that a careful receiver refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgery {
    /// Signed with another secret.
    WrongSecret,
    /// Signed well, then the body was changed.
    ChangedBody,
    /// Signed well, this many seconds ago (negative: in the future).
    Aged(i64),
}

/// Stripe's signature header for a payload.
pub(crate) fn sign(secret: &str, seconds: i64, payload: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(format!("{seconds}.{payload}").as_bytes());
    format!("t={seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
}

/// The endpoints that an account's events go to.
fn listeners(state: &State, account: &str) -> Vec<Endpoint> {
    let platform = state.accounts.get(account).and_then(|a| a.platform.clone());
    let hears = |e: &&Endpoint| match &platform {
        Some(platform) => e.connect && e.account == *platform,
        None => !e.connect && e.account == account,
    };
    state.endpoints.iter().filter(hears).cloned().collect()
}

/// Queues an event, with the journey the faults give it.
pub(crate) fn enqueue(state: &mut State, account: &str, event: &str) {
    for endpoint in listeners(state, account) {
        for (delay, lost_for) in journeys(state) {
            state.next_delivery += 1;
            state.deliveries.push(Delivery {
                id: state.next_delivery,
                account: account.to_owned(),
                event: event.to_owned(),
                url: endpoint.url.clone(),
                attempts: 0,
                lost_for,
                due: Some(Instant::now() + delay),
            });
        }
    }
}

/// For each copy: its delay, and whether it gets lost first.
fn journeys(state: &State) -> Vec<(Duration, Option<Duration>)> {
    let Some(faults) = &state.webhook_faults else { return vec![(Duration::ZERO, None)] };
    let mut rng = StdRng::seed_from_u64(faults.seed ^ (state.next_delivery + 1));
    let copies = rng.random_range(1..=faults.copies.max(1));
    (0..copies)
        .map(|_| {
            let delay = faults.window.mul_f64(rng.random::<f64>());
            let lost = rng.random_range(0..100) < faults.lost_once_percent;
            (delay, lost.then(|| faults.window.mul_f64(rng.random::<f64>())))
        })
        .collect()
}

/// Delivers what is due, until the process ends.
pub(crate) async fn run(stripe: FakeStripe) {
    let mut changes = stripe.changes();
    loop {
        changes.borrow_and_update();
        let (due, next) = take_due(&mut stripe.lock());
        for delivery in due {
            tokio::spawn(attempt(stripe.clone(), delivery));
        }
        let at = next.unwrap_or_else(|| Instant::now() + LONGEST_BACK_OFF);
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = tokio::time::sleep_until(at) => {}
        }
    }
}

/// Marks what is due as on the wire; also says when the next one falls due.
fn take_due(state: &mut State) -> (Vec<Delivery>, Option<Instant>) {
    if state.paused {
        return (Vec::new(), None);
    }
    let now = Instant::now();
    let idle: Vec<&Delivery> =
        state.deliveries.iter().filter(|d| !state.in_flight.contains(&d.id)).collect();
    let room = MAX_IN_FLIGHT.saturating_sub(state.in_flight.len());
    let is_due = |d: &&&Delivery| d.due.is_none_or(|due| due <= now);
    let due: Vec<Delivery> = idle.iter().filter(is_due).take(room).map(|d| (*d).clone()).collect();
    let next = idle.iter().filter_map(|d| d.due).filter(|due| *due > now).min();
    state.in_flight.extend(due.iter().map(|d| d.id));
    (due, next)
}

async fn attempt(stripe: FakeStripe, delivery: Delivery) {
    let lost_for = delivery.lost_for.filter(|_| delivery.attempts == 0);
    let taken = lost_for.is_none() && {
        let status = stripe.post(&delivery.account, &delivery.event, &delivery.url, None).await;
        status.is_none_or(|code| (200..300).contains(&code))
    };
    let back_off = stripe.back_off() * 2_u32.saturating_pow(delivery.attempts.min(16));
    let wait = lost_for.unwrap_or(back_off.min(LONGEST_BACK_OFF));
    stripe.change(|state| {
        state.in_flight.remove(&delivery.id);
        if taken {
            state.deliveries.retain(|d| d.id != delivery.id);
        } else if let Some(queued) = state.deliveries.iter_mut().find(|d| d.id == delivery.id) {
            queued.attempts += 1;
            queued.due = Some(Instant::now() + wait);
        }
    });
}

impl FakeStripe {
    /// Posts an event to one endpoint. `None`: the event or the endpoint is gone; 0: no answer.
    async fn post(
        &self,
        account: &str,
        event: &str,
        url: &str,
        forgery: Option<Forgery>,
    ) -> Option<u16> {
        let (endpoint, event) = {
            let state = self.lock();
            let endpoint = listeners(&state, account).into_iter().find(|e| e.url == url)?;
            (endpoint, state.accounts.get(account)?.get(Kind::Event, event)?.clone())
        };
        let mut payload = event.to_string();
        let now = self.clock().now().timestamp();
        let header = match forgery {
            Some(Forgery::WrongSecret) => sign("whsec_of_somebody_else", now, &payload),
            Some(Forgery::Aged(seconds)) => sign(&endpoint.secret, now - seconds, &payload),
            Some(Forgery::ChangedBody) | None => sign(&endpoint.secret, now, &payload),
        };
        if forgery == Some(Forgery::ChangedBody) {
            payload.push(' ');
        }
        let request = self.http().post(url).header("stripe-signature", header);
        let request = request.header("content-type", "application/json").body(payload);
        Some(request.send().await.map_or(0, |answer| answer.status().as_u16()))
    }

    /// Posts these events one after the other to everybody who listens, whatever is paused, and
    /// takes them off the queue. Answers the status of each post, 0 where nobody answered. An id
    /// named twice is posted twice; an unknown one is skipped.
    pub async fn deliver_in_order(&self, events: &[String]) -> Vec<u16> {
        let statuses = self.post_all(events, None).await;
        self.change(|state| state.deliveries.retain(|d| !events.contains(&d.event)));
        statuses
    }

    /// Posts a forged copy of an event; the honest one stays queued. Answers the statuses.
    pub async fn forge(&self, event: &str, forgery: Forgery) -> Vec<u16> {
        self.post_all(&[event.to_owned()], Some(forgery)).await
    }

    async fn post_all(&self, events: &[String], forgery: Option<Forgery>) -> Vec<u16> {
        let mut statuses = Vec::new();
        for event in events {
            let Some(account) = self.lock().owner_of(event) else { continue };
            let listening = listeners(&self.lock(), &account);
            for endpoint in listening {
                statuses.extend(self.post(&account, event, &endpoint.url, forgery).await);
            }
        }
        statuses
    }

    /// Waits until every queued event was taken; while paused, until nothing is on the wire.
    pub async fn wait_idle(&self) {
        let mut changes = self.changes();
        loop {
            changes.borrow_and_update();
            {
                let state = self.lock();
                if state.in_flight.is_empty() && (state.paused || state.deliveries.is_empty()) {
                    return;
                }
            }
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Makes everything queued due now, whatever its back-off.
    pub fn retry_now(&self) {
        self.change(|state| state.deliveries.iter_mut().for_each(|d| d.due = None));
    }
}
