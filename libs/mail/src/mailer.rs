//! The way to the mail server.

use config::{Config, ConfigError};
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, SinglePart, header},
};
use secrecy::ExposeSecret as _;
use std::{sync::Arc, time::Duration};

/// After this long the mail server counts as away.
const TIMEOUT: Duration = Duration::from_secs(20);

/// What a mail says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// The same for every try, so that a mail server knows a mail that it has taken already.
    pub id: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub plain: String,
    /// The same as HTML.
    pub html: String,
}

/// Why a mail was not taken.
#[derive(Debug, thiserror::Error)]
#[error("{reason}")]
pub struct NotTaken {
    /// Whether trying again is of no use.
    pub for_good: bool,
    /// What the mail server said.
    pub reason: String,
}

/// Sends mail; cheap to clone.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Arc<Mailbox>,
}

impl Mailer {
    /// The mail server at `SMTP_URL` (`smtps://user:password@host`, or `smtp://…?tls=required`), in
    /// the name of `MAIL_FROM`. Nothing is sent without them.
    ///
    /// # Errors
    /// When one of them cannot be used, or only one is set.
    pub fn from_config(config: &Config) -> Result<Option<Self>, ConfigError> {
        let Some(url) = config.secret("SMTP_URL")? else { return Ok(None) };
        let invalid = |key: &str, expected: &str| ConfigError::Invalid {
            key: key.to_owned(),
            expected: expected.to_owned(),
        };
        let from: Mailbox = config
            .required("MAIL_FROM")?
            .parse()
            .map_err(|_| invalid("MAIL_FROM", "an address such as `Estate <mail@example.com>`"))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|_| invalid("SMTP_URL", "an address such as `smtps://user:secret@host`"))?;
        let transport = transport.timeout(Some(TIMEOUT)).build();
        Ok(Some(Self { transport, from: Arc::new(from) }))
    }

    /// Hands a mail to the mail server.
    ///
    /// # Errors
    /// When it does not take it.
    pub async fn send(&self, letter: &Letter) -> Result<(), NotTaken> {
        let message = self.message(letter).map_err(|reason| NotTaken { for_good: true, reason })?;
        let sent = self.transport.send(message).await;
        sent.map(drop).map_err(|error| NotTaken {
            for_good: error.is_permanent(),
            reason: errors::chain(&error),
        })
    }

    fn message(&self, letter: &Letter) -> Result<Message, String> {
        let to: Mailbox = letter.to.parse().map_err(|_| "the address cannot be used".to_owned())?;
        let id = format!("<{}@{}>", letter.id, self.from.email.domain());
        let part = |kind: header::ContentType, body: &str| {
            SinglePart::builder()
                .header(kind)
                .header(header::ContentTransferEncoding::Base64)
                .body(body.to_owned())
        };
        let bodies = MultiPart::alternative()
            .singlepart(part(header::ContentType::TEXT_PLAIN, &letter.plain))
            .singlepart(part(header::ContentType::TEXT_HTML, &letter.html));
        Message::builder()
            .from(Mailbox::clone(&self.from))
            .to(to)
            .message_id(Some(id))
            .subject(letter.subject.clone())
            .multipart(bodies)
            .map_err(|error| error.to_string())
    }
}
