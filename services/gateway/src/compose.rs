//! From the services' federation SDL to the supergraph that the planner accepts.

use graphql_composition::Subgraphs;
use graphql_tools::parser::{
    Pos, parse_schema,
    schema::{Definition, Directive, Document, EnumType, Field, ObjectType, TypeDefinition, Value},
};

type Tag = Directive<'static, String>;

/// The specifications whose directives the planner enforces. Without these links it would read
/// `@requiresScopes` in the supergraph and silently not enforce it.
const ENFORCED: [&str; 4] =
    ["tag/v0.3", "requiresScopes/v0.1", "authenticated/v0.1", "policy/v0.1"];

/// The services do not fit together.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// One service's SDL cannot be read.
    #[error("the schema of {service} cannot be read: {reason}")]
    Unreadable {
        /// Whose SDL it is.
        service: String,
        /// What the parser says.
        reason: String,
    },
    /// They contradict each other; warnings count.
    #[error("the schemas do not compose:\n{0}")]
    Conflict(String),
    /// The composed graph cannot be written or read back.
    #[error("the supergraph cannot be read or written: {0}")]
    Unwritable(String),
}

/// Composes (name, URL, SDL) of every service into the supergraph; warnings are errors.
///
/// # Errors
/// [`ComposeError`] says which service or which pair of them is at fault.
pub fn compose(services: &[(String, String, String)]) -> Result<String, ComposeError> {
    let mut subgraphs = Subgraphs::default();
    for (name, url, sdl) in services {
        subgraphs.ingest_str(sdl, name, Some(url)).map_err(|error| ComposeError::Unreadable {
            service: name.clone(),
            reason: error.to_string(),
        })?;
    }
    let result = graphql_composition::compose(&mut subgraphs).warnings_are_fatal();
    let graph = result.into_result().map_err(|diagnostics| {
        ComposeError::Conflict(diagnostics.iter_messages().collect::<Vec<_>>().join("\n"))
    })?;
    let raw = graphql_composition::render_federated_sdl(&graph)
        .map_err(|error| ComposeError::Unwritable(error.to_string()))?;
    fix_up(&raw)
}

/// The names of the services a supergraph is composed of.
///
/// # Errors
/// When it cannot be read.
pub fn services_of(supergraph: &str) -> Result<Vec<String>, ComposeError> {
    let document = parse_schema::<String>(supergraph)
        .map_err(|error| ComposeError::Unwritable(error.to_string()))?
        .into_static();
    let graphs = graph_enum(&document).map(|e| e.values.as_slice()).unwrap_or_default();
    let arguments = graphs.iter().flat_map(|graph| &graph.directives).flat_map(|d| &d.arguments);
    let names = arguments.filter_map(|(name, value)| match value {
        Value::String(service) if name == "name" => Some(service.clone()),
        _ => None,
    });
    Ok(names.collect())
}

/// Adds what the composer leaves out and the planner needs: `@join__type` on root types, unions
/// and scalars (else nothing can be planned), and the links of [`ENFORCED`].
fn fix_up(sdl: &str) -> Result<String, ComposeError> {
    let document = parse_schema::<String>(sdl);
    let mut document: Document<'static, String> =
        document.map_err(|error| ComposeError::Unwritable(error.to_string()))?.into_static();
    let graphs = graphs(&document);
    for definition in &mut document.definitions {
        match definition {
            Definition::SchemaDefinition(schema) => {
                schema.directives.extend(ENFORCED.iter().map(|spec| {
                    let url = Value::String(format!("https://specs.apollo.dev/{spec}"));
                    tag("link", "url", url)
                }));
            }
            Definition::TypeDefinition(TypeDefinition::Object(object)) => {
                join_root(object, &graphs);
            }
            Definition::TypeDefinition(TypeDefinition::Union(union)) => {
                let members = graphs_of(&union.directives, "join__unionMember");
                join(&mut union.directives, members);
            }
            Definition::TypeDefinition(TypeDefinition::Scalar(scalar))
                if !scalar.name.contains("__") =>
            {
                join(&mut scalar.directives, graphs.clone());
            }
            _ => {}
        }
    }
    Ok(document.to_string())
}

fn join_root(object: &mut ObjectType<'static, String>, graphs: &[String]) {
    match object.name.as_str() {
        // Every service has a Query, if only for `_entities`.
        "Query" => join(&mut object.directives, graphs.to_vec()),
        "Mutation" | "Subscription" => {
            let of = |field: &Field<'static, String>| graphs_of(&field.directives, "join__field");
            let owners = object.fields.iter().flat_map(of).collect();
            join(&mut object.directives, owners);
        }
        _ => {}
    }
}

fn graph_enum<'d>(
    document: &'d Document<'static, String>,
) -> Option<&'d EnumType<'static, String>> {
    document.definitions.iter().find_map(|definition| match definition {
        Definition::TypeDefinition(TypeDefinition::Enum(e)) if e.name == "join__Graph" => Some(e),
        _ => None,
    })
}

fn graphs(document: &Document<'static, String>) -> Vec<String> {
    let values = graph_enum(document).map(|e| e.values.as_slice()).unwrap_or_default();
    values.iter().map(|value| value.name.clone()).collect()
}

fn graphs_of(directives: &[Tag], named: &str) -> Vec<String> {
    let arguments = directives.iter().filter(|d| d.name == named).flat_map(|d| &d.arguments);
    arguments
        .filter_map(|(name, value)| match value {
            Value::Enum(graph) if name == "graph" => Some(graph.clone()),
            _ => None,
        })
        .collect()
}

fn join(directives: &mut Vec<Tag>, mut graphs: Vec<String>) {
    if directives.iter().any(|d| d.name == "join__type") {
        return;
    }
    graphs.sort();
    graphs.dedup();
    let joins = graphs.into_iter().map(|graph| tag("join__type", "graph", Value::Enum(graph)));
    directives.splice(0..0, joins);
}

fn tag(name: &str, argument: &str, value: Value<'static, String>) -> Tag {
    Directive {
        position: Pos::default(),
        name: name.to_owned(),
        arguments: vec![(argument.to_owned(), value)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = r#"extend schema @link(url: "https://specs.apollo.dev/federation/v2.5",
        import: ["@key", "@shareable", "@requiresScopes"])"#;

    fn service(name: &str, sdl: &str) -> (String, String, String) {
        (name.to_owned(), format!("http://{name}/graphql"), format!("{LINK}\n{sdl}"))
    }

    #[test]
    fn security_directives_keep_the_link_that_makes_the_planner_enforce_them() {
        let sdl = r#"type Query { secret: String @requiresScopes(scopes: [["a"]]) }"#;
        let supergraph = compose(&[service("one", sdl)]).unwrap();
        assert!(supergraph.contains("https://specs.apollo.dev/requiresScopes/v0.1"));
        assert!(supergraph.contains("@requiresScopes"));
        let query = supergraph.split("type Query").nth(1).unwrap();
        assert!(query.trim_start().starts_with("@join__type"), "{query}");
    }

    #[test]
    fn a_supergraph_tells_which_services_it_needs() {
        let one = service("one", "type Query { a: Int }");
        let two = service("two", "type Query { b: Int }");
        assert_eq!(services_of(&compose(&[one, two]).unwrap()).unwrap(), ["one", "two"]);
    }

    #[test]
    fn two_owners_of_one_field_do_not_compose() {
        let one = service("one", "type Query { a: Thing } type Thing { name: String }");
        let two = service("two", "type Query { b: Thing } type Thing { name: String }");
        let error = compose(&[one, two]).unwrap_err();
        assert!(error.to_string().contains("Thing"), "{error}");
    }

    #[test]
    fn a_broken_schema_names_its_service() {
        let error = compose(&[service("billing", "type Query {")]).unwrap_err();
        assert!(error.to_string().contains("billing"), "{error}");
    }
}
