//! Whoever takes messages out of the house.

use super::sms::{ShortMessage, SmsProvider};
use crate::messages::{Channel, templates::Used};
use config::{Config, ConfigError};
use mail::{Letter, Mailer, escaped};

/// Why a message was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub(super) struct NotTaken {
    /// Whether trying again is of no use.
    pub for_good: bool,
    /// What the provider said.
    pub reason: String,
}

/// A message in the language of its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The address in full.
    pub to: String,
    /// The same for every try.
    pub id: String,
    pub title: String,
    pub body: String,
    /// Why the reader gets it; only mails say so.
    pub close: String,
    /// The template that gave the words; providers of short messages know it as well.
    pub template: Option<Used>,
}

/// The mail server and the SMS provider, as far as they are configured; cheap to clone.
#[derive(Clone, Debug)]
pub struct Providers {
    mailer: Option<Mailer>,
    sms: Option<SmsProvider>,
}

impl Providers {
    /// Those that the configuration names.
    ///
    /// # Errors
    /// When a value cannot be used.
    pub fn from_config(config: &Config) -> Result<Self, ConfigError> {
        Ok(Self { mailer: Mailer::from_config(config)?, sms: SmsProvider::from_config(config)? })
    }

    /// Whether somebody takes messages of this channel.
    pub(super) const fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::App => false,
            Channel::Email => self.mailer.is_some(),
            Channel::Sms => self.sms.is_some(),
        }
    }

    /// Hands a message over.
    pub(super) async fn send(&self, channel: Channel, message: &Message) -> Result<(), NotTaken> {
        let nobody = || NotTaken { for_good: true, reason: "there is no provider".to_owned() };
        match channel {
            Channel::App => Err(nobody()),
            Channel::Email => {
                let mailer = self.mailer.as_ref().ok_or_else(nobody)?;
                let sent = mailer.send(&mail_of(message)).await;
                sent.map_err(|it| NotTaken { for_good: it.for_good, reason: it.reason })
            }
            Channel::Sms => {
                let text = format!("{}\n{}", message.title, message.body);
                let provider = self.sms.as_ref().ok_or_else(nobody)?;
                let short = ShortMessage {
                    to: &message.to,
                    text: &text,
                    reference: &message.id,
                    template: message.template.as_ref().map(|used| used.code.as_str()),
                    values: message.template.as_ref().map(|used| &used.values),
                };
                provider.send(&short).await
            }
        }
    }
}

fn mail_of(message: &Message) -> Letter {
    let lines: Vec<String> = message.body.lines().map(escaped).collect();
    let paragraphs = format!("<p>{}</p>", lines.join("</p><p>"));
    Letter {
        to: message.to.clone(),
        id: message.id.clone(),
        subject: message.title.clone(),
        plain: format!("{}\n\n{}\n\n--\n{}\n", message.title, message.body, message.close),
        html: format!(
            "<!DOCTYPE html><html><body style=\"font-family:sans-serif\">\
             <h1 style=\"font-size:20px\">{}</h1>{paragraphs}<hr>\
             <p style=\"color:#555\">{}</p></body></html>",
            escaped(&message.title),
            escaped(&message.close)
        ),
    }
}
