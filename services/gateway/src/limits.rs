//! What a document may ask for, counted before anything expands it.

use crate::say;
use graphql_tools::{
    parser::{
        Pos,
        query::{
            Definition, Document, Field, FragmentDefinition, OperationDefinition, Selection,
            SelectionSet, Value, VariableDefinition,
        },
    },
    validation::utils::ValidationError,
};
use std::collections::HashMap;
use texts::{Language, Text as Sentence};

/// The most selections a document may have once every fragment spread is written out.
pub const MAX_SELECTIONS: u64 = 5_000;

/// The most list nodes one path may ask for: the product of the page sizes along it.
pub const MAX_NODES: u64 = 10_000;

/// The page size of a connection asked without `first`, as the services have it.
const DEFAULT_PAGE: u64 = 50;

/// The code of a refusal by one of these limits.
pub(crate) const CODE: &str = "TOO_COMPLEX";

type Text = String;
type Fragments<'d> = HashMap<&'d str, &'d FragmentDefinition<'static, Text>>;

/// The whole numbers among a request's variables.
pub(crate) type Numbers = HashMap<String, i64>;

/// Refuses a document that expands to more than [`MAX_SELECTIONS`] or asks for more than
/// [`MAX_NODES`], in `language`; takes time in proportion to the text, whatever it expands to.
pub(crate) fn check(
    document: &Document<'static, Text>,
    variables: &Numbers,
    language: Language,
) -> Result<(), ValidationError> {
    let refused = |(position, sentence): (Pos, Sentence)| ValidationError {
        locations: vec![position],
        message: sentence.say(language),
        error_code: CODE,
    };
    let fragments = fragments(document);
    for definition in &document.definitions {
        if let Definition::Operation(operation) = definition {
            check_operation(operation, &fragments, variables).map_err(refused)?;
        }
    }
    Ok(())
}

fn fragments<'d>(document: &'d Document<'static, Text>) -> Fragments<'d> {
    let named = document.definitions.iter().filter_map(|definition| match definition {
        Definition::Fragment(fragment) => Some((fragment.name.as_str(), fragment)),
        Definition::Operation(_) => None,
    });
    named.collect()
}

/// What an operation selects, where it stands and which variables it declares.
fn parts<'d>(
    operation: &'d OperationDefinition<'static, Text>,
) -> (Pos, &'d SelectionSet<'static, Text>, &'d [VariableDefinition<'static, Text>]) {
    match operation {
        OperationDefinition::SelectionSet(set) => (set.span.0, set, &[]),
        OperationDefinition::Query(o) => (o.position, &o.selection_set, &o.variable_definitions),
        OperationDefinition::Mutation(o) => (o.position, &o.selection_set, &o.variable_definitions),
        OperationDefinition::Subscription(o) => {
            (o.position, &o.selection_set, &o.variable_definitions)
        }
    }
}

fn check_operation(
    operation: &OperationDefinition<'static, Text>,
    fragments: &Fragments<'_>,
    variables: &Numbers,
) -> Result<(), (Pos, Sentence)> {
    let (position, selections, declared) = parts(operation);
    let mut defaults: Numbers = declared
        .iter()
        .filter_map(|v| Some((v.name.clone(), number(v.default_value.as_ref()?)?)))
        .collect();
    defaults.extend(variables.iter().map(|(name, value)| (name.clone(), *value)));
    let mut count = Count { fragments, variables: &defaults, known: HashMap::new() };
    let size = count.set(selections, Page::Absent);
    if size.selections > MAX_SELECTIONS {
        return Err((position, say::too_many_fields(MAX_SELECTIONS)));
    }
    if size.nodes > MAX_NODES {
        return Err((position, say::too_many_nodes(MAX_NODES)));
    }
    Ok(())
}

fn number(value: &Value<'static, Text>) -> Option<i64> {
    match value {
        Value::Int(number) => number.as_i64(),
        _ => None,
    }
}

/// Whether the field around a selection says how long its list may be.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Page {
    Given,
    Absent,
}

/// What a selection comes to when written out.
#[derive(Clone, Copy)]
struct Size {
    selections: u64,
    nodes: u64,
}

struct Count<'d> {
    fragments: &'d Fragments<'d>,
    variables: &'d Numbers,
    known: HashMap<(&'d str, Page), Size>,
}

impl<'d> Count<'d> {
    fn set(&mut self, set: &'d SelectionSet<'static, Text>, page: Page) -> Size {
        let mut total = Size { selections: 0, nodes: 1 };
        for selection in &set.items {
            let size = match selection {
                Selection::Field(field) => self.field(field, page),
                Selection::InlineFragment(inline) => self.set(&inline.selection_set, page),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name, page),
            };
            total.selections = total.selections.saturating_add(size.selections);
            total.nodes = total.nodes.max(size.nodes);
        }
        total
    }

    fn field(&mut self, field: &'d Field<'static, Text>, page: Page) -> Size {
        let asked = self.asked(field);
        let inner = if asked.is_some() { Page::Given } else { Page::Absent };
        let below = self.set(&field.selection_set, inner);
        let lists = matches!(field.name.as_str(), "edges" | "nodes") && page == Page::Absent;
        let items = asked.unwrap_or(if lists { DEFAULT_PAGE } else { 1 });
        Size {
            selections: below.selections.saturating_add(1),
            nodes: below.nodes.saturating_mul(items),
        }
    }

    /// Each fragment is counted once. One that contains itself counts as nothing inside itself:
    /// validation refuses it afterwards.
    fn fragment(&mut self, name: &'d str, page: Page) -> Size {
        let nothing = Size { selections: 0, nodes: 1 };
        if let Some(size) = self.known.get(&(name, page)) {
            return *size;
        }
        let Some(fragment) = self.fragments.get(name) else { return nothing };
        self.known.insert((name, page), nothing);
        let size = self.set(&fragment.selection_set, page);
        self.known.insert((name, page), size);
        size
    }

    /// The page size that `first` or `last` names; a variable that is not sent is the default
    /// page. A negative one is the service's to refuse.
    fn asked(&self, field: &'d Field<'static, Text>) -> Option<u64> {
        let argument = field.arguments.iter().find(|(name, _)| name == "first" || name == "last");
        argument.map(|(_, value)| {
            let number = match value {
                Value::Variable(name) => self.variables.get(name).copied(),
                literal => number(literal),
            };
            number.map_or(DEFAULT_PAGE, |n| u64::try_from(n).unwrap_or(0)).max(1)
        })
    }
}

#[cfg(test)]
mod headroom;

#[cfg(test)]
mod tests {
    use super::*;
    use graphql_tools::parser::parse_query;
    use std::{fmt::Write as _, time::Instant};

    fn verdict(text: &str, variables: &Numbers) -> Result<(), ValidationError> {
        let document = parse_query::<String>(text).unwrap().into_static();
        check(&document, variables, Language::En)
    }

    fn refused(text: &str) -> bool {
        verdict(text, &Numbers::new()).is_err_and(|error| error.error_code == CODE)
    }

    /// `levels` fragments that each spread the next `spreads` times, a field at the bottom.
    fn fan(spreads: usize, levels: usize) -> String {
        let mut text = "{ ...F0 } ".to_owned();
        for level in 0..levels {
            let next = format!("...F{} ", level + 1).repeat(spreads);
            write!(text, "fragment F{level} on Query {{ {next}}} ").unwrap();
        }
        write!(text, "fragment F{levels} on Query {{ id }}").unwrap();
        text
    }

    #[test]
    fn fan_out_is_refused_exactly_when_it_expands_too_far_and_at_once() {
        for spreads in [2, 3, 10, 70, 71, 100, 200] {
            for levels in 2..=12 {
                let expanded = (spreads as u64).saturating_pow(u32::try_from(levels).unwrap());
                let text = fan(spreads, levels);
                let document = parse_query::<String>(&text).unwrap().into_static();
                let start = Instant::now();
                let refused = check(&document, &Numbers::new(), Language::En).is_err();
                assert!(start.elapsed().as_millis() < 100, "{spreads} x {levels}");
                assert_eq!(refused, expanded > MAX_SELECTIONS, "{spreads} x {levels}");
            }
        }
    }

    #[test]
    fn fragments_in_a_circle_end_the_count() {
        assert!(!refused("{ ...A } fragment A on Q { x ...B } fragment B on Q { ...A ...A }"));
    }

    #[test]
    fn page_sizes_multiply_along_a_path_and_not_across_siblings() {
        assert!(!refused("{ a(first: 100) { b(first: 100) { id } } c(first: 100) { id } }"));
        assert!(refused("{ a(first: 100) { b(first: 101) { id } } }"));
        assert!(refused("{ a(first: 2147483647) { id } }"));
    }

    #[test]
    fn a_connection_without_first_counts_as_a_default_page() {
        let deep =
            "{ a { edges { node { b { edges { node { c { edges { node { id } } } } } } } } } }";
        assert!(refused(deep));
        assert!(!refused("{ a { nodes { b { nodes { id } } } } }"));
        assert!(!refused(
            "{ a(first: 1) { nodes { b(first: 1) { nodes { c { nodes { id } } } } } } }"
        ));
    }

    #[test]
    fn a_page_size_in_a_variable_counts_as_sent_else_as_its_default() {
        let text = "query($n: Int = 10000) { a(first: $n) { b(first: 2) { id } } }";
        assert!(verdict(text, &Numbers::new()).is_err());
        assert!(verdict(text, &Numbers::from([("n".to_owned(), 10)])).is_ok());
        assert!(verdict(text, &Numbers::from([("n".to_owned(), -1)])).is_ok());
    }

    #[test]
    fn a_page_size_inside_a_shared_fragment_counts_wherever_it_is_spread() {
        let text = "{ a(first: 101) { ...P } } fragment P on T { b(first: 100) { id } }";
        assert!(refused(text));
    }
}
