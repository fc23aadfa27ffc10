//! What features say about their operations, in their `cases.graphql`.
//!
//! A document is one call that works. `@by` names the role that makes it, `@keep` the name under
//! which others refer to what came back, `@renew` the names to make again after it succeeded,
//! because it used them up, `@after` names that must be there first though no argument says so,
//! `@once` that an estate has one of what it makes, `@unseen` names that are kept without being
//! known here. A fragment says how a field below the roots is asked. Names that the test makes up
//! (`$unitText`, see [`crate::is_made_up`]) are new at every use.

use crate::{Kind, Template};
use graphql_tools::parser::query::{
    Definition, Directive, Field, OperationDefinition, Selection, SelectionSet, TypeCondition,
    Value as Literal, parse_query,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// A call that works.
#[derive(Clone, Debug)]
pub struct Case {
    /// The root field; for entities the type and the service, `Unit@billing`; for a field below
    /// the roots the type and the field, `Estate.collectionRate`.
    pub name: String,
    /// Reads or changes.
    pub kind: Kind,
    /// Who makes it; nobody in particular where it makes nothing.
    pub by: Option<String>,
    /// The arguments of the root field.
    pub arguments: Vec<(String, Template)>,
    /// What to remember of the answer.
    pub keeps: Vec<Keep>,
    /// What has to be made again after it succeeded.
    pub renews: Vec<String>,
    /// What has to be there first, though no argument names it.
    pub after: Vec<String>,
    /// Whether an estate has only one of what it makes.
    pub once: bool,
    /// What another service owns and this one keeps unseen, so that anything works there.
    pub unseen: Vec<String>,
}

impl Case {
    /// A call by nobody in particular, which makes nothing.
    pub fn new(name: String, kind: Kind, arguments: Vec<(String, Template)>) -> Self {
        Self {
            name,
            kind,
            by: None,
            arguments,
            keeps: Vec::new(),
            renews: Vec::new(),
            after: Vec::new(),
            once: false,
            unseen: Vec::new(),
        }
    }
}

/// Whose an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The company's as a whole, whichever estate it was made beside.
    Company,
    /// An estate's.
    Estate,
    /// A household's of an estate.
    Household,
}

/// Something in an answer that others refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The name.
    pub name: String,
    /// Where it is: fields, the first of every list.
    pub path: Vec<String>,
    /// Whose it is: `of: COMPANY`, `of: HOUSEHOLD`, else an estate's.
    pub of: Owner,
}

impl Keep {
    /// The value in an answer's data, if it is there.
    pub fn find(&self, data: &Value) -> Option<Value> {
        let found = self.path.iter().try_fold(data, |value, step| {
            let value = value.as_array().map_or(Some(value), |items| items.first())?;
            value.get(step)
        })?;
        let found = found.as_array().map_or(Some(found), |items| items.first())?;
        (!found.is_null()).then(|| found.clone())
    }
}

/// Arguments by name.
pub type Arguments = Vec<(String, Template)>;

/// What all features of a service say.
#[derive(Debug, Default)]
pub struct Cases {
    /// The calls, in the order of files and lines.
    pub calls: Vec<Case>,
    /// Arguments of fields below the roots, by type and field.
    pub nested: BTreeMap<(String, String), Arguments>,
}

impl Cases {
    /// Reads every `cases.graphql` below a folder.
    ///
    /// # Panics
    /// When a file cannot be read; the text names it.
    pub fn below(folder: &Path) -> Self {
        let mut cases = Self::default();
        for file in files(folder) {
            let text = fs::read_to_string(&file).expect("a readable file");
            cases.add(&text, &file);
        }
        cases
    }

    /// Reads one file's text.
    ///
    /// # Panics
    /// When it is not understood; the text names the file.
    pub fn add(&mut self, text: &str, file: &Path) {
        let document = parse_query::<String>(text)
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
            .into_static();
        for definition in document.definitions {
            match definition {
                Definition::Fragment(fragment) => {
                    let TypeCondition::On(of) = &fragment.type_condition;
                    for field in fields(&fragment.selection_set) {
                        let key = (of.clone(), field.name.clone());
                        self.nested.insert(key, arguments(field));
                    }
                }
                Definition::Operation(operation) => self.calls.push(call(&operation, file)),
            }
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| name == "cases.graphql") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn call(operation: &OperationDefinition<'static, String>, file: &Path) -> Case {
    let (kind, directives, set) = match operation {
        OperationDefinition::Query(query) => {
            (Kind::Query, query.directives.as_slice(), &query.selection_set)
        }
        OperationDefinition::Mutation(mutation) => {
            (Kind::Mutation, mutation.directives.as_slice(), &mutation.selection_set)
        }
        OperationDefinition::SelectionSet(set) => (Kind::Query, [].as_slice(), set),
        OperationDefinition::Subscription(_) => {
            panic!("{}: subscriptions are not known", file.display())
        }
    };
    let root = fields(set).into_iter().next();
    let root = root.unwrap_or_else(|| panic!("{}: a document without a field", file.display()));
    let word = |name: &str| directives.iter().find(|d| d.name == name).map(texts);
    let by = word("by").and_then(|words| words.into_iter().next());
    let mut case = Case {
        by,
        renews: word("renew").unwrap_or_default(),
        after: word("after").unwrap_or_default(),
        once: word("once").is_some(),
        unseen: word("unseen").unwrap_or_default(),
        ..Case::new(root.name.clone(), kind, arguments(root))
    };
    keeps(root, &mut vec![root.name.clone()], &mut case.keeps);
    case
}

fn keeps(field: &Field<'static, String>, path: &mut Vec<String>, found: &mut Vec<Keep>) {
    for keep in field.directives.iter().filter(|directive| directive.name == "keep") {
        let of = owner(keep);
        found.extend(texts(keep).into_iter().map(|name| Keep { name, path: path.clone(), of }));
    }
    for inner in fields(&field.selection_set) {
        path.push(inner.name.clone());
        keeps(inner, path, found);
        path.pop();
    }
}

fn owner(keep: &Directive<'static, String>) -> Owner {
    let of = keep.arguments.iter().find(|(name, _)| name == "of");
    match of {
        None => Owner::Estate,
        Some((_, Literal::Enum(word))) if word == "COMPANY" => Owner::Company,
        Some((_, Literal::Enum(word))) if word == "HOUSEHOLD" => Owner::Household,
        Some((_, other)) => panic!("nothing is kept of {other}"),
    }
}

/// The fields of a selection, also those inside inline fragments.
fn fields<'d>(set: &'d SelectionSet<'static, String>) -> Vec<&'d Field<'static, String>> {
    let each = set.items.iter().flat_map(|item| match item {
        Selection::Field(field) => vec![field],
        Selection::InlineFragment(fragment) => fields(&fragment.selection_set),
        Selection::FragmentSpread(_) => Vec::new(),
    });
    each.collect()
}

fn arguments(field: &Field<'static, String>) -> Arguments {
    field.arguments.iter().map(|(name, value)| (name.clone(), Template::read(value))).collect()
}

/// The texts that a directive is given.
fn texts(directive: &Directive<'static, String>) -> Vec<String> {
    fn text(value: &Literal<'static, String>) -> Vec<String> {
        match value {
            Literal::String(text) => vec![text.clone()],
            Literal::List(items) => items.iter().flat_map(text).collect(),
            _ => Vec::new(),
        }
    }
    directive.arguments.iter().flat_map(|(_, value)| text(value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_says_who_makes_what_of_which_arguments() {
        let mut cases = Cases::default();
        let text = r#"
            mutation @by(role: "DIR") @renew(name: "unit") {
                addUnit(input: { buildingId: $building, number: "1", tags: [A] }) {
                    unit { id @keep(as: "unit", of: HOUSEHOLD) }
                }
            }
            fragment Asked on Estate { rate(from: "2026-01", buildingId: $building) }"#;
        cases.add(text, Path::new("cases.graphql"));
        let case = &cases.calls[0];
        assert_eq!((case.name.as_str(), case.by.as_deref()), ("addUnit", Some("DIR")));
        assert_eq!(case.renews, ["unit"]);
        let path = ["addUnit", "unit", "id"].map(str::to_owned).to_vec();
        let of = Owner::Household;
        assert_eq!(case.keeps, [Keep { name: "unit".to_owned(), path, of }]);
        let names: Vec<&str> = case.arguments[0].1.names().into_iter().map(|(_, n)| n).collect();
        assert_eq!(names, ["building"]);
        let asked = &cases.nested[&("Estate".to_owned(), "rate".to_owned())];
        assert_eq!(asked[1], ("buildingId".to_owned(), Template::Name("building".to_owned())));
    }
}
