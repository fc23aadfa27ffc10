//! That no unlawful step exists, under whatever name.

use super::scene;
use crate::graphql::{Mutation, Query};
use async_graphql::{EmptySubscription, Schema};
use serde_json::json;
use std::{collections::BTreeSet, fs};
use testkit::run;

/// What no type, field, argument or word of an enum may be called, whichever service it is of.
const NEVER: [&str; 22] = [
    "cutoff",
    "cutwater",
    "cutpower",
    "shutoff",
    "disconnect",
    "powercut",
    "watercut",
    "stopsupply",
    "suspendsupply",
    "blockaccess",
    "accessblock",
    "disablecard",
    "carddisable",
    "blockcard",
    "lockdoor",
    "doorlock",
    "disableaccess",
    "blacklist",
    "nameandshame",
    "debtorlist",
    "finedebtor",
    "penalize",
];

/// Every name of a schema, without its descriptions.
fn names(sdl: &str) -> BTreeSet<String> {
    let mut inside = false;
    let mut plain = String::new();
    for line in sdl.lines() {
        let quotes = line.matches("\"\"\"").count();
        if quotes == 1 {
            inside = !inside;
        }
        if !inside && quotes == 0 {
            plain.push_str(line);
            plain.push('\n');
        }
    }
    let word = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    plain.split(word).map(|name| name.replace('_', "").to_lowercase()).collect()
}

fn unlawful(names: &BTreeSet<String>) -> Vec<&String> {
    names.iter().filter(|name| NEVER.iter().any(|never| name.contains(never))).collect()
}

#[test]
fn no_operation_or_word_of_any_service_is_an_unlawful_step() {
    let own = Schema::build(Query::default(), Mutation::default(), EmptySubscription).finish();
    let own = names(&own.sdl());
    assert!(own.contains("dunningcases") && own.contains("lawyerletter"), "{own:?}");
    let all = concat!(env!("CARGO_MANIFEST_DIR"), "/../gateway/supergraph.graphql");
    let all = names(&fs::read_to_string(all).unwrap());
    assert!(all.contains("takepayment") && all.len() > 500);
    for names in [own, all] {
        assert_eq!(unlawful(&names), Vec::<&String>::new());
    }
    let wrong = "enum Step { CALL WATER_CUT }\ntype Mutation { disableCard(id: ID!): Int }";
    assert_eq!(unlawful(&names(wrong)).len(), 2, "the test can fail");
}

#[test]
fn a_text_is_a_version_and_an_unlawful_one_is_refused_with_the_law() {
    run(async {
        let scene = scene("2026-07-01", "2026-07", ("3-1-1201", "118.56")).await;
        let text = |zh: &str, en: &str| json!({ "estateId": scene.stage.estate.to_string(), "step": "REMINDER", "textZh": zh, "textEn": en });
        let answer = "dunningTemplate { version }";
        let set = |input| scene.change(&scene.stage.director, "setDunningTemplate", answer, input);
        let refused = set(text("逾期将停水", "{debt}")).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "textZh"));
        assert!(refused.message().contains("944"), "{}", refused.message());
        let refused = set(text("{debt}", "We will disable your access card")).await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "textEn"));
        let done = set(text("{unit} 欠 {debt}", "{unit} owes {debt}")).await.ok();
        assert_eq!(done["setDunningTemplate"]["dunningTemplate"]["version"], 1);
        scene.day("2026-07-16").await;
        let sent = &scene.actions(&scene.owner).await[0];
        assert_eq!(
            (&sent["script"], &sent["textEn"]),
            (&json!("REMINDER/1"), &json!("3-1-1201 owes 835.86"))
        );
        let check = "checkCollectionText(estateId: $estate, text: \"对欠费业主停电,并张贴欠费名单\") { lawful phrases { phrase law words } }";
        let found = scene.query(&scene.desk, check).await.ok();
        let laws: Vec<&str> = found["checkCollectionText"]["phrases"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["law"].as_str().unwrap())
            .collect();
        assert_eq!(laws, ["SUPPLIES", "PUBLIC_LISTS"]);
        assert_eq!(scene.query(&scene.owner, check).await.code(), "NOT_FOUND");
    });
}
