//! Values of arguments with names in them, which a test fills in.

use graphql_tools::parser::query::Value as Literal;
use serde_json::Value;

/// A value in which names stand for what a test knows: `$unit`.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// A value as it is.
    Known(Value),
    /// A name.
    Name(String),
    /// A list.
    List(Vec<Template>),
    /// An input object.
    Object(Vec<(String, Template)>),
}

/// One step into a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a field.
    Key(String),
    /// Into a list.
    Index(usize),
}

/// A place inside a value.
pub type Path = Vec<Step>;

impl Template {
    /// Reads a literal of a document.
    pub fn read(literal: &Literal<'static, String>) -> Self {
        match literal {
            Literal::Variable(name) => Self::Name(name.clone()),
            Literal::Int(number) => Self::Known(number.as_i64().into()),
            Literal::Float(number) => Self::Known((*number).into()),
            Literal::String(text) | Literal::Enum(text) => Self::Known(text.clone().into()),
            Literal::Boolean(truth) => Self::Known((*truth).into()),
            Literal::Null => Self::Known(Value::Null),
            Literal::List(items) => Self::List(items.iter().map(Self::read).collect()),
            Literal::Object(fields) => {
                Self::Object(fields.iter().map(|(k, v)| (k.clone(), Self::read(v))).collect())
            }
        }
    }

    /// The value, with every name replaced by what `known` says.
    ///
    /// # Errors
    /// The first name that `known` does not know.
    pub fn fill(&self, known: &impl Fn(&str) -> Option<Value>) -> Result<Value, String> {
        Ok(match self {
            Self::Known(value) => value.clone(),
            Self::Name(name) => known(name).ok_or_else(|| name.clone())?,
            Self::List(items) => {
                items.iter().map(|item| item.fill(known)).collect::<Result<Vec<_>, _>>()?.into()
            }
            Self::Object(fields) => {
                let each = fields.iter().map(|(key, value)| Ok((key.clone(), value.fill(known)?)));
                Value::Object(each.collect::<Result<_, String>>()?)
            }
        })
    }

    /// Every name in it and where it stands.
    pub fn names(&self) -> Vec<(Path, &str)> {
        match self {
            Self::Known(_) => Vec::new(),
            Self::Name(name) => vec![(Path::new(), name)],
            Self::List(items) => {
                let each = items.iter().enumerate();
                each.flat_map(|(at, item)| under(&Step::Index(at), item)).collect()
            }
            Self::Object(fields) => {
                let each = fields.iter();
                each.flat_map(|(key, value)| under(&Step::Key(key.clone()), value)).collect()
            }
        }
    }

    /// A copy with something else at a place; a missing last field is added.
    #[must_use]
    pub fn with(&self, path: &[Step], other: &Self) -> Self {
        let Some((step, rest)) = path.split_first() else { return other.clone() };
        match (self, step) {
            (Self::List(items), Step::Index(at)) => {
                let mut items = items.clone();
                items[*at] = items[*at].with(rest, other);
                Self::List(items)
            }
            (Self::Object(fields), Step::Key(key)) => {
                let mut fields = fields.clone();
                match fields.iter_mut().find(|(name, _)| name == key) {
                    Some((_, value)) => *value = value.with(rest, other),
                    None => fields.push((key.clone(), other.clone())),
                }
                Self::Object(fields)
            }
            _ => other.clone(),
        }
    }
}

fn under<'t>(step: &Step, inner: &'t Template) -> Vec<(Path, &'t str)> {
    let mut found = inner.names();
    for (path, _) in &mut found {
        path.insert(0, step.clone());
    }
    found
}
