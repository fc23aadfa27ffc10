//! Asking, and judging the answer.

use super::{
    Actor, Place, Stage, bare_id,
    place::{FOREIGN, NEXT_DOOR, OUTSIDE},
};
use aho_corasick::AhoCorasick;
use http::HeaderMap;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, sync::Arc};
use suite::{Document, Kind, Slot, Template};
use testkit::Answer;

/// What a document names that attaches an uploaded file.
const DESK_UPLOAD: &str = "deskUpload";

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It works, or is stopped by something else than rights.
    Works,
    /// `FORBIDDEN`.
    Forbidden,
    /// `NOT_FOUND`, or an answer that shows nothing.
    Hidden,
    /// `UNAUTHENTICATED`.
    Unknown,
}

/// Words that somebody must never be shown.
pub struct Secrets {
    canaries: Vec<String>,
    all: AhoCorasick,
}

impl Stage {
    /// The headers of a caller; none for nobody.
    pub fn bearer(token: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if token.is_empty() {
            return headers;
        }
        headers.insert("authorization", format!("Bearer {token}").parse().expect("a header"));
        headers
    }

    /// A document with the objects of a place, as somebody.
    pub async fn ask(&self, actor: &Actor, document: &Document, place: &Place) -> Answer {
        let fresh = self.fresh(actor, document).await;
        let variables = Self::variables(document, place, (actor, fresh), None);
        self.send(actor, document, variables).await
    }

    /// A document with the objects of a place, one slot taken by something else.
    pub async fn ask_with(
        &self,
        actor: &Actor,
        document: &Document,
        place: &Place,
        (slot, other): (&Slot, &Value),
    ) -> Answer {
        let fresh = self.fresh(actor, document).await;
        let variables = Self::variables(document, place, (actor, fresh), Some((slot, other)));
        self.send(actor, document, variables).await
    }

    /// A file that this caller has just uploaded to the service desk, for a document that attaches
    /// one: each is attached once, and by who uploaded it.
    async fn fresh(&self, actor: &Actor, document: &Document) -> Option<String> {
        if document.slots.iter().any(|slot| slot.name == DESK_UPLOAD) {
            self.desk_upload(&actor.token).await
        } else {
            None
        }
    }

    /// # Panics
    /// When nobody made what the document names.
    fn variables(
        document: &Document,
        place: &Place,
        (actor, fresh): (&Actor, Option<String>),
        instead: Option<(&Slot, &Value)>,
    ) -> Value {
        let known = |name: &str| match (name, &actor.upload, &fresh) {
            ("upload", Some(upload), _) | (DESK_UPLOAD, _, Some(upload)) => {
                Some(upload.clone().into())
            }
            _ => place.known(name),
        };
        let each = document.variables.iter().map(|(name, template)| {
            let template = match instead {
                Some((slot, other)) if slot.variable == *name => {
                    let other = Template::Known(other.clone());
                    let other = if slot.list { Template::List(vec![other]) } else { other };
                    template.with(&slot.path, &other)
                }
                _ => template.clone(),
            };
            let value = template.fill(&known).unwrap_or_else(|unknown| {
                panic!("{}: nobody makes `{unknown}`; keep it in a cases.graphql", document.name)
            });
            (name.clone(), value)
        });
        Value::Object(each.collect::<Map<_, _>>())
    }

    /// Sends it; what the answer shows that this caller may not see is remembered.
    async fn send(&self, actor: &Actor, document: &Document, variables: Value) -> Answer {
        let sent = variables.to_string();
        let headers = Self::bearer(&actor.token);
        let (world, service) = (Arc::clone(&self.world), document.service.clone());
        let text = document.text.clone();
        // A task of its own, so that those asked at once are answered by all cores.
        let asked = async move { world.send(&service, headers, &text, variables).await };
        let answer = tokio::spawn(asked).await.expect("an answer");
        for error in &answer.errors {
            let code = &error["extensions"]["code"];
            assert!(code.is_string(), "{}: {error}\n{}\n{sent}", document.name, document.text);
        }
        let shown = format!("{}{}", answer.data, Value::from(answer.errors.clone()));
        let secrets = self.secrets(actor);
        for found in secrets.all.find_overlapping_iter(&shown) {
            let canary = &secrets.canaries[found.pattern()];
            if !sent.contains(canary) {
                let leak = format!("{} as {} shows {canary}: {shown}", document.name, actor.name);
                self.leaks.lock().unwrap().push(leak.chars().take(600).collect());
            }
        }
        answer
    }

    /// What somebody must never be shown, ready to be looked for: hundreds of words in thousands of
    /// answers.
    fn secrets(&self, actor: &Actor) -> Arc<Secrets> {
        let canaries = self.canaries(actor);
        let mut known = self.secrets.lock().unwrap();
        let like = known.iter().find(|secrets| secrets.canaries == canaries);
        like.cloned().unwrap_or_else(|| {
            let all = AhoCorasick::new(&canaries).expect("words");
            let secrets = Arc::new(Secrets { canaries, all });
            // Objects are made again; those of before are of no use.
            known.truncate(7);
            known.insert(0, Arc::clone(&secrets));
            secrets
        })
    }

    /// Events of our company, in any service, that carry something of the other's.
    pub async fn leaking_events(&self) -> Vec<String> {
        let mut found = Vec::new();
        let canaries = [FOREIGN.canaries(), self.foreign.ids()].concat();
        for (service, context) in &self.world.running.contexts {
            context.db.worker().place_events().await.expect("an event log");
            let events = context.db.events_after(0, 1_000_000).await.expect("an event log");
            let ours = events.iter().filter(|event| event.tenant == self.ours.tenant.as_uuid());
            for event in ours {
                let text = format!("{} {}", event.aggregate, event.payload);
                if canaries.iter().any(|canary| text.contains(canary)) {
                    found.push(format!("{service}: event {} carries {text}", event.kind));
                }
            }
        }
        found
    }

    /// What somebody of ours must never be shown.
    fn canaries(&self, actor: &Actor) -> Vec<String> {
        // While things are made, everybody works for the company they make them in.
        if self.actors.is_empty() {
            return Vec::new();
        }
        let mut all = [FOREIGN.canaries(), self.foreign.ids()].concat();
        all.push(self.theirs.tenant.to_string());
        if actor.bound {
            all.extend(NEXT_DOOR.canaries());
        }
        if actor.resident {
            all.extend(OUTSIDE.canaries());
        }
        all
    }
}

impl Outcome {
    /// What an answer to a document means.
    pub fn of(document: &Document, answer: &Answer) -> Self {
        let code = answer.errors.first().map(|error| error["extensions"]["code"].as_str());
        let root = &answer.data[&document.root];
        match code.flatten() {
            Some("UNAUTHENTICATED") => Self::Unknown,
            // What fails inside the payload fails after the act.
            _ if document.kind == Kind::Mutation && acted(answer) => Self::Works,
            _ if shows(root) => Self::Works,
            None | Some("NOT_FOUND") => Self::Hidden,
            Some("FORBIDDEN") => Self::Forbidden,
            Some(_) => Self::Works,
        }
    }
}

/// Whether a mutation did what it says: every error is below it.
pub fn acted(answer: &Answer) -> bool {
    let below = |error: &Value| error["path"].as_array().is_some_and(|path| path.len() > 1);
    answer.errors.iter().all(below)
}

/// Whether an answer shows anything but the ids it was asked by and the ends of empty pages.
pub fn shows(answer: &Value) -> bool {
    match answer {
        Value::Object(fields) => {
            let telling = fields.iter().filter(|(name, value)| {
                let known =
                    name.as_str() == "id" && value.as_str().is_some_and(|id| bare_id(id).is_some());
                !known && !["__typename", "pageInfo"].contains(&name.as_str())
            });
            telling.map(|(_, value)| value).any(shows)
        }
        Value::Array(items) => items.iter().any(shows),
        other => !other.is_null(),
    }
}

/// An answer in which the objects asked for have no names, to compare two.
pub fn without(answer: &Answer, object: &Value) -> String {
    // Fields are resolved at once, and fail in any order.
    let mut errors: Vec<String> = answer.errors.iter().map(Value::to_string).collect();
    errors.sort();
    let text = format!("{} {}", sorted(&answer.data), errors.join(" "));
    match object.as_str() {
        Some(object) => text.replace(object, "…"),
        None => text,
    }
}

/// The same value, its fields in the order of their names.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let each = fields.iter().map(|(name, value)| (name.clone(), sorted(value)));
            let each: BTreeMap<String, Value> = each.collect();
            Value::Object(each.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// Something of the same form as an object's name that nobody ever had.
pub fn missing(like: &Value) -> Value {
    let nobody = clock::Clock::system().uuid().simple().to_string();
    let text = like.as_str().unwrap_or_default();
    match bare_id(text) {
        Some(_) => format!("{}_{nobody}", &text[..3]).into(),
        None => format!("NONE{}", &nobody[..text.len().clamp(5, 16) - 4]).to_uppercase().into(),
    }
}
