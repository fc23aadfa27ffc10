//! The words that every part of messages has in the graph, and their roots.

use super::{
    delivery,
    domain::{Channel, MessageKind, Words},
    inbox, preferences, quiet, templates,
};
use async_graphql::{Enum, InputObject, MergedObject, SimpleObject};

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MessageKind", remote = "MessageKind")]
pub enum MessageKindWord {
    /// Danger to people or their home.
    Safety,
    /// Water, power, gas or lifts that fail or are switched off.
    Outage,
    /// A bill.
    Bill,
    /// A reminder of what is owed.
    Dunning,
    /// News of a repair or a call.
    Service,
    /// News of a complaint.
    Complaint,
    /// A question whether all is well now.
    Revisit,
    /// News of an order that is paid for.
    Order,
    /// A notice of the estate.
    Notice,
    /// A visit of the property officer.
    Visit,
    /// A community event.
    Event,
    /// A survey.
    Survey,
}

/// A way to a person.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Channel")]
pub enum MessageChannel {
    /// The inbox in the app.
    App,
    /// E-mail.
    Email,
    /// A short message to the telephone.
    Sms,
}

/// The same in both languages.
#[derive(Clone, Debug, SimpleObject)]
pub struct BilingualText {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<Words> for BilingualText {
    fn from(words: Words) -> Self {
        Self { zh: words.zh, en: words.en }
    }
}

/// The same in both languages.
#[derive(Clone, Debug, InputObject)]
pub struct BilingualTextInput {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl From<BilingualTextInput> for Words {
    fn from(text: BilingualTextInput) -> Self {
        Self { zh: text.zh, en: text.en }
    }
}

/// Queries on messages.
#[derive(Default, MergedObject)]
pub struct MessageQuery(
    inbox::graphql::InboxQuery,
    delivery::graphql::DeliveryQuery,
    preferences::graphql::PreferenceQuery,
    quiet::graphql::QuietQuery,
    templates::graphql::TemplateQuery,
);

/// Mutations on messages.
#[derive(Default, MergedObject)]
pub struct MessageMutation(
    inbox::graphql::InboxMutation,
    delivery::graphql::DeliveryMutation,
    preferences::graphql::PreferenceMutation,
    quiet::graphql::QuietMutation,
    templates::graphql::TemplateMutation,
);
