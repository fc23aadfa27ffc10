//! The peer: how it is set up, and the handle tests steer it by.

use crate::{
    api::{self, Refusal, Tx},
    faults::{Fault, FaultRule, WebhookFaults},
    persist,
    state::{Account, Endpoint, Kind, State},
    webhooks,
};
use clock::Clock;
use money::{Fen, Rate, round_half_up};
use parking_lot::{Mutex, MutexGuard};
use serde_json::Value;
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(15);

/// What a successful charge costs: a rate and a fixed part, rounded half up once.
#[derive(Clone, Copy, Debug)]
pub struct Fees {
    /// Share of the amount.
    pub rate: Rate,
    /// Added to every charge.
    pub fixed: Fen,
}

impl Fees {
    /// The fee on an amount of minor units.
    pub(crate) fn of(&self, amount: i64) -> i64 {
        let share = i128::from(amount) * i128::from(self.rate.0);
        round_half_up(share, i128::from(Rate::PER_ONE)) + self.fixed.0
    }
}

impl Default for Fees {
    /// 2.9 % and 0.30.
    fn default() -> Self {
        Self { rate: Rate(29_000), fixed: Fen(30) }
    }
}

/// How the peer is set up.
#[derive(Debug)]
pub struct Builder {
    clock: Clock,
    keys: Vec<(String, String)>,
    endpoints: Vec<Endpoint>,
    base_url: String,
    fees: Fees,
    back_off: Duration,
    file: Option<PathBuf>,
    control: bool,
}

impl Builder {
    /// Lets a secret key act for an account.
    #[must_use]
    pub fn key(mut self, secret_key: &str, account: &str) -> Self {
        self.keys.push((secret_key.to_owned(), account.to_owned()));
        self
    }
    /// Adds a receiver of webhooks.
    #[must_use]
    pub fn endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoints.push(endpoint);
        self
    }
    /// Where the browser finds the hosted pages, without a trailing slash.
    #[must_use]
    pub fn base_url(mut self, url: &str) -> Self {
        url.trim_end_matches('/').clone_into(&mut self.base_url);
        self
    }
    /// What charges cost; 2.9 % and 0.30 unless told.
    #[must_use]
    pub fn fees(mut self, fees: Fees) -> Self {
        self.fees = fees;
        self
    }
    /// Time before the first repeat of a refused webhook, doubled each time; 1 s unless told.
    #[must_use]
    pub fn back_off(mut self, first: Duration) -> Self {
        self.back_off = first;
        self
    }
    /// Keeps the state in this file: written shortly after each change, read at the start.
    #[must_use]
    pub fn file(mut self, path: PathBuf) -> Self {
        self.file = Some(path);
        self
    }
    /// Opens `POST /_control/…` on the router. Never where strangers can reach it.
    #[must_use]
    pub fn control(mut self) -> Self {
        self.control = true;
        self
    }

    /// Starts the peer; webhooks are delivered from here on. Needs a tokio runtime.
    ///
    /// # Errors
    /// When the state file is there but cannot be read.
    pub fn start(self) -> std::io::Result<FakeStripe> {
        let mut state = self.file.as_deref().map(persist::load).transpose()?.unwrap_or_default();
        for (_, account) in &self.keys {
            state.accounts.entry(account.clone()).or_default();
        }
        for account in state.accounts.values_mut() {
            account.saved.retain(|_, saved| saved.answer.is_some());
        }
        state.keys = self.keys.into_iter().collect();
        state.endpoints = self.endpoints;
        let stripe = FakeStripe(Arc::new(Inner {
            state: Mutex::new(state),
            clock: self.clock,
            fees: self.fees,
            base_url: Mutex::new(self.base_url),
            back_off: self.back_off,
            control: self.control,
            http: service_http::client(WEBHOOK_TIMEOUT),
            changes: watch::Sender::new(0),
            held: watch::Sender::new(0),
            release: Notify::new(),
        }));
        tokio::spawn(webhooks::run(stripe.clone()));
        if let Some(file) = self.file {
            tokio::spawn(persist::keep(stripe.clone(), file));
        }
        Ok(stripe)
    }
}

/// A running peer and the handle on it; cheap to clone.
#[derive(Clone)]
pub struct FakeStripe(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    clock: Clock,
    fees: Fees,
    base_url: Mutex<String>,
    back_off: Duration,
    control: bool,
    http: reqwest::Client,
    /// Counts changes of the state.
    changes: watch::Sender<u64>,
    /// How many requests are held now.
    held: watch::Sender<usize>,
    release: Notify,
}

impl std::fmt::Debug for FakeStripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeStripe")
    }
}

impl FakeStripe {
    /// A peer without keys; `Builder::start` brings it to life.
    pub fn builder(clock: Clock) -> Builder {
        Builder {
            clock,
            keys: Vec::new(),
            endpoints: Vec::new(),
            base_url: String::new(),
            fees: Fees::default(),
            back_off: Duration::from_secs(1),
            file: None,
            control: false,
        }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock()
    }
    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }
    pub(crate) fn back_off(&self) -> Duration {
        self.0.back_off
    }
    pub(crate) fn has_control(&self) -> bool {
        self.0.control
    }
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Changes the state and wakes whoever waits for a change.
    pub(crate) fn change<R>(&self, act: impl FnOnce(&mut State) -> R) -> R {
        let result = act(&mut self.lock());
        self.0.changes.send_modify(|count| *count += 1);
        result
    }

    /// Carries out an operation for an account.
    pub(crate) fn operate<R>(&self, account: &str, act: impl FnOnce(&mut Tx<'_>) -> R) -> R {
        let base_url = self.0.base_url.lock().clone();
        self.change(|state| {
            act(&mut Tx {
                state,
                account: account.to_owned(),
                clock: &self.0.clock,
                fees: &self.0.fees,
                base_url: &base_url,
            })
        })
    }

    /// Waits, inside a held request, until it is released.
    pub(crate) async fn hold(&self) {
        let released = self.0.release.notified();
        self.0.held.send_modify(|count| *count += 1);
        released.await;
        self.0.held.send_modify(|count| *count -= 1);
    }

    /// Where the browser finds the hosted pages, when the port is known only now.
    pub fn set_base_url(&self, url: &str) {
        url.trim_end_matches('/').clone_into(&mut self.0.base_url.lock());
    }

    /// Adds a receiver of webhooks; events from now on go there.
    pub fn add_endpoint(&self, endpoint: Endpoint) {
        self.change(|state| state.endpoints.push(endpoint));
    }

    /// Opens an onboarded connected account of that id, e.g. one of the demo's.
    pub fn add_connected(&self, platform: &str, account: &str) {
        let object = serde_json::json!({
            "id": account, "object": "account", "created": self.clock().now().timestamp(),
            "charges_enabled": true, "payouts_enabled": true, "details_submitted": true,
            "type": "standard", "metadata": {},
        });
        self.change(|state| {
            let holder = state.accounts.entry(platform.to_owned()).or_default();
            if holder.get(Kind::Account, account).is_none() {
                holder.insert(Kind::Account, object);
            }
            let own = state.accounts.entry(account.to_owned()).or_insert_with(Account::default);
            own.platform = Some(platform.to_owned());
        });
    }

    /// Lets the next `times` requests whose "METHOD /path" begins with `on` go wrong.
    pub fn fault(&self, on: &str, fault: Fault, times: u32) {
        self.change(|state| state.rules.push(FaultRule { on: on.to_owned(), fault, times }));
    }

    /// How badly webhooks travel from now on.
    pub fn webhook_faults(&self, faults: Option<WebhookFaults>) {
        self.change(|state| state.webhook_faults = faults);
    }

    /// Stops or resumes the delivery of webhooks; events are queued meanwhile.
    pub fn pause(&self, paused: bool) {
        self.change(|state| state.paused = paused);
    }

    /// Waits until at least one request is held.
    pub async fn wait_held(&self) {
        let mut held = self.0.held.subscribe();
        held.wait_for(|count| *count > 0).await.expect("the handle keeps the channel open");
    }

    /// Lets every held request go on.
    pub fn release_held(&self) {
        self.0.release.notify_waiters();
    }

    /// Every object of a kind that an account has, oldest first.
    pub fn list(&self, account: &str, kind: Kind) -> Vec<Value> {
        let state = self.lock();
        let Some(own) = state.accounts.get(account) else { return Vec::new() };
        let mut all: Vec<Value> = own.newest(kind).cloned().collect();
        all.reverse();
        all
    }

    /// Does what the payer does on the hosted page: `card`, `alipay`, `wechat_pay` or `decline`.
    ///
    /// # Errors
    /// The message the page would show.
    pub fn pay(&self, session: &str, method: &str) -> Result<Value, String> {
        self.for_owner(session, |tx| api::pay(tx, session, method))
    }

    /// Opens a dispute on a paid payment intent.
    ///
    /// # Errors
    /// When the payment has no charge, or one disputed already.
    pub fn open_dispute(&self, intent: &str) -> Result<Value, String> {
        self.for_owner(intent, |tx| api::open_dispute(tx, intent))
    }

    /// Decides a dispute.
    ///
    /// # Errors
    /// When there is none of that id, or it is closed.
    pub fn close_dispute(&self, dispute: &str, won: bool) -> Result<Value, String> {
        self.for_owner(dispute, |tx| api::close_dispute(tx, dispute, won))
    }

    /// Decides a pending refund.
    ///
    /// # Errors
    /// When there is none of that id, or it is decided.
    pub fn finish_refund(&self, refund: &str, succeeded: bool) -> Result<Value, String> {
        self.for_owner(refund, |tx| api::finish_refund(tx, refund, succeeded))
    }

    /// Pays out the balance of an account in one currency.
    ///
    /// # Errors
    /// When there is nothing to pay out.
    pub fn pay_out(&self, account: &str, currency: &str) -> Result<Value, String> {
        self.operate(account, |tx| api::pay_out(tx, currency)).map_err(|r| text(&r))
    }

    /// Answers everything that the onboarding of a connected account asks; where its page returns to.
    ///
    /// # Errors
    /// When there is no such account, or its onboarding was not begun.
    pub fn finish_onboarding(&self, account: &str) -> Result<String, String> {
        self.operate(account, api::finish_onboarding).map_err(|refusal| text(&refusal))
    }

    fn for_owner(
        &self,
        id: &str,
        act: impl FnOnce(&mut Tx<'_>) -> Result<Value, Refusal>,
    ) -> Result<Value, String> {
        let owner = self.lock().owner_of(id).ok_or_else(|| format!("no such object: {id}"))?;
        self.operate(&owner, act).map_err(|refusal| text(&refusal))
    }
}

fn text(refusal: &Refusal) -> String {
    refusal.error["message"].as_str().unwrap_or_default().to_owned()
}
