//! What lists cost.

use crate::{Answer, World};
use serde_json::Value;
use std::future::Future;

/// Rows of the short list that is compared with the long one.
pub const FEW: usize = 2;
/// Rows of the long list.
pub const MANY: usize = 30;

/// Asks several times and answers how many statements the cheapest time took, with its answer: the
/// background work of the world counts too, and a busy machine may split a batch. It is asked
/// until a time takes at most `enough`, but not for ever.
pub async fn statements<F: Future<Output = Answer>>(
    world: &World,
    service: &str,
    enough: Option<u64>,
    ask: impl Fn() -> F,
) -> (u64, Value) {
    let (mut least, mut answer) = (u64::MAX, Value::Null);
    for asked in 0..60 {
        if asked >= 8 && enough.is_none_or(|enough| least <= enough) {
            break;
        }
        let before = world.db(service).statements();
        answer = ask().await.ok();
        least = least.min(world.db(service).statements() - before);
    }
    (least, answer)
}

/// Asks for a list to which [`FEW`] rows were added and for one to which [`MANY`] were; `rows` is
/// where they are in the answer.
///
/// # Panics
/// When the lists do not differ by that many rows, or the long one costs more statements.
pub async fn assert_flat<F: Future<Output = Answer>>(
    (world, service): (&World, &str),
    (name, rows): (&str, &str),
    few: impl Fn() -> F,
    many: impl Fn() -> F,
) {
    let length = |answer: &Value| {
        let rows = answer.pointer(rows).and_then(Value::as_array);
        rows.unwrap_or_else(|| panic!("{name}: no rows in {answer}")).len()
    };
    let (short, answer) = statements(world, service, None, few).await;
    let fewer = length(&answer);
    // A statement a row would cost as many more as there are more rows; a batch that a busy machine
    // split costs some more too, but not that many.
    let flat = short + u64::try_from(MANY - FEW).expect("a few rows") - 1;
    let (long, answer) = statements(world, service, Some(flat), many).await;
    assert_eq!(length(&answer), fewer + MANY - FEW, "{name}: {answer}");
    assert!(long <= flat, "{name}: {short} statements for few rows, {long} for many");
}

/// The fields of a type in a schema that are lists or connections.
pub fn list_fields(sdl: &str, kind: &str) -> Vec<String> {
    let heads = [format!("type {kind} "), format!("extend type {kind} ")];
    let inside = sdl.lines().skip_while(|line| !heads.iter().any(|head| line.starts_with(head)));
    let (mut fields, mut name, mut described) = (Vec::new(), "", false);
    for line in inside.skip(1).take_while(|line| *line != "}") {
        described ^= line.trim() == "\"\"\"";
        if described {
            continue;
        }
        let Some(line) = line.strip_prefix('\t').filter(|line| !line.starts_with('\t')) else {
            continue;
        };
        let word = line.split(['(', ':']).next().unwrap_or_default();
        if !word.is_empty() && word.chars().all(char::is_alphanumeric) {
            name = word;
        }
        let of = line.rsplit(": ").next().unwrap_or_default().trim_end_matches('!');
        if line.contains(": ") && (of.ends_with("Connection") || of.ends_with(']')) {
            fields.push(name.to_owned());
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::list_fields;

    #[test]
    fn lists_and_connections_of_a_type_are_found_whatever_their_arguments() {
        let sdl = "type Unit @key(fields: \"id\") {\n\t\"\"\"\n\tIts id: [a text]\n\t\"\"\"\n\tid: ID!\n\tbills(\n\t\tids: [ID!]\n\t\tfirst: Int\n\t): BillConnection\n\taccounts(all: Boolean): [Account!]!\n}\ntype Other {\n\tmore: [ID!]\n}\n";
        assert_eq!(list_fields(sdl, "Unit"), ["bills", "accounts"]);
        assert_eq!(list_fields(sdl, "Other"), ["more"]);
    }
}
