//! Whether every field of the graph can be planned; the composer does not check that.

use graphql_tools::parser::schema::{
    Definition, Document, Field, Type, TypeDefinition, Value as Literal,
};
use hive_router::query_planner::{
    ast::normalization::normalize_operation,
    graph::PlannerOverrideContext,
    planner::{Planner, QueryPlannerOptions},
    utils::{
        cancellation::CancellationToken,
        parsing::{safe_parse_operation, safe_parse_schema},
    },
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Plans each (type, field) that the roots lead to once, and counts them.
///
/// # Errors
/// Every `Type.field` that no plan reaches, with the planner's reason.
pub fn plan_every_field(supergraph: &str) -> Result<usize, Vec<String>> {
    let document = safe_parse_schema(supergraph).map_err(|error| vec![error.to_string()])?;
    let planner = Planner::new_from_supergraph(&document, QueryPlannerOptions::default())
        .map_err(|error| vec![error.to_string()])?;
    let graph = Graph::read(&planner.consumer_schema.document);
    let mut walk =
        Walk { planner: &planner, graph: &graph, seen: BTreeSet::new(), waiting: VecDeque::new() };
    for (operation, root) in [("query", "Query"), ("mutation", "Mutation")] {
        walk.enter(root, Path { operation, steps: Vec::new() });
    }
    let mut planned = 0;
    let mut failures = Vec::new();
    while let Some((name, path)) = walk.waiting.pop_front() {
        for field in graph.fields(&name) {
            match walk.visit(field, &path) {
                Ok(()) => planned += 1,
                Err(reason) => failures.push(format!("{name}.{}: {reason}", field.name)),
            }
        }
        for possible in graph.possible(&name) {
            walk.enter(possible, path.then(Step::On(possible.to_owned())));
        }
    }
    if failures.is_empty() { Ok(planned) } else { Err(failures) }
}

/// The types of the public schema by name.
struct Graph<'d>(BTreeMap<&'d str, &'d TypeDefinition<'static, String>>);

impl<'d> Graph<'d> {
    fn read(document: &'d Document<'static, String>) -> Self {
        let types = document.definitions.iter().filter_map(|definition| match definition {
            Definition::TypeDefinition(named) => Some((name_of(named), named)),
            _ => None,
        });
        Self(types.filter(|(name, _)| !name.starts_with("__")).collect())
    }

    fn fields(&self, name: &str) -> impl Iterator<Item = &'d Field<'static, String>> {
        let fields: &[Field<'static, String>] = match self.0.get(name) {
            Some(TypeDefinition::Object(object)) => &object.fields,
            Some(TypeDefinition::Interface(interface)) => &interface.fields,
            _ => &[],
        };
        fields.iter().filter(|field| !field.name.starts_with("__"))
    }

    /// The object types behind an interface or a union.
    fn possible(&self, name: &str) -> Vec<&'d str> {
        match self.0.get(name) {
            Some(TypeDefinition::Union(union)) => union.types.iter().map(String::as_str).collect(),
            Some(TypeDefinition::Interface(_)) => {
                let implements = |named: &TypeDefinition<'static, String>| match named {
                    TypeDefinition::Object(o) => o.implements_interfaces.iter().any(|i| i == name),
                    _ => false,
                };
                let all = self.0.iter().filter(|(_, named)| implements(named));
                all.map(|(name, _)| *name).collect()
            }
            _ => Vec::new(),
        }
    }

    fn is_composite(&self, name: &str) -> bool {
        use TypeDefinition::{Interface, Object, Union};
        matches!(self.0.get(name), Some(Object(_) | Interface(_) | Union(_)))
    }
}

fn name_of<'d>(named: &'d TypeDefinition<'static, String>) -> &'d str {
    match named {
        TypeDefinition::Scalar(t) => &t.name,
        TypeDefinition::Object(t) => &t.name,
        TypeDefinition::Interface(t) => &t.name,
        TypeDefinition::Union(t) => &t.name,
        TypeDefinition::Enum(t) => &t.name,
        TypeDefinition::InputObject(t) => &t.name,
    }
}

/// One way from a root to a type.
#[derive(Clone)]
struct Path {
    operation: &'static str,
    steps: Vec<Step>,
}

#[derive(Clone)]
enum Step {
    /// A field, with the name and type of each argument that must be given.
    Field(String, Vec<(String, String)>),
    On(String),
}

impl Path {
    fn then(&self, step: Step) -> Self {
        let mut longer = self.clone();
        longer.steps.push(step);
        longer
    }

    /// The operation that asks for the end of the path and nothing else.
    fn document(&self, leaf_has_fields: bool) -> String {
        let mut variables = Vec::new();
        let mut text = if leaf_has_fields { "{ __typename }".to_owned() } else { String::new() };
        for (depth, step) in self.steps.iter().enumerate().rev() {
            let head = match step {
                Step::On(name) => format!("... on {name}"),
                Step::Field(name, required) => {
                    let mut given = Vec::new();
                    for (position, (argument, kind)) in required.iter().enumerate() {
                        variables.push(format!("$v{depth}_{position}: {kind}"));
                        given.push(format!("{argument}: $v{depth}_{position}"));
                    }
                    name.clone() + &in_parentheses(&given)
                }
            };
            text = format!("{{ {head} {text} }}");
        }
        format!("{}{} {text}", self.operation, in_parentheses(&variables))
    }
}

fn in_parentheses(items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) }
}

struct Walk<'w> {
    planner: &'w Planner,
    graph: &'w Graph<'w>,
    seen: BTreeSet<String>,
    waiting: VecDeque<(String, Path)>,
}

impl Walk<'_> {
    fn enter(&mut self, name: &str, path: Path) {
        if self.graph.is_composite(name) && self.seen.insert(name.to_owned()) {
            self.waiting.push_back((name.to_owned(), path));
        }
    }

    fn visit(&mut self, field: &Field<'static, String>, path: &Path) -> Result<(), String> {
        let must = |argument: &&graphql_tools::parser::schema::InputValue<'static, String>| {
            matches!(argument.value_type, Type::NonNullType(_))
                && matches!(argument.default_value, None | Some(Literal::Null))
        };
        let required = field.arguments.iter().filter(must);
        let required = required.map(|a| (a.name.clone(), a.value_type.to_string())).collect();
        let path = path.then(Step::Field(field.name.clone(), required));
        let leads_to = inner(&field.field_type);
        self.plan(&path.document(self.graph.is_composite(leads_to)))?;
        self.enter(leads_to, path);
        Ok(())
    }

    fn plan(&self, text: &str) -> Result<(), String> {
        let document = safe_parse_operation(text).map_err(|error| error.to_string())?;
        let normalized = normalize_operation(&self.planner.supergraph, &document, None)
            .map_err(|error| error.to_string())?;
        let plan = self.planner.plan_from_normalized_operation(
            normalized.executable_operation(),
            PlannerOverrideContext::default(),
            &CancellationToken::new(),
        );
        plan.map(|_| ()).map_err(|error| error.to_string())
    }
}

fn inner<'d>(kind: &'d Type<'static, String>) -> &'d str {
    match kind {
        Type::NamedType(name) => name,
        Type::ListType(of) | Type::NonNullType(of) => inner(of),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose;

    const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
        import: ["@key", "@shareable", "@external"])"#;

    fn supergraph(one: &str, two: &str) -> String {
        let service = |name: &str, sdl: &str| {
            (name.to_owned(), format!("http://{name}/graphql"), format!("{LINK}\n{sdl}"))
        };
        compose(&[service("one", one), service("two", two)]).unwrap()
    }

    const UNITS: &str = r#"
        type Query { unit(id: ID!): Unit thing: Thing node: Node }
        type Mutation { rename(id: ID!, label: String!): Unit }
        interface Node { id: ID! }
        union Thing = Unit | Room
        type Room { size: Int }
        type Unit implements Node @key(fields: "id") { id: ID! label: String }"#;

    #[test]
    fn every_field_of_a_sound_graph_is_planned_once() {
        let two = r#"type Query { total: Int }
            type Unit @key(fields: "id") { id: ID! balance(since: Int!): Int }"#;
        // Query 4, Mutation 1, Node 1, Room 1, Unit 3
        assert_eq!(plan_every_field(&supergraph(UNITS, two)), Ok(10));
    }

    #[test]
    fn a_field_that_no_service_can_be_asked_for_is_named() {
        let two = r#"type Query { total: Int }
            type Unit @key(fields: "id", resolvable: false) { id: ID! balance: Int }"#;
        let failures = plan_every_field(&supergraph(UNITS, two)).unwrap_err();
        assert_eq!(failures.len(), 1, "{failures:?}");
        assert!(failures[0].starts_with("Unit.balance: "), "{failures:?}");
    }
}
