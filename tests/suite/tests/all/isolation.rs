//! What belongs to another company, or to another estate, answers exactly as what never was.

use crate::stage::{Actor, Outcome, Place, Stage, acted, log_size, missing, shows, without};
use futures::{StreamExt as _, stream};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};
use suite::{Document, Kind, Owner, Slot};
use testkit::{Answer, run};

/// Requests at a time.
const AT_ONCE: usize = 8;

/// One object of somebody else's in one place of one document, as one caller.
struct Case<'s> {
    document: &'s Document,
    slot: &'s Slot,
    actor: &'s Actor,
    /// What the others' objects are called, and the objects.
    others: Vec<(&'static str, Value)>,
}

impl Case<'_> {
    fn name(&self) -> String {
        let Self { document, slot, actor, .. } = self;
        format!("{}, ${} {:?}, as {}", document.name, slot.variable, slot.path, actor.name)
    }
}

fn cases(stage: &Stage) -> Vec<Case<'_>> {
    let owners = owners(stage);
    let theirs = |actor: &Actor, slot: &Slot| {
        let owner = owners.get(slot.name.as_str()).copied().unwrap_or(Owner::Estate);
        let home = actor.resident && owner == Owner::Household;
        let places: [(&'static str, &Place, bool); 3] = [
            ("another household's", &stage.outside, home),
            ("another company's", &stage.foreign, true),
            ("another estate's", &stage.next_door, actor.bound && owner != Owner::Company),
        ];
        let places = places.into_iter().filter(|(_, _, counts)| *counts);
        let each = places.map(|(whose, place, _)| {
            let object = place.known(&slot.name);
            (whose, object.unwrap_or_else(|| panic!("nobody makes `{}`", slot.name)))
        });
        each.collect::<Vec<_>>()
    };
    let mut all = Vec::new();
    for document in &stage.documents {
        for slot in &document.slots {
            for actor in &stage.actors {
                all.push(Case { document, slot, actor, others: theirs(actor, slot) });
            }
        }
    }
    all
}

/// Objects that no operation of the graph makes, but the company's as a whole.
const PROVIDED_TO_THE_COMPANY: [&str; 3] = ["colleague", "supportRequest", "upload"];

/// Whose the objects of a name are, as the features say.
fn owners(stage: &Stage) -> BTreeMap<&str, Owner> {
    let keeps = stage.documents.iter().flat_map(|document| &document.keeps);
    let provided = PROVIDED_TO_THE_COMPANY.map(|name| (name, Owner::Company));
    keeps.map(|keep| (keep.name.as_str(), keep.of)).chain(provided).collect()
}

/// How a case ended: whether it proves the point, or what is wrong.
async fn judge(stage: &Stage, case: &Case<'_>) -> Result<bool, String> {
    let Case { document, slot, actor, others } = case;
    let mut proven = false;
    for (whose, object) in others {
        let nobodys = missing(object);
        let ask = async |object: &Value| -> Answer {
            stage.ask_with(actor, document, &stage.inside, (slot, object)).await
        };
        let (theirs, none) = (ask(object).await, ask(&nobodys).await);
        let (seen, wanted) = (without(&theirs, object), without(&none, &nobodys));
        if seen != wanted {
            return Err(format!("{}: {whose} answers {seen}, a missing one {wanted}", case.name()));
        }
        match Outcome::of(document, &theirs) {
            Outcome::Hidden => proven = true,
            // Without the right nothing is said of any object.
            Outcome::Forbidden => {}
            // Kept without being known here, a filter that finds nothing, or a text that names no
            // object of ours.
            Outcome::Works if document.unseen.contains(&slot.name) => proven = true,
            Outcome::Works if filters(document, slot) || !is_id(object) => proven = true,
            // Refused alike for another reason: another call has to prove it.
            Outcome::Works if !acted(&theirs) => {}
            outcome => return Err(format!("{}: {whose} is {outcome:?}: {seen}", case.name())),
        }
    }
    Ok(proven)
}

/// What only narrows an answer finds nothing rather than refusing.
fn filters(document: &Document, slot: &Slot) -> bool {
    document.kind == Kind::Query && slot.optional
}

fn is_id(object: &Value) -> bool {
    object.as_str().is_some_and(|text| crate::stage::bare_id(text).is_some())
}

#[test]
fn what_is_somebody_elses_answers_as_what_never_was() {
    run(async {
        let stage: Arc<Stage> = Stage::get().await;
        let _turn = stage.turn.lock().await;
        let before = snapshot(&stage).await;
        let cases = cases(&stage);
        let judged: Vec<(&Case<'_>, Result<bool, String>)> = stream::iter(&cases)
            .map(async |case| (case, judge(&stage, case).await))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let mut wrong: Vec<String> = Vec::new();
        let mut proofs: BTreeMap<String, usize> = BTreeMap::new();
        for (case, outcome) in judged {
            let slot =
                format!("{} ${} {:?}", case.document.name, case.slot.variable, case.slot.path);
            let count = proofs.entry(slot).or_default();
            match outcome {
                Ok(proven) => *count += usize::from(proven),
                Err(text) => wrong.push(text.chars().take(900).collect()),
            }
        }
        let unproven = proofs.into_iter().filter(|(_, count)| *count == 0);
        wrong.extend(unproven.map(|(slot, _)| format!("{slot}: NOT_FOUND for nobody")));
        wrong.sort();
        assert!(
            wrong.is_empty(),
            "{} of {} cases:\n{}",
            wrong.len(),
            cases.len(),
            wrong.join("\n")
        );
        let after = snapshot(&stage).await;
        for (document, was) in before {
            assert_eq!(was, after[&document], "{document} of the other company has changed");
        }
    });
}

/// What the other company sees of its own.
async fn snapshot(stage: &Stage) -> BTreeMap<String, String> {
    let maker = &stage.theirs.makers["CFIN"];
    let mut seen = BTreeMap::new();
    for document in stage.documents.iter().filter(|d| d.kind == Kind::Query) {
        // Who asked lately, and from where, is no secret and no change.
        if !["sessions", "apiClients", "auditLog"].contains(&document.name.as_str()) {
            let answer = stage.ask(maker, document, &stage.foreign).await;
            seen.insert(document.name.clone(), without(&answer, &Value::Null));
        }
    }
    seen
}

#[test]
fn nothing_of_another_company_shows_in_any_list_event_or_line_of_the_log() {
    run(async {
        let stage = Stage::get().await;
        let _turn = stage.turn.lock().await;
        let queries = stage.documents.iter().filter(|d| d.kind == Kind::Query);
        let each = queries.flat_map(|document| stage.actors.iter().map(move |who| (document, who)));
        let asked =
            stream::iter(each).map(|(document, who)| stage.ask(who, document, &stage.inside));
        let count = asked.buffer_unordered(AT_ONCE).count().await;
        assert!(count > 500, "only {count} requests");
        assert!(log_size() > 10_000, "the log is not captured");
        let mut leaks = stage.leaks();
        leaks.extend(stage.leaking_events().await);
        assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
    });
}

#[test]
fn nobody_in_particular_learns_nothing() {
    run(async {
        let stage = Stage::get().await;
        let _turn = stage.turn.lock().await;
        let nobody = Actor::nobody();
        let mut answered = Vec::new();
        for document in &stage.documents {
            let answer = stage.ask(&nobody, document, &stage.inside).await;
            let unknown =
                answer.errors.iter().all(|error| error["extensions"]["code"] == "UNAUTHENTICATED");
            let silent = unknown && !answer.errors.is_empty() && !shows(&answer.data);
            if !silent {
                answered.push(format!("{}: {}", document.name, without(&answer, &Value::Null)));
            }
        }
        assert!(answered.is_empty(), "nobody is answered:\n{}", answered.join("\n"));
    });
}
