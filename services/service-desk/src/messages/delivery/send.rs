//! Sending one delivery: until the provider takes it, refuses it for good, or it was tried enough.

use super::{
    provider::{Message, NotTaken, Providers},
    repo::{self, Delivery},
};
use crate::{
    Refused,
    messages::{
        Channel, DeliveryId,
        address::{CODE_LASTS, code, place},
        domain::DeliveryState,
        dunning, inbox,
        preferences::{self, repo as wishes},
        quiet, say,
    },
    notices::{self, Letters},
};
use chrono::Duration;
use db::{ClaimedJob, Db, JobEnd, JobKind, TenantScope};
use mail::pause_after;
use personal::{CompanyKey, Keyring, open};
use places::estates;
use runtime::{Job, JobHandler};
use texts::Language;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The work of sending one; its id is the delivery's.
pub const JOB: JobKind = JobKind("deliver_message");
/// How many are under way at once.
const WORKERS: usize = 4;
/// The longest failure that is kept.
const MAX_FAILURE: usize = 500;

struct Sending {
    db: Db,
    keys: Keyring,
    providers: Providers,
}

/// Sends deliveries; those for which there is no provider wait.
pub fn job(db: Db, keys: Keyring, providers: Providers) -> Job {
    Job::new(JOB, Sending { db, keys, providers }).at_once(WORKERS)
}

#[async_trait::async_trait]
impl JobHandler for Sending {
    async fn run(&self, job: &ClaimedJob, _stop: &CancellationToken) -> JobEnd {
        match self.turn(job).await {
            Ok(end) => end,
            Err(error) => {
                tracing::error!(%error, delivery.id = %job.id, "a message cannot be sent");
                JobEnd::RetryIn(Duration::minutes(1))
            }
        }
    }
}

/// What is to be done with a delivery now.
enum Next {
    Send(Box<Message>),
    Wait(Duration),
    Drop,
}

impl Sending {
    /// One try. That it is made is written before it is made, so that a message on which we die
    /// again and again ends as well. A death after the provider took it and before that is noted
    /// sends it once more, under the same id.
    async fn turn(&self, job: &ClaimedJob) -> Result<JobEnd, Refused> {
        let key = self.keys.of(&self.db, job.tenant).await?;
        let scope = self.db.write(job.tenant).await?;
        let Some(mut delivery) = waiting(&scope, job.id).await? else { return Ok(JobEnd::Done) };
        if !self.providers.has(delivery.channel) {
            return Ok(JobEnd::RetryIn(Duration::hours(1)));
        }
        let message = match next(&scope, &key, &delivery).await? {
            Next::Wait(pause) => return Ok(JobEnd::RetryIn(pause)),
            Next::Drop => {
                delivery.state = DeliveryState::Dropped;
                delivery.ended_at = Some(scope.now());
                repo::save(&scope, &delivery).await?;
                scope.commit().await?;
                return Ok(JobEnd::Done);
            }
            Next::Send(message) => message,
        };
        delivery.tries += 1;
        repo::save(&scope, &delivery).await?;
        scope.commit().await?;
        let sent = self.providers.send(delivery.channel, &message).await;
        let scope = self.db.write(job.tenant).await?;
        let Some(mut delivery) = waiting(&scope, job.id).await? else { return Ok(JobEnd::Done) };
        let end = ended(&scope, &mut delivery, sent, &message);
        repo::save(&scope, &delivery).await?;
        if delivery.state == DeliveryState::Sent {
            dunning::sent(&scope, &delivery).await?;
        }
        scope.commit().await?;
        Ok(end)
    }
}

async fn waiting(scope: &TenantScope, id: Uuid) -> Result<Option<Delivery>, Refused> {
    let found = repo::lock(scope, DeliveryId::from_uuid(id)).await?;
    Ok(found.filter(|it| it.state == DeliveryState::Waiting))
}

/// Notes how a try ended, and says when the next one is.
fn ended(
    scope: &TenantScope,
    delivery: &mut Delivery,
    sent: Result<(), NotTaken>,
    message: &Message,
) -> JobEnd {
    let refusal = match sent {
        Ok(()) => {
            delivery.state = DeliveryState::Sent;
            delivery.failure = None;
            delivery.ended_at = Some(scope.now());
            return JobEnd::Done;
        }
        Err(refusal) => refusal,
    };
    // Providers like to repeat the address.
    let reason = refusal.reason.replace(&message.to, &delivery.shown);
    tracing::warn!(reason, delivery.id = %delivery.id, "a message was not taken");
    delivery.failure = Some(reason.chars().take(MAX_FAILURE).collect());
    if let Some(pause) = pause_after(delivery.tries).filter(|_| !refusal.for_good) {
        JobEnd::RetryIn(pause)
    } else {
        delivery.state = DeliveryState::Failed;
        delivery.ended_at = Some(scope.now());
        JobEnd::Done
    }
}

async fn next(scope: &TenantScope, key: &CompanyKey, delivery: &Delivery) -> Result<Next, Refused> {
    let (person, channel) = (delivery.person, delivery.channel);
    let Some(address) = wishes::lock(scope, person, channel).await? else {
        return Ok(Next::Drop);
    };
    let language = Language::from(wishes::of_person(scope, person).await?.0.language);
    let place = place(person, channel);
    if delivery.letter.is_none() {
        return code_message(scope, key, delivery, (&address, &place, language));
    }
    let Some(sealed) = &address.sealed else { return Ok(Next::Drop) };
    let to = open(key, &place, sealed)?;
    letter_message(scope, delivery, to, language).await
}

fn code_message(
    scope: &TenantScope,
    key: &CompanyKey,
    delivery: &Delivery,
    (address, place, language): (&preferences::Address, &str, Language),
) -> Result<Next, Refused> {
    let lasts = address.asked_at.is_some_and(|asked| scope.now() < asked + CODE_LASTS);
    let (Some(sealed), Some(nonce), true) = (&address.pending, address.nonce, lasts) else {
        return Ok(Next::Drop);
    };
    let code = code(key, place, nonce);
    Ok(Next::Send(Box::new(Message {
        to: open(key, place, sealed)?,
        id: delivery.id.to_string(),
        title: say::code_title().say(language),
        body: say::code_body(code, CODE_LASTS.num_minutes()).say(language),
        close: say::mail_close_code().say(language),
        template: None,
    })))
}

async fn letter_message(
    scope: &TenantScope,
    delivery: &Delivery,
    to: String,
    language: Language,
) -> Result<Next, Refused> {
    let ids = delivery.letter.map(Into::into);
    let letter = inbox::by_ids(scope, ids).await?.into_values().next();
    let Some(letter) = letter else { return Ok(Next::Drop) };
    // What has come to an end while its letter waited, e.g. for the morning, is not told any more.
    let Letters::Count(template) = notices::letters(scope, &letter.reference).await? else {
        return Ok(Next::Drop);
    };
    let Some(estate) = estates::find(scope, letter.estate).await? else {
        // Identity has not told yet.
        return Ok(Next::Wait(Duration::minutes(1)));
    };
    let hours = quiet::of_estate(scope, estate.id).await?.0;
    let night = hours.wait(scope.now(), estate.zone).filter(|_| !letter.kind.is_urgent());
    if let Some(end) = night {
        return Ok(Next::Wait(end - scope.now()));
    }
    // Who has read it in the app need not pay for a short message.
    if delivery.channel == Channel::Sms && letter.read_at.is_some() {
        return Ok(Next::Drop);
    }
    Ok(Next::Send(Box::new(Message {
        to,
        id: delivery.id.to_string(),
        title: letter.title.in_language(language).to_owned(),
        body: letter.body.in_language(language).to_owned(),
        close: say::mail_close(estate.name).say(language),
        template,
    })))
}
