//! Reading the composed graph.

use graphql_tools::parser::{
    parse_schema,
    schema::{Definition, Document, InputValue, Type, TypeDefinition},
};
use std::collections::{BTreeMap, BTreeSet};

type Doc = Document<'static, String>;

/// The composed graph, as far as cases need it.
pub struct Graph {
    /// Output types: object or interface, with their fields.
    pub objects: BTreeMap<String, Vec<Field>>,
    /// Input types with their fields.
    pub inputs: BTreeMap<String, Vec<InputValue<'static, String>>>,
    /// Enums with their first value.
    pub enums: BTreeMap<String, String>,
    /// Scalars.
    pub scalars: BTreeSet<String>,
}

/// A field of an output type.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its description, if it has one.
    pub description: Option<String>,
    /// Its arguments.
    pub arguments: Vec<InputValue<'static, String>>,
    /// Its type.
    pub kind: Type<'static, String>,
}

/// Query or mutation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Reads.
    Query,
    /// Changes.
    Mutation,
}

/// A root field.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Reads or changes.
    pub kind: Kind,
    /// The root field.
    pub field: Field,
}

impl Graph {
    /// Reads a supergraph.
    ///
    /// # Panics
    /// When it is no schema.
    pub fn read(supergraph: &str) -> Self {
        let doc: Doc = parse_schema::<String>(supergraph).expect("a supergraph").into_static();
        let mut graph = Self {
            objects: BTreeMap::new(),
            inputs: BTreeMap::new(),
            enums: BTreeMap::new(),
            scalars: ["ID", "String", "Int", "Float", "Boolean"].map(str::to_owned).into(),
        };
        for definition in doc.definitions {
            if let Definition::TypeDefinition(definition) = definition {
                graph.add(definition);
            }
        }
        graph
    }

    fn add(&mut self, definition: TypeDefinition<'static, String>) {
        match definition {
            TypeDefinition::Object(object) => {
                let fields = object.fields.into_iter().map(|field| Field {
                    name: field.name,
                    description: field.description,
                    arguments: field.arguments,
                    kind: field.field_type,
                });
                self.objects.insert(object.name, fields.collect());
            }
            TypeDefinition::InputObject(input) => {
                self.inputs.insert(input.name, input.fields);
            }
            TypeDefinition::Enum(of) => {
                let first = of.values.first().map(|value| value.name.clone());
                self.enums.insert(of.name, first.unwrap_or_default());
            }
            TypeDefinition::Scalar(scalar) => {
                self.scalars.insert(scalar.name);
            }
            TypeDefinition::Interface(_) | TypeDefinition::Union(_) => {}
        }
    }

    /// Every query and mutation, in alphabetical order.
    pub fn operations(&self) -> Vec<Operation> {
        let of = |kind, name: &str| {
            let fields = self.objects.get(name).cloned().unwrap_or_default();
            fields.into_iter().map(move |field| Operation { kind, field })
        };
        let mut all: Vec<Operation> =
            of(Kind::Query, "Query").chain(of(Kind::Mutation, "Mutation")).collect();
        all.sort_by(|a, b| (a.kind, &a.field.name).cmp(&(b.kind, &b.field.name)));
        all
    }

    /// A selection of `name` that asks for every scalar down to `depth` objects, without fields
    /// that need arguments; empty for a scalar.
    pub fn selection(&self, name: &str, depth: usize) -> String {
        let Some(fields) = self.objects.get(name) else { return String::new() };
        let mut parts = vec!["__typename".to_owned()];
        for field in fields {
            let of = type_name(&field.kind);
            let needs_arguments = field
                .arguments
                .iter()
                .any(|argument| matches!(argument.value_type, Type::NonNullType(_)));
            if needs_arguments {
                continue;
            }
            if self.scalars.contains(of) || self.enums.contains_key(of) {
                parts.push(field.name.clone());
            } else if depth > 0 {
                let inner = self.selection(of, depth - 1);
                if !inner.is_empty() {
                    parts.push(format!("{} {inner}", field.name));
                }
            }
        }
        format!("{{ {} }}", parts.join(" "))
    }
}

/// The named type inside lists and non-null marks.
pub(crate) fn type_name<'t>(of: &'t Type<'static, String>) -> &'t str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => type_name(inner),
    }
}
