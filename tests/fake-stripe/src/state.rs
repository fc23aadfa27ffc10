//! Everything the peer remembers, as plain data that can be written to a file.

use crate::{
    faults::{FaultRule, WebhookFaults},
    webhooks::Delivery,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A kind of object that can be listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody who pays.
    Customer,
    /// An amount on its way to be paid.
    PaymentIntent,
    /// A card that is saved for later.
    SetupIntent,
    /// A hosted payment page.
    CheckoutSession,
    /// One attempt to take money.
    Charge,
    /// Money given back.
    Refund,
    /// A movement of the account's balance, with its fee.
    BalanceTransaction,
    /// Money sent to the merchant's bank.
    Payout,
    /// A payer's objection to a charge.
    Dispute,
    /// A fact that webhooks tell.
    Event,
    /// A connected account.
    Account,
}

/// One receiver of webhooks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Endpoint {
    /// The account that registered it.
    pub account: String,
    /// Where events are posted to.
    pub url: String,
    /// What events are signed with.
    pub secret: String,
    /// `true`: receives the events of the account's connected accounts, `false`: its own.
    pub connect: bool,
}

/// The first answer to an idempotency key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Saved {
    /// Method, path and parameters it was given for.
    pub fingerprint: String,
    /// Status and body; `None` while the first request is still running.
    pub answer: Option<(u16, Value)>,
}

/// The objects of one account; no other account sees them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Account {
    /// The account whose key also opens this one.
    pub platform: Option<String>,
    /// Where the onboarding page returns to.
    pub return_url: Option<String>,
    pub objects: HashMap<String, Value>,
    pub order: BTreeMap<Kind, Vec<String>>,
    /// Balance transaction → the payout that carried it.
    pub paid_out: HashMap<String, String>,
    pub saved: HashMap<String, Saved>,
}

impl Account {
    /// The object of that id, if it is of that kind.
    pub fn get(&self, kind: Kind, id: &str) -> Option<&Value> {
        self.objects.get(id).filter(|o| o["object"] == kind.tag())
    }

    /// Stores a new object.
    pub fn insert(&mut self, kind: Kind, object: Value) {
        let id = object["id"].as_str().expect("every object has an id").to_owned();
        self.order.entry(kind).or_default().push(id.clone());
        self.objects.insert(id, object);
    }

    /// Sets fields of an object that is known to exist.
    pub fn set(&mut self, id: &str, fields: Value) -> Value {
        let object = self.objects.get_mut(id).expect("the object exists");
        for (name, value) in fields.as_object().expect("fields are an object") {
            object[name] = value.clone();
        }
        object.clone()
    }

    /// Objects of a kind, newest first.
    pub fn newest(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        let ids = self.order.get(&kind).map(Vec::as_slice).unwrap_or_default();
        ids.iter().rev().filter_map(|id| self.objects.get(id))
    }
}

impl Kind {
    /// The `object` field of its objects.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::PaymentIntent => "payment_intent",
            Self::SetupIntent => "setup_intent",
            Self::CheckoutSession => "checkout.session",
            Self::Charge => "charge",
            Self::Refund => "refund",
            Self::BalanceTransaction => "balance_transaction",
            Self::Payout => "payout",
            Self::Dispute => "dispute",
            Self::Event => "event",
            Self::Account => "account",
        }
    }

    /// What its ids begin with.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Customer => "cus",
            Self::PaymentIntent => "pi",
            Self::SetupIntent => "seti",
            Self::CheckoutSession => "cs_test",
            Self::Charge => "ch",
            Self::Refund => "re",
            Self::BalanceTransaction => "txn",
            Self::Payout => "po",
            Self::Dispute => "du",
            Self::Event => "evt",
            Self::Account => "acct",
        }
    }
}

/// The whole memory of the peer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct State {
    pub accounts: BTreeMap<String, Account>,
    pub deliveries: Vec<Delivery>,
    #[serde(skip)]
    pub keys: HashMap<String, String>,
    #[serde(skip)]
    pub endpoints: Vec<Endpoint>,
    #[serde(skip)]
    pub rules: Vec<FaultRule>,
    #[serde(skip)]
    pub webhook_faults: Option<WebhookFaults>,
    #[serde(skip)]
    pub paused: bool,
    /// Deliveries on the wire now.
    #[serde(skip)]
    pub in_flight: HashSet<u64>,
    pub next_delivery: u64,
}

impl State {
    /// The account that holds an object, e.g. the session a hosted page belongs to.
    pub fn owner_of(&self, id: &str) -> Option<String> {
        let owner = self.accounts.iter().find(|(_, a)| a.objects.contains_key(id))?;
        Some(owner.0.clone())
    }
}
