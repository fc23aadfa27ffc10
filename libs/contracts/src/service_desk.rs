//! What the service desk tells.

use crate::UnitId;
use chrono::{DateTime, Utc};
use events::Event;
use ids::EstateId;
use serde::{Deserialize, Serialize};

/// A household complains of the company; what is owed for its unit is not demanded until that is
/// answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintOpened {
    /// The service desk's own reference, unique in the company.
    pub complaint: String,
    /// The estate.
    pub estate: EstateId,
    /// The unit of who complains.
    pub unit: UnitId,
    /// What it is about in a few words, without names.
    pub subject: String,
}

impl Event for ComplaintOpened {
    const KIND: &'static str = "service_desk.complaint_opened";
    fn aggregate(&self) -> String {
        self.complaint.clone()
    }
}

/// A complaint was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAnswered {
    /// The service desk's own reference.
    pub complaint: String,
}

impl Event for ComplaintAnswered {
    const KIND: &'static str = "service_desk.complaint_answered";
    fn aggregate(&self) -> String {
        self.complaint.clone()
    }
}

/// What shows that a message arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// It was opened in the app.
    AppRead,
    /// The telephone company said so.
    SmsReceipt,
}

/// A message that billing had sent reached the debtor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DunningMessageDelivered {
    /// The contact, as billing called it.
    pub action: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What shows it.
    pub receipt: Receipt,
    /// The receipt's own number or the like.
    pub reference: String,
}

impl Event for DunningMessageDelivered {
    const KIND: &'static str = "service_desk.dunning_message_delivered";
    fn aggregate(&self) -> String {
        self.action.clone()
    }
}
