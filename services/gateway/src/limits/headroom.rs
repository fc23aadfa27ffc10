//! Every operation that we ship needs at most half of what a document may ask for.

use super::{Count, Fragments, MAX_NODES, MAX_SELECTIONS, Numbers, Page, fragments, parts};
use crate::settings::{MAX_ALIASES, MAX_DEPTH, MAX_DIRECTIVES, MAX_TOKENS};
use graphql_tools::parser::{
    parse_query,
    query::{Definition, Document, Selection, SelectionSet},
};
use std::{collections::HashMap, fs, path::Path};

/// The largest page that a service gives, which the web may ask for in a variable.
const LARGEST_PAGE: i64 = 100;

/// What the limits of a text count, along one operation with its fragments.
#[derive(Debug, Default)]
struct Needs {
    depth: usize,
    aliases: usize,
    directives: usize,
}

impl Needs {
    fn of(set: &SelectionSet<'static, String>, fragments: &Fragments<'_>) -> Self {
        let mut all = Self::default();
        for selection in &set.items {
            let (own, inner) = match selection {
                Selection::Field(field) => {
                    let mut inner = Self::of(&field.selection_set, fragments);
                    inner.depth += 1;
                    inner.aliases += usize::from(field.alias.is_some());
                    (field.directives.len(), inner)
                }
                Selection::InlineFragment(inline) => {
                    (inline.directives.len(), Self::of(&inline.selection_set, fragments))
                }
                Selection::FragmentSpread(spread) => {
                    let fragment = fragments[spread.fragment_name.as_str()];
                    (spread.directives.len(), Self::of(&fragment.selection_set, fragments))
                }
            };
            all.depth = all.depth.max(inner.depth);
            all.aliases += inner.aliases;
            all.directives += inner.directives + own;
        }
        all
    }
}

/// Names, values and punctuation of a text; a comment counts too, which only makes it more.
fn tokens(text: &str) -> usize {
    let mut in_word = false;
    let mut count = 0;
    for letter in text.chars() {
        let word = letter.is_alphanumeric() || "_$.-".contains(letter);
        let blank = letter.is_whitespace() || letter == ',';
        count += usize::from(if word { !in_word } else { !blank });
        in_word = word;
    }
    count
}

fn files(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "graphql") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// Operations in a Markdown file's commands: what stands between two single quotes and is one.
fn operations_of(readme: &str) -> Vec<String> {
    let quoted = readme
        .split('\'')
        .filter(|part| ["query ", "mutation ", "{ "].iter().any(|begin| part.starts_with(begin)));
    quoted.map(str::to_owned).filter(|part| parse_query::<String>(part).is_ok()).collect()
}

fn half(what: &str, needed: u64, limit: u64) {
    assert!(needed * 2 <= limit, "{what} needs {needed} of {limit}");
}

fn check_all(text: &str) -> usize {
    let document: Document<'static, String> = parse_query::<String>(text).unwrap().into_static();
    let fragments = fragments(&document);
    let mut seen = 0;
    for definition in &document.definitions {
        let Definition::Operation(operation) = definition else { continue };
        let (place, set, declared) = parts(operation);
        let name = format!("{} {place}", text.chars().take(60).collect::<String>());
        let variables: Numbers = declared.iter().map(|v| (v.name.clone(), LARGEST_PAGE)).collect();
        let mut count =
            Count { fragments: &fragments, variables: &variables, known: HashMap::new() };
        let size = count.set(set, Page::Absent);
        half(&format!("{name}, selections,"), size.selections, MAX_SELECTIONS);
        half(&format!("{name}, nodes,"), size.nodes, MAX_NODES);
        let needs = Needs::of(set, &fragments);
        half(&format!("{name}, depth,"), needs.depth as u64, MAX_DEPTH);
        half(&format!("{name}, aliases,"), needs.aliases as u64, MAX_ALIASES);
        half(&format!("{name}, directives,"), needs.directives as u64, MAX_DIRECTIVES);
        seen += 1;
    }
    seen
}

#[test]
fn what_we_ship_needs_at_most_half_of_each_limit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut web = Vec::new();
    files(&root.join("services/web/src"), &mut web);
    for file in &web {
        half("a file of the web, tokens,", tokens(file) as u64, MAX_TOKENS);
    }
    let of_the_web = check_all(&web.join("\n"));
    assert!(of_the_web > 30, "{of_the_web} operations of the web");
    let stories = fs::read_to_string(root.join("services/gateway/graphiql/stories.graphql"));
    let stories = stories.unwrap();
    half("the stories, tokens,", tokens(&stories) as u64, MAX_TOKENS);
    assert!(check_all(&stories) >= 3);
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let tour = operations_of(&readme);
    assert!(tour.len() > 10, "{} operations of the README", tour.len());
    for operation in &tour {
        half(operation, tokens(operation) as u64, MAX_TOKENS);
        check_all(operation);
    }
}
