//! Who may do what: the committed table is what the answers say.

use crate::{
    stage::{Actor, Outcome, Place, Stage, acted, groups, is_bound, permissions, reads},
    town::repository,
};
use authz::role_templates;
use futures::{StreamExt as _, future::ready, stream};
use std::{collections::BTreeSet, fs};
use suite::{Document, Kind, Matrix, Row};
use testkit::run;

const TABLE: &str = "tests/suite/matrix.csv";
/// Follows a permission that is of no use when held in one estate only.
const COMPANY: &str = "@company";
/// Rights that a role cannot use, because it may not read what they are about: it may ask for
/// refunds, but sees no payments; who records contacts at the gate sees none to attach a photo to.
const UNUSABLE: [&str; 7] = [
    "revealContactPhone as CFIN: ",
    "requestRefund as PO: ",
    "attach as PSUP: ",
    "attach as PDESK: ",
    "attach as LG: ",
    "attach as ENG: ",
    "attach as SEC: ",
];
/// What residents may do because it is about their own, by a right that is of no use to others.
const CONCERNED: [&str; 8] = [
    "agreeComplaintTime as OWN: ",
    "cancelWorkOrder as OWN: ",
    "cancelWorkOrder as OCC: ",
    "reopenComplaint as OWN: ",
    "reopenWorkOrder as OWN: ",
    "reopenWorkOrder as OCC: ",
    "survey as OWN: ",
    "survey as OCC: ",
];
/// Operations of somebody in particular (the sender of a sheet or whom it is to, the owner of a task,
/// who was at work when an announcement was published), or of what nobody here has (a delivery by
/// mail, a form that is read again): their features' own tests try them.
const OF_NOBODY_HERE: [&str; 10] = [
    "acknowledgeAnnouncement",
    "confirmMemo",
    "confirmMessageAddress",
    "deliveries",
    "finishDeskTask",
    "noteSurveyCall",
    "receiveMemo",
    "replyMemo",
    "surveyInvitations",
    "withdrawMemo",
];
/// Follows a permission that is enough for whoever may read everything.
const READ: &str = "+read";

/// The first document of every operation.
fn operations(stage: &Stage) -> Vec<&Document> {
    let mut seen = BTreeSet::new();
    stage.documents.iter().filter(|document| seen.insert(&document.name)).collect()
}

/// How one caller fares with the objects of a place; what was used up is made again.
async fn fares(stage: &Stage, actor: &Actor, document: &Document, place: &Place) -> Outcome {
    let answer = stage.ask(actor, document, place).await;
    let outcome = Outcome::of(document, &answer);
    // An act may be done and its answer refused, to whoever may do it and not see it.
    let used_up = acted(&answer) || outcome == Outcome::Hidden;
    if document.kind == Kind::Mutation && used_up {
        let again = stage.renew(&stage.ours, place, document).await;
        again.expect("what was used up is made again");
    }
    outcome
}

async fn cell(stage: &Stage, actor: &Actor, document: &Document) -> char {
    let inside = fares(stage, actor, document, &stage.inside).await;
    match inside {
        Outcome::Works => {}
        Outcome::Forbidden => return 'x',
        Outcome::Hidden | Outcome::Unknown => return '-',
    }
    // Where no object is named, there is no other one to try.
    if document.slots.is_empty() {
        return 'y';
    }
    match fares(stage, actor, document, &stage.outside).await {
        Outcome::Works => 'y',
        _ if actor.resident => 'o',
        _ => 'z',
    }
}

/// Whether a program with these permissions, in the whole company or in one estate, may do it.
async fn opens(stage: &Stage, document: &Document, held: &[String], here: bool) -> bool {
    let program = stage.program(held, here).await;
    fares(stage, &program, document, &stage.inside).await == Outcome::Works
}

/// The permissions of which each opens an operation together with those of `beside`; looked for in
/// groups first, as who may do more is refused nothing that who may do less is allowed.
async fn openers(stage: &Stage, document: &Document, beside: &[String]) -> Vec<String> {
    let with = |more: &[String]| [more, beside].concat();
    let tried = stream::iter(groups())
        .map(async |group| opens(stage, document, &with(&group), false).await.then_some(group));
    let open: Vec<Vec<String>> =
        tried.buffered(at_once(document)).filter_map(ready).collect().await;
    let mut candidates = open.concat();
    candidates.sort();
    let tried = stream::iter(candidates).map(async |name| {
        opens(stage, document, &with(std::slice::from_ref(&name)), false).await.then_some(name)
    });
    tried.buffered(at_once(document)).filter_map(ready).collect().await
}

/// The permissions of which each alone opens an operation, see the legend of the table.
async fn allowing(stage: &Stage, document: &Document) -> Vec<String> {
    let alone = openers(stage, document, &[]).await;
    if alone.len() == permissions().len() {
        return vec!["any".to_owned()];
    }
    if !alone.is_empty() || opens(stage, document, &reads(), false).await {
        let mut all = Vec::with_capacity(alone.len());
        for name in alone {
            let enough = opens(stage, document, std::slice::from_ref(&name), true).await;
            all.push(if enough { name } else { format!("{name}{COMPANY}") });
        }
        return all;
    }
    let helped = openers(stage, document, &reads()).await;
    let helped: Vec<String> = helped.into_iter().map(|name| format!("{name}{READ}")).collect();
    if helped.is_empty() { vec!["none".to_owned()] } else { helped }
}

/// What is used up and made again is so for one caller after the other.
fn at_once(document: &Document) -> usize {
    if document.renews.is_empty() { 8 } else { 1 }
}

async fn measure(stage: &Stage) -> Matrix {
    let roles = stage.actors.iter().map(|actor| actor.name.clone()).collect();
    let mut measured = Matrix { roles, ..Matrix::default() };
    for document in operations(stage) {
        let each = stream::iter(&stage.actors).map(|actor| cell(stage, actor, document));
        let cells = each.buffered(at_once(document)).collect().await;
        let permissions = allowing(stage, document).await;
        measured.rows.insert(document.name.clone(), Row { permissions, cells });
    }
    measured
}

/// The letter of a permission and a role in `libs/authz/matrix.csv`. A resident's token has what
/// owners and what occupants have.
fn right(permission: &str, role: &str) -> char {
    let permission = match permission.strip_suffix(COMPANY) {
        Some(_) if is_bound(role) => return '-',
        Some(bare) => bare,
        None => permission.trim_end_matches(READ),
    };
    let of = |code: &str| {
        let templates = role_templates();
        let template = templates.iter().find(|template| template.code == code);
        let rights = template.map(|template| template.permissions.clone()).unwrap_or_default();
        rights.into_iter().find(|right| right.permission == permission)
    };
    let resident = ["OWN", "OCC"].contains(&role);
    let codes: &[&str] = if resident { &["OWN", "OCC"] } else { &[role] };
    match codes.iter().find_map(|code| of(code)).map(|right| right.reach).as_deref() {
        Some("all") => 'y',
        Some("zone") => 'z',
        Some("assigned") => 'a',
        Some("own") => 'o',
        _ => '-',
    }
}

#[test]
fn the_committed_table_is_what_the_answers_say() {
    run(async {
        let stage = Stage::get().await;
        let _turn = stage.turn.lock().await;
        let measured = measure(&stage).await;
        let path = repository(TABLE);
        if std::env::var_os("WRITE_MATRIX").is_some() {
            fs::write(&path, measured.text()).expect("the repository can be written");
        }
        let committed = Matrix::read(&fs::read_to_string(&path).unwrap_or_default());
        let differences = committed.differences(&measured);
        assert!(
            differences.is_empty(),
            "{TABLE} is not what is measured; run `make matrix` and review the change:\n{}",
            differences.join("\n")
        );
        let mut strange = measured.against_rights(right);
        let known = || UNUSABLE.iter().chain(&CONCERNED);
        strange.retain(|text| !known().any(|known| text.starts_with(known)));
        assert!(
            strange.is_empty(),
            "who may do it does not follow from libs/authz/matrix.csv:\n{}",
            strange.join("\n")
        );
        let dead: Vec<&String> = measured
            .rows
            .iter()
            .filter(|(_, row)| row.cells.iter().all(|cell| "x-".contains(*cell)))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(dead, OF_NOBODY_HERE, "operations that no role may use");
    });
}
