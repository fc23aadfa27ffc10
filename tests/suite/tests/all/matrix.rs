//! Who may do what: the committed table is what the answers say.

use crate::{
    stage::{Actor, Outcome, Place, Stage, acted, is_bound},
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
const UNUSABLE: [&str; 6] = [
    "requestRefund as PO: ",
    "attach as PSUP: ",
    "attach as PDESK: ",
    "attach as LG: ",
    "attach as ENG: ",
    "attach as SEC: ",
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

/// The permissions of which each alone opens an operation, see the legend of the table.
async fn permissions(stage: &Stage, document: &Document) -> Vec<String> {
    let programs = stage.programs().await;
    let opens =
        async |actor: &Actor| fares(stage, actor, document, &stage.inside).await == Outcome::Works;
    let tried = stream::iter(&programs.each).map(async |program| {
        let name = &program.permission;
        if !opens(&program.everywhere).await {
            return None;
        }
        let enough = opens(&program.here).await;
        Some(if enough { name.clone() } else { format!("{name}{COMPANY}") })
    });
    let open: Vec<String> = tried.buffered(at_once(document)).filter_map(ready).collect().await;
    if open.len() == programs.each.len() {
        return vec!["any".to_owned()];
    }
    if !open.is_empty() || opens(&programs.reader).await {
        return open;
    }
    let tried = stream::iter(&programs.each).map(async |program| {
        opens(&program.reading).await.then(|| format!("{}{READ}", program.permission))
    });
    let open: Vec<String> = tried.buffered(at_once(document)).filter_map(ready).collect().await;
    if open.is_empty() { vec!["none".to_owned()] } else { open }
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
        let permissions = permissions(stage, document).await;
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
        strange.retain(|text| !UNUSABLE.iter().any(|known| text.starts_with(known)));
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
        assert_eq!(dead, Vec::<&String>::new(), "operations that no role may use");
    });
}
