//! Documents with variables for every operation of a service.

use crate::{
    Case, Cases, Field, Graph, Keep, Kind, Path, Step, Template,
    case::Arguments,
    schema::{is_list, is_required, type_name},
};
use graphql_tools::parser::schema::InputValue;
use serde_json::{Value, json};

type Argument = InputValue<'static, String>;

/// How deep a document asks.
const DEPTH: usize = 4;

/// What a test makes up anew at every use; every other name is an object that somebody made.
const MADE_UP: [&str; 15] = [
    "companyText",
    "companyCode",
    "estateText",
    "estateCode",
    "unitText",
    "unitCode",
    "key",
    "phone",
    "workPhone",
    "identityNumber",
    "login",
    "password",
    "returnUrl",
    "stripeAccount",
    "stripeKey",
];

/// Whether a name is made up rather than an object that somebody made.
pub fn is_made_up(name: &str) -> bool {
    MADE_UP.contains(&name)
}

/// Nobody said what to put into an argument, or something was said of what is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfillable(pub String);

/// A place in a document's variables that names an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The variable.
    pub variable: String,
    /// Where in its value.
    pub path: Path,
    /// The object's name, e.g. `unit`.
    pub name: String,
    /// The document works without it.
    pub optional: bool,
    /// A list of ids is wanted there.
    pub list: bool,
}

/// A document that works when its names are filled in.
#[derive(Clone, Debug)]
pub struct Document {
    /// As [`Case::name`].
    pub name: String,
    /// The service that answers it.
    pub service: String,
    /// Reads or changes.
    pub kind: Kind,
    /// The field whose answer counts, from the root.
    pub root: String,
    /// The text.
    pub text: String,
    /// The variables.
    pub variables: Vec<(String, Template)>,
    /// Where it names objects.
    pub slots: Vec<Slot>,
    /// Who makes it, see [`Case::by`].
    pub by: Option<String>,
    /// See [`Case::keeps`].
    pub keeps: Vec<Keep>,
    /// See [`Case::renews`].
    pub renews: Vec<String>,
    /// See [`Case::after`].
    pub after: Vec<String>,
    /// See [`Case::once`].
    pub once: bool,
    /// See [`Case::unseen`].
    pub unseen: Vec<String>,
}

/// The documents of one service.
#[derive(Debug)]
pub struct Documents {
    service: String,
    graph: Graph,
    cases: Cases,
}

/// Text and variables while they are written.
#[derive(Default)]
struct Draft {
    declared: Vec<String>,
    variables: Vec<(String, Template)>,
    slots: Vec<Slot>,
}

impl Documents {
    /// From a service's SDL and what its features say.
    pub fn new(service: &str, sdl: &str, cases: Cases) -> Self {
        Self { service: service.to_owned(), graph: Graph::read(sdl), cases }
    }

    /// Every operation, entity and field with an id, the first call of each; then further calls
    /// that only make something.
    ///
    /// # Errors
    /// What nobody can fill in, by name.
    pub fn all(&self) -> Result<Vec<Document>, Vec<Unfillable>> {
        let (mut made, mut wrong) = (Vec::new(), Vec::new());
        let mut take = |outcome: Result<Document, Unfillable>| match outcome {
            Ok(document) => made.push(document),
            Err(error) => wrong.push(error),
        };
        for operation in self.graph.operations() {
            let name = &operation.field.name;
            let mut calls = self.calls(name).peekable();
            if calls.peek().is_none() {
                take(self.guessed(operation.kind, &operation.field));
            }
            for (again, case) in calls.enumerate() {
                take(self.called(case, &operation.field).map(|mut call| {
                    // What can be left out is tried with the first call, or where a call names it.
                    call.slots.retain(|slot| again == 0 || !slot.optional || names(case, slot));
                    call
                }));
            }
        }
        for entity in &self.graph.entities {
            take(self.entity(entity, None));
        }
        for (of, field) in self.graph.nested() {
            take(self.nested(of, field));
        }
        for case in &self.cases.calls {
            let known = self.graph.operations().iter().any(|o| o.field.name == case.name);
            match case.name.as_str() {
                "_entities" => take(self.entity_case(case)),
                _ if known => {}
                name => take(Err(self.wrong(name, "is no operation of the service"))),
            }
        }
        if wrong.is_empty() { Ok(made) } else { Err(wrong) }
    }

    fn calls<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Case> {
        self.cases.calls.iter().filter(move |case| case.name == name)
    }

    fn wrong(&self, what: &str, why: &str) -> Unfillable {
        Unfillable(format!("{}: {what} {why}", self.service))
    }

    fn called(&self, case: &Case, field: &Field) -> Result<Document, Unfillable> {
        for (given, _) in &case.arguments {
            if !field.arguments.iter().any(|argument| argument.name == *given) {
                return Err(self.wrong(&format!("{}.{given}", case.name), "is no argument"));
            }
        }
        let mut draft = Draft::default();
        let call = self.call(&mut draft, field, &case.arguments, "")?;
        let selection = self.selection(&mut draft, type_name(&field.kind), DEPTH, &mut vec![])?;
        let (name, root) = (case.name.clone(), field.name.clone());
        Ok(self.document(name, root, case.kind, &format!("{call} {selection}"), draft, Some(case)))
    }

    fn guessed(&self, kind: Kind, field: &Field) -> Result<Document, Unfillable> {
        let arguments = self.guesses(field)?;
        let case = Case::new(field.name.clone(), kind, arguments);
        self.called(&case, field)
    }

    /// What every required argument of a field is taken to be.
    fn guesses(&self, field: &Field) -> Result<Arguments, Unfillable> {
        let needed = field.arguments.iter().filter(|argument| is_required(argument));
        let each = needed.map(|argument| {
            let of = type_name(&field.kind);
            Ok((argument.name.clone(), self.guess(&field.name, of, argument)?))
        });
        each.collect()
    }

    fn guess(&self, path: &str, of: &str, argument: &Argument) -> Result<Template, Unfillable> {
        let kind = type_name(&argument.value_type);
        let path = format!("{path}.{}", argument.name);
        let single = match kind {
            _ if argument.name == "idempotencyKey" => Template::Name("key".to_owned()),
            "ID" => object_of(&argument.name, of)
                .ok_or_else(|| self.wrong(&path, "is an id that nobody said anything of"))
                .map(Template::Name)?,
            _ => {
                if let Some(fields) = self.graph.inputs.get(kind) {
                    let needed = fields.iter().filter(|field| is_required(field));
                    let each = needed.map(|f| Ok((f.name.clone(), self.guess(&path, "", f)?)));
                    Template::Object(each.collect::<Result<_, Unfillable>>()?)
                } else {
                    let plain = self.plain(kind);
                    let plain = plain.ok_or_else(|| self.wrong(&path, "has a type nobody knows"));
                    Template::Known(plain?)
                }
            }
        };
        let list = is_list(&argument.value_type);
        Ok(if list { Template::List(vec![single]) } else { single })
    }

    fn plain(&self, kind: &str) -> Option<Value> {
        if let Some(first) = self.graph.enums.get(kind) {
            return Some(json!(first));
        }
        Some(match kind {
            "Boolean" => json!(false),
            "Int" => json!(1),
            "String" => json!("case"),
            "Area" | "Rate" | "Decimal" => json!("1.00"),
            "NaiveDate" => json!("2026-07-31"),
            "DateTime" => json!("2026-08-31T00:00:00Z"),
            _ => return None,
        })
    }

    /// A field with its arguments as variables; optional ids are variables too, left out.
    fn call(
        &self,
        draft: &mut Draft,
        field: &Field,
        given: &[(String, Template)],
        prefix: &str,
    ) -> Result<String, Unfillable> {
        let mut passed = Vec::new();
        for argument in &field.arguments {
            let template = given.iter().find(|(name, _)| *name == argument.name);
            let is_id = type_name(&argument.value_type) == "ID";
            let template = match template {
                Some((_, template)) => template.clone(),
                None if is_required(argument) => {
                    let path = format!("{prefix}{}.{}", field.name, argument.name);
                    return Err(self.wrong(&path, "is required"));
                }
                None if is_id && prefix.is_empty() => Template::Known(Value::Null),
                None => continue,
            };
            let variable = format!("{prefix}{}", argument.name);
            passed.push(format!("{}: ${variable}", argument.name));
            draft.declare(&variable, &argument.value_type.to_string(), &template);
            if prefix.is_empty() {
                let of = type_name(&field.kind);
                self.slots(draft, (&variable, Path::new()), of, argument, &template);
            }
        }
        let passed = passed.join(", ");
        let name = &field.name;
        Ok(if passed.is_empty() { name.clone() } else { format!("{name}({passed})") })
    }

    /// Where objects are named below an argument, and where they could be.
    fn slots(
        &self,
        draft: &mut Draft,
        (variable, path): (&str, Path),
        of: &str,
        argument: &Argument,
        template: &Template,
    ) {
        let slot = |path: Path, name: String, list: bool| Slot {
            variable: variable.to_owned(),
            path,
            name,
            optional: !is_required(argument),
            list,
        };
        match template {
            Template::Name(name) if !is_made_up(name) => {
                draft.slots.push(slot(path, name.clone(), false));
            }
            Template::List(items) if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    let inner = [path.clone(), vec![Step::Index(at)]].concat();
                    self.slots(draft, (variable, inner), of, argument, item);
                }
            }
            Template::Object(fields) => {
                let known = self.graph.inputs.get(type_name(&argument.value_type));
                for field in known.into_iter().flatten() {
                    let given = fields.iter().find(|(name, _)| *name == field.name);
                    let absent = Template::Known(Value::Null);
                    let template = given.map_or(&absent, |(_, template)| template);
                    let inner = [path.clone(), vec![Step::Key(field.name.clone())]].concat();
                    self.slots(draft, (variable, inner), "", field, template);
                }
            }
            Template::Known(_) | Template::List(_) => {
                let name = object_of(&argument.name, of);
                let is_id = type_name(&argument.value_type) == "ID";
                if let Some(name) = name.filter(|_| is_id) {
                    draft.slots.push(slot(path, name, is_list(&argument.value_type)));
                }
            }
            Template::Name(_) => {}
        }
    }

    /// Everything below a type that can be asked, without going in circles.
    fn selection(
        &self,
        draft: &mut Draft,
        of: &str,
        depth: usize,
        above: &mut Vec<String>,
    ) -> Result<String, Unfillable> {
        let Some(fields) = self.graph.objects.get(of) else { return Ok(String::new()) };
        let mut parts = vec!["__typename".to_owned()];
        above.push(of.to_owned());
        for field in fields {
            let inner = type_name(&field.kind);
            let leaf = self.graph.is_leaf(inner);
            // A connection has its nodes twice.
            let twice = field.name == "nodes" && of.ends_with("Connection");
            if twice || !leaf && (depth == 0 || above.iter().any(|name| name == inner)) {
                continue;
            }
            let selection = self.selection(draft, inner, depth.saturating_sub(1), above)?;
            let key = (of.to_owned(), field.name.clone());
            let given = match self.cases.nested.get(&key) {
                Some(given) => given.clone(),
                None => self.guesses(field)?,
            };
            let call = self.call(draft, field, &given, &format!("{of}_{}_", field.name))?;
            parts.push(format!("{call} {selection}").trim_end().to_owned());
        }
        above.pop();
        Ok(format!("{{ {} }}", parts.join(" ")))
    }

    fn entity_case(&self, case: &Case) -> Result<Document, Unfillable> {
        let typename = case.arguments.iter().find_map(|(_, template)| match template {
            Template::List(items) => items.first().and_then(|item| match item {
                Template::Object(fields) => fields.iter().find_map(|(key, value)| match value {
                    Template::Known(Value::String(name)) if key == "__typename" => Some(name),
                    _ => None,
                }),
                _ => None,
            }),
            _ => None,
        });
        let typename = typename.ok_or_else(|| self.wrong("_entities", "needs a `__typename`"))?;
        self.entity(typename, Some(case))
    }

    /// An entity by its id, with everything this service knows of it.
    fn entity(&self, of: &str, case: Option<&Case>) -> Result<Document, Unfillable> {
        let mut draft = Draft::default();
        draft.represent(of);
        let selection = self.selection(&mut draft, of, DEPTH, &mut vec![])?;
        let name = format!("{of}@{}", self.service);
        let text = format!("{ENTITIES} {{ ... on {of} {selection} }}");
        Ok(self.document(name, "_entities".to_owned(), Kind::Query, &text, draft, case))
    }

    /// A field below the roots that takes an id: its type must be an entity or what a query
    /// answers.
    fn nested(&self, of: &str, field: &Field) -> Result<Document, Unfillable> {
        let name = format!("{of}.{}", field.name);
        let given = match self.cases.nested.get(&(of.to_owned(), field.name.clone())) {
            Some(given) => given.clone(),
            None => self.guesses(field)?,
        };
        let mut inner = Draft::default();
        let call = self.call(&mut inner, field, &given, "")?;
        let mut selected =
            self.selection(&mut inner, type_name(&field.kind), DEPTH, &mut vec![of.to_owned()])?;
        selected = format!("{{ {call} {selected} }}");
        let mut draft = Draft::default();
        let (root, text) = if self.graph.entities.contains(of) {
            draft.represent(of);
            draft.slots.clear();
            ("_entities".to_owned(), format!("{ENTITIES} {{ ... on {of} {selected} }}"))
        } else {
            let operations = self.graph.operations();
            let parent =
                operations.iter().find(|o| o.kind == Kind::Query && type_name(&o.field.kind) == of);
            let parent = parent.ok_or_else(|| self.wrong(&name, "cannot be reached by a query"))?;
            let parent = &parent.field;
            let known = self.calls(&parent.name).next().map(|case| case.arguments.clone());
            let given = known.map_or_else(|| self.guesses(parent), Ok)?;
            let call = self.call(&mut draft, parent, &given, "")?;
            draft.slots.clear();
            (parent.name.clone(), format!("{call} {selected}"))
        };
        draft.merge(inner);
        Ok(self.document(name, root, Kind::Query, &text, draft, None))
    }

    fn document(
        &self,
        name: String,
        root: String,
        kind: Kind,
        body: &str,
        draft: Draft,
        case: Option<&Case>,
    ) -> Document {
        let word = match kind {
            Kind::Query => "query",
            Kind::Mutation => "mutation",
        };
        let declared = match draft.declared.join(", ") {
            none if none.is_empty() => none,
            some => format!("({some})"),
        };
        Document {
            name,
            service: self.service.clone(),
            kind,
            root,
            text: format!("{word}{declared} {{ {} }}", body.trim_end()),
            variables: draft.variables,
            slots: draft.slots,
            by: case.and_then(|case| case.by.clone()),
            keeps: case.map(|case| case.keeps.clone()).unwrap_or_default(),
            renews: case.map(|case| case.renews.clone()).unwrap_or_default(),
            after: case.map(|case| case.after.clone()).unwrap_or_default(),
            once: case.is_some_and(|case| case.once),
            unseen: case.map(|case| case.unseen.clone()).unwrap_or_default(),
        }
    }
}

/// Whether a call says itself which object stands there.
fn names(case: &Case, slot: &Slot) -> bool {
    let given = case.arguments.iter().filter(|(name, _)| *name == slot.variable);
    given.flat_map(|(_, template)| template.names()).any(|(path, _)| path == slot.path)
}

const ENTITIES: &str = "_entities(representations: $representations)";

impl Draft {
    fn declare(&mut self, variable: &str, of: &str, template: &Template) {
        if self.variables.iter().all(|(known, _)| known != variable) {
            self.declared.push(format!("${variable}: {of}"));
            self.variables.push((variable.to_owned(), template.clone()));
        }
    }

    fn represent(&mut self, of: &str) {
        let name = decapitalised(of);
        let fields = vec![
            ("__typename".to_owned(), Template::Known(json!(of))),
            ("id".to_owned(), Template::Name(name.clone())),
        ];
        let template = Template::List(vec![Template::Object(fields)]);
        self.declare("representations", "[_Any!]!", &template);
        self.slots.push(Slot {
            variable: "representations".to_owned(),
            path: vec![Step::Index(0), Step::Key("id".to_owned())],
            name,
            optional: false,
            list: false,
        });
    }

    fn merge(&mut self, other: Self) {
        self.declared.extend(other.declared);
        self.variables.extend(other.variables);
        self.slots.extend(other.slots);
    }
}

fn decapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// What an id argument names: `unitId` and `unitIds` a `unit`, `id` what the field answers.
fn object_of(argument: &str, answer: &str) -> Option<String> {
    let named = argument.strip_suffix("Ids").or_else(|| argument.strip_suffix("Id"));
    match (argument, answer) {
        ("id", "") => None,
        ("id", answer) => Some(decapitalised(answer)),
        _ => named.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests;
