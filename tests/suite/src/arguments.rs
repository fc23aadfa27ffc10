//! Filling in arguments.

use crate::{
    Graph, Operation,
    schema::{Kind, type_name},
};
use graphql_tools::parser::schema::{InputValue, Type};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Values by argument name: ids and what else has a form of its own. `path` is the operation, a
/// dot and the argument (`bill.id`), looked up before the bare name (`unitId`).
#[derive(Clone, Debug, Default)]
pub struct Fill(pub BTreeMap<String, Value>);

/// Nobody said what to put into an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfillable(pub String);

impl Fill {
    /// The document and variables of an operation, with every required argument and every
    /// optional one that is an id.
    ///
    /// # Errors
    /// [`Unfillable`] names the argument nobody knows.
    pub fn document(
        &self,
        graph: &Graph,
        operation: &Operation,
    ) -> Result<(String, Value), Unfillable> {
        let name = &operation.field.name;
        let (mut declared, mut passed) = (Vec::new(), Vec::new());
        let mut variables = Map::new();
        for argument in &operation.field.arguments {
            if let Some(value) = self.value(graph, name, argument)? {
                declared.push(format!("${}: {}", argument.name, argument.value_type));
                passed.push(format!("{0}: ${0}", argument.name));
                variables.insert(argument.name.clone(), value);
            }
        }
        let word = match operation.kind {
            Kind::Query => "query",
            Kind::Mutation => "mutation",
        };
        let bracket = |parts: Vec<String>| {
            if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) }
        };
        let selection = graph.selection(type_name(&operation.field.kind), 4);
        let document =
            format!("{word}{} {{ {name}{} {selection} }}", bracket(declared), bracket(passed));
        Ok((document, Value::Object(variables)))
    }

    fn value(
        &self,
        graph: &Graph,
        operation: &str,
        argument: &InputValue<'static, String>,
    ) -> Result<Option<Value>, Unfillable> {
        let known = self
            .0
            .get(&format!("{operation}.{}", argument.name))
            .or_else(|| self.0.get(&argument.name));
        let required =
            matches!(argument.value_type, Type::NonNullType(_)) && argument.default_value.is_none();
        let of = type_name(&argument.value_type);
        let single = match known {
            Some(value) => value.clone(),
            None if !required => return Ok(None),
            None => match self.plain(graph, operation, of)? {
                Some(value) => value,
                None => return Err(Unfillable(format!("{operation}.{}: {of}", argument.name))),
            },
        };
        let wrap = is_list(&argument.value_type) && !single.is_array();
        Ok(Some(if wrap { json!([single]) } else { single }))
    }

    fn plain(&self, graph: &Graph, operation: &str, of: &str) -> Result<Option<Value>, Unfillable> {
        if let Some(fields) = graph.inputs.get(of) {
            let mut object = Map::new();
            for field in fields {
                if let Some(value) = self.value(graph, operation, field)? {
                    object.insert(field.name.clone(), value);
                }
            }
            return Ok(Some(Value::Object(object)));
        }
        if let Some(first) = graph.enums.get(of) {
            return Ok(Some(json!(first)));
        }
        Ok(match of {
            "Boolean" => Some(json!(false)),
            "Int" => Some(json!(1)),
            "String" => Some(json!("case")),
            "Area" | "Rate" | "Decimal" => Some(json!("1.00")),
            "NaiveDate" | "Date" => Some(json!("2026-07-31")),
            "DateTime" => Some(json!("2026-08-31T00:00:00Z")),
            _ => None,
        })
    }
}

fn is_list(of: &Type<'static, String>) -> bool {
    match of {
        Type::ListType(_) => true,
        Type::NonNullType(inner) => is_list(inner),
        Type::NamedType(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "type Query { unit(id: ID!, at: NaiveDate): Unit }
        type Mutation { rename(input: RenameInput!): Unit }
        input RenameInput { unitId: ID! label: String! }
        scalar NaiveDate
        type Unit { id: ID! label: String owner: Person bills(first: Int!): Int }
        type Person { name: String }";

    fn ids(pairs: &[(&str, &str)]) -> Fill {
        Fill(pairs.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect())
    }

    #[test]
    fn documents_ask_for_everything_that_needs_no_argument() {
        let graph = Graph::read(SCHEMA);
        let unit = &graph.operations()[0];
        let (document, variables) = ids(&[("unit.id", "unt_1")]).document(&graph, unit).unwrap();
        assert_eq!(
            document,
            "query($id: ID!) { unit(id: $id) { __typename id label owner { __typename name } } }"
        );
        assert_eq!(variables, json!({ "id": "unt_1" }));
    }

    #[test]
    fn an_id_nobody_knows_is_named() {
        let graph = Graph::read(SCHEMA);
        let rename = &graph.operations()[1];
        let unknown = ids(&[]).document(&graph, rename).unwrap_err();
        assert_eq!(unknown, Unfillable("rename.unitId: ID".to_owned()));
        let (_, variables) = ids(&[("unitId", "unt_1")]).document(&graph, rename).unwrap();
        assert_eq!(variables, json!({ "input": { "unitId": "unt_1", "label": "case" } }));
    }
}
