//! Messages through the graph, with a mail server and an SMS provider of our own.

mod delivery;
mod inbox;
mod templates;

use crate::{
    messages::{MessageKind, Words, Written, post_all},
    service,
    testing::Stage,
};
use axum::{Json, Router, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use contracts::PersonId;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};
use testkit::{Answer, Backend, Signed, World, eventually, mail::Sink};
use tokio::net::TcpListener;

/// An SMS provider that keeps what it is given, and answers as it is told to.
#[derive(Clone, Default)]
struct Telephone {
    arrived: Arc<Mutex<Vec<Value>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Telephone {
    fn arrived(&self) -> Vec<Value> {
        self.arrived.lock().unwrap().clone()
    }
    /// Answers the next message so.
    fn answer(&self, status: u16) {
        self.answers.lock().unwrap().push_back(status);
    }
}

async fn taken(
    State(phone): State<Telephone>,
    headers: HeaderMap,
    Json(message): Json<Value>,
) -> (StatusCode, &'static str) {
    assert_eq!(headers["authorization"], "Bearer sms-secret");
    phone.arrived.lock().unwrap().push(message);
    let status = phone.answers.lock().unwrap().pop_front().unwrap_or(202);
    (StatusCode::from_u16(status).unwrap(), "as told")
}

/// A stage with providers.
struct Scene {
    stage: Stage,
    mail: Sink,
    phone: Telephone,
}

impl Scene {
    async fn new(now: &str) -> Self {
        let (mail, phone) = (Sink::default(), Telephone::default());
        let post_office = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let smtp = format!("smtp://{}", post_office.local_addr().unwrap());
        tokio::spawn(mail.clone().serve(post_office));
        let tower = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sms = format!("http://{}/messages", tower.local_addr().unwrap());
        let routes = Router::new().route("/messages", post(taken)).with_state(phone.clone());
        tokio::spawn(async move { axum::serve(tower, routes).await });
        let extra = [
            ("SMTP_URL", smtp.as_str()),
            ("MAIL_FROM", "Estate <mail@estate.example>"),
            ("SMS_URL", &sms),
            ("SMS_TOKEN", "sms-secret"),
        ];
        let world = World::start_on(Backend::from_env(), vec![service()], &extra, now).await;
        Self { stage: Stage::in_world(&Arc::new(world)).await, mail, phone }
    }

    /// A stage with a home whose owner gets mails.
    async fn with_mail(now: &str) -> (Self, PersonId, Signed) {
        let scene = Self::new(now).await;
        let (_, owner) = scene.stage.home("6-2-0801", "王芳").await;
        let who = scene.stage.resident(owner).await;
        scene.address(&who, "EMAIL", "wang@example.com").await;
        (scene, owner, who)
    }

    fn later(&self, minutes: i64) {
        self.stage.company.world.clock.advance(chrono::Duration::minutes(minutes));
    }

    /// Waits until something is so while time goes on.
    async fn in_time(&self, what: &str, minutes: i64, holds: impl AsyncFn() -> bool) {
        eventually(what, || async {
            if holds().await {
                return true;
            }
            self.later(minutes);
            false
        })
        .await;
    }

    /// Gives an address and confirms it.
    async fn address(&self, who: &Signed, channel: &str, address: &str) {
        give(who, channel, address).await.ok();
        let code = self.code(channel).await;
        let confirmed = confirm(who, channel, &code).await.ok();
        let addresses = &confirmed["confirmMessageAddress"]["messagePreferences"]["addresses"];
        assert!(addresses.as_array().unwrap().iter().any(|it| it["channel"] == channel));
    }

    /// The code of the newest message.
    async fn code(&self, channel: &str) -> String {
        let text = || match channel {
            "EMAIL" => self.mail.arrived().last().map(|mail| mail.parts()[0].clone()),
            _ => self.phone.arrived().last().map(|it| it["text"].as_str().unwrap().to_owned()),
        };
        let code = || {
            let text = text()?;
            let words = text.split(|c: char| !c.is_ascii_digit());
            words.filter(|word| word.len() == 6).map(str::to_owned).next()
        };
        eventually("the code arrives", || async { code().is_some() }).await;
        code().unwrap()
    }
}

/// Posts a letter as another feature does.
async fn letter(stage: &Stage, person: PersonId, kind: MessageKind, title: &str) {
    let scope = stage.company.world.db("service-desk").write(stage.company.tenant).await.unwrap();
    let words = |zh: &str, en: &str| Words { zh: zh.to_owned(), en: en.to_owned() };
    let letter = Written {
        estate: stage.estate,
        person,
        unit: None,
        kind,
        title: words(title, &format!("{title} in English")),
        body: words("请知悉。", "Please take note."),
        reference: "test/1".to_owned(),
    };
    post_all(&scope, vec![letter]).await.unwrap();
    scope.commit().await.unwrap();
}

async fn act(who: &Signed, name: &str, input: Value, answer: &str) -> Answer {
    let upper = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
    let text =
        format!("mutation($input: {upper}Input!) {{ {name}(input: $input) {{ {answer} }} }}");
    who.send("service-desk", &text, json!({ "input": input })).await
}

const PREFERENCES: &str = "messagePreferences { language version kinds { kind essential channels }
    addresses { channel address pending } }";

async fn give(who: &Signed, channel: &str, address: &str) -> Answer {
    let input = json!({ "channel": channel, "address": address });
    act(who, "setMessageAddress", input, PREFERENCES).await
}

async fn confirm(who: &Signed, channel: &str, code: &str) -> Answer {
    let input = json!({ "channel": channel, "code": code });
    act(who, "confirmMessageAddress", input, PREFERENCES).await
}

async fn prefer(who: &Signed, language: &str, kinds: Value, version: i32) -> Answer {
    let input = json!({ "language": language, "kinds": kinds, "expectedVersion": version });
    act(who, "setMessagePreferences", input, PREFERENCES).await
}

/// Somebody's letters, newest first.
pub(crate) async fn inbox(who: &Signed, unread: Option<bool>) -> Value {
    let text = "query($unread: Boolean) { inbox(unread: $unread) { nodes {
        id title state kind readAt reference } } }";
    let answer = who.send("service-desk", text, json!({ "unread": unread })).await;
    answer.ok()["inbox"]["nodes"].take()
}

async fn log(stage: &Stage, who: &Signed) -> Value {
    let text = "query($estate: ID!) { deliveries(estateId: $estate) { nodes {
        channel address state tries failure personName kind } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    who.send("service-desk", text, ask).await.ok()["deliveries"]["nodes"].take()
}

/// The events that were published for billing, as JSON.
async fn told(stage: &Stage) -> Vec<String> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let tenant = stage.company.tenant.as_uuid();
    let all = db.events_after(0, 10_000).await.unwrap().into_iter();
    let ours = all.filter(|it| it.tenant == tenant && it.kind.ends_with("message_delivered"));
    ours.map(|it| it.payload).collect()
}
