//! Who hears what goes on: the same rights as for asking, and a foreign estate is as none.

use crate::stage::{Actor, Stage, missing, without};
use authz::role_templates;
use futures::StreamExt as _;
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};
use testkit::{Answer, run};

/// The subscriptions there are: the service, the field, the permission, and how it is asked.
const SUBSCRIPTIONS: [(&str, &str, &str, &str); 1] = [(
    "service-desk",
    "deskChanges",
    "board.listen",
    "subscription($estate: ID!, $after: String) {
        deskChanges(estateId: $estate, after: $after) { objectId action } }",
)];

/// The first that somebody hears of an estate, from the beginning on.
async fn first(
    stage: &Stage,
    actor: &Actor,
    (service, text): (&str, &str),
    estate: &Value,
) -> Answer {
    let variables = json!({ "estate": estate, "after": "0" });
    let headers = Stage::bearer(&actor.token);
    let mut heard = stage.world.listen(service, headers, text, variables);
    let first = tokio::time::timeout(Duration::from_secs(20), heard.next());
    first.await.expect("it is answered in time").expect("something is answered")
}

#[test]
fn every_subscription_is_tried_here() {
    run(async {
        let stage = Stage::get().await;
        let mut known = BTreeSet::new();
        for part in &stage.world.running.subgraphs {
            let sdl = part.sdl();
            let root = sdl.split("type Subscription").nth(1).unwrap_or_default();
            let root = root.split("\n}").next().unwrap_or_default();
            let fields = root.lines().map(str::trim).filter(|line| line.ends_with('('));
            known.extend(fields.map(|field| field.trim_end_matches('(').to_owned()));
        }
        let tried = SUBSCRIPTIONS.map(|(_, field, ..)| field.to_owned());
        assert_eq!(known, BTreeSet::from(tried));
    });
}

#[test]
fn a_foreign_estate_is_heard_as_little_as_one_that_never_was() {
    run(async {
        let stage = Stage::get().await;
        for (service, field, _, text) in SUBSCRIPTIONS {
            for actor in stage.actors.iter().chain([&Actor::nobody()]) {
                let foreign = [Some(&stage.foreign), actor.bound.then_some(&stage.next_door)];
                for place in foreign.into_iter().flatten() {
                    let estate = place.known("estate").expect("an estate");
                    let none = missing(&estate);
                    let theirs = first(&stage, actor, (service, text), &estate).await;
                    let nobodys = first(&stage, actor, (service, text), &none).await;
                    assert!(!theirs.errors.is_empty(), "{field} as {}: {theirs:?}", actor.name);
                    assert_eq!(
                        without(&theirs, &estate),
                        without(&nobodys, &none),
                        "{field} as {}",
                        actor.name
                    );
                }
            }
        }
    });
}

#[test]
fn who_may_listen_follows_from_the_rights() {
    run(async {
        let stage = Stage::get().await;
        let estate = stage.inside.known("estate").expect("an estate");
        for (service, field, permission, text) in SUBSCRIPTIONS {
            for role in role_templates() {
                let actor = stage.actors.iter().find(|actor| actor.name == role.code);
                let actor = actor.expect("somebody in every role");
                let codes: &[&str] =
                    if actor.resident { &["OWN", "OCC"] } else { &[role.code.as_str()] };
                let may = role_templates().iter().any(|it| {
                    codes.contains(&it.code.as_str())
                        && it.permissions.iter().any(|right| right.permission == permission)
                });
                // Whoever may hears something here, or nothing of theirs for the time being.
                let heard = tokio::time::timeout(
                    Duration::from_secs(2),
                    first(&stage, actor, (service, text), &estate),
                );
                let refused = heard.await.is_ok_and(|answer| !answer.errors.is_empty());
                assert_eq!(!refused, may, "{field} as {}", role.code);
            }
        }
    });
}
