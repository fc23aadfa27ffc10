//! Reading a graph: the composed one, or one service's part of it.

use graphql_tools::parser::{
    parse_schema,
    query::{Directive, Value},
    schema::{Definition, Document, InputValue, Type, TypeDefinition},
};
use std::collections::{BTreeMap, BTreeSet};

type Doc = Document<'static, String>;

/// A graph, as far as cases need it.
#[derive(Debug)]
pub struct Graph {
    /// Output types: object or interface, with their fields.
    pub objects: BTreeMap<String, Vec<Field>>,
    /// Input types with their fields.
    pub inputs: BTreeMap<String, Vec<InputValue<'static, String>>>,
    /// Enums with their first value.
    pub enums: BTreeMap<String, String>,
    /// Scalars.
    pub scalars: BTreeSet<String>,
    /// Types that `_entities` finds by their id.
    pub entities: BTreeSet<String>,
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
    /// Reads a supergraph or the SDL of a service.
    ///
    /// # Panics
    /// When it is no schema.
    pub fn read(schema: &str) -> Self {
        let plain = without_schema_extension(schema);
        let doc: Doc = parse_schema::<String>(plain).expect("a schema").into_static();
        let mut graph = Self {
            objects: BTreeMap::new(),
            inputs: BTreeMap::new(),
            enums: BTreeMap::new(),
            scalars: ["ID", "String", "Int", "Float", "Boolean"].map(str::to_owned).into(),
            entities: BTreeSet::new(),
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
                if object.directives.iter().any(is_resolvable_key) {
                    self.entities.insert(object.name.clone());
                }
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

    /// The fields below the roots that take an id, as type and field.
    pub fn nested(&self) -> Vec<(&str, &Field)> {
        let roots = ["Query", "Mutation", "Subscription"];
        let below = self.objects.iter().filter(|(name, _)| !roots.contains(&name.as_str()));
        let all = below.flat_map(|(name, fields)| fields.iter().map(move |f| (name.as_str(), f)));
        let takes_id =
            |field: &Field| field.arguments.iter().any(|a| type_name(&a.value_type) == "ID");
        all.filter(|(_, field)| takes_id(field)).collect()
    }

    /// Whether a type is a leaf of a document.
    pub fn is_leaf(&self, name: &str) -> bool {
        self.scalars.contains(name) || self.enums.contains_key(name)
    }
}

/// Whether a directive says that the service finds the type by its id, rather than only names it.
fn is_resolvable_key(directive: &Directive<'static, String>) -> bool {
    let refused = (String::from("resolvable"), Value::Boolean(false));
    directive.name == "key" && !directive.arguments.contains(&refused)
}

/// The parser knows no `extend schema`, with which a service's SDL ends or begins.
fn without_schema_extension(schema: &str) -> &str {
    schema.find("extend schema").map_or(schema, |at| &schema[..at])
}

/// The named type inside lists and non-null marks.
pub fn type_name<'t>(of: &'t Type<'static, String>) -> &'t str {
    match of {
        Type::NamedType(name) => name,
        Type::ListType(inner) | Type::NonNullType(inner) => type_name(inner),
    }
}

/// Whether a list is wanted.
pub(crate) fn is_list(of: &Type<'static, String>) -> bool {
    match of {
        Type::ListType(_) => true,
        Type::NonNullType(inner) => is_list(inner),
        Type::NamedType(_) => false,
    }
}

/// Whether a caller has to give an argument.
pub(crate) fn is_required(argument: &InputValue<'static, String>) -> bool {
    matches!(argument.value_type, Type::NonNullType(_)) && argument.default_value.is_none()
}
