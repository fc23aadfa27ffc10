//! Whether the histories of orders are what was accepted, neither less nor more.

use super::Order;
use crate::load::{Connection, post};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const HISTORY: &str = "query($id: ID!) { workOrder(id: $id) { version timeline { action note } } }";

/// Every move that was accepted is in the history of its order once, nothing else is, versions and
/// numbers have no gap.
///
/// # Errors
/// When something was lost, or happened twice, or without being accepted.
pub async fn is_whole((port, token): (u16, &str), orders: &[Order]) -> Result<()> {
    let mut connection = Connection::open(port).await?;
    for order in orders {
        let body = json!({ "query": HISTORY, "variables": { "id": order.id } });
        let (status, answer) = connection.call(&post("/graphql", Some(token), &body)).await?;
        let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
        let history = &answer["data"]["workOrder"];
        ensure!(history.is_object(), "{}: {status}: {answer}", order.id);
        agrees(order, history).with_context(|| order.id.clone())?;
    }
    without_gap(orders)
}

fn agrees(order: &Order, history: &Value) -> Result<()> {
    let version = history["version"].as_i64().context("a version")?;
    let steps = history["timeline"].as_array().context("a history")?;
    ensure!(i64::try_from(steps.len())? == version, "{} steps made version {version}", steps.len());
    let noted: Vec<&str> = steps.iter().filter_map(|step| step["note"].as_str()).collect();
    let mut accepted = order.moves.clone();
    accepted.sort_by_key(|(_, version)| *version);
    let notes: Vec<&str> = accepted.iter().map(|(note, _)| note.as_str()).collect();
    ensure!(noted == notes, "accepted {notes:?}, kept {noted:?}");
    let versions: Vec<i64> = accepted.iter().map(|(_, version)| *version).collect();
    let wanted: Vec<i64> = (order.first + 1..=version).collect();
    ensure!(versions == wanted, "versions {versions:?} up to {version}");
    Ok(())
}

/// The numbers of all orders follow each other.
fn without_gap(orders: &[Order]) -> Result<()> {
    let count =
        |order: &Order| order.number.rsplit('-').next().and_then(|n| n.parse::<usize>().ok());
    let numbers: BTreeSet<usize> = orders.iter().filter_map(count).collect();
    let (first, last) = (numbers.first().context("orders")?, numbers.last().context("orders")?);
    ensure!(numbers.len() == orders.len(), "a number was given twice");
    ensure!(last - first + 1 == numbers.len(), "numbers {first} to {last} of {}", numbers.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Order, agrees, without_gap};
    use serde_json::json;

    fn order(number: &str, moves: &[(&str, i64)]) -> Order {
        Order {
            id: "wko_1".to_owned(),
            number: number.to_owned(),
            first: 2,
            version: 4,
            state: "WORKING".to_owned(),
            moves: moves.iter().map(|(note, version)| ((*note).to_owned(), *version)).collect(),
        }
    }

    fn history(version: i64, notes: &[Option<&str>]) -> serde_json::Value {
        let steps: Vec<_> = notes.iter().map(|note| json!({ "note": note })).collect();
        json!({ "version": version, "timeline": steps })
    }

    #[test]
    fn what_is_lost_or_doubled_or_made_up_is_found() {
        let kept = history(4, &[None, None, Some("a"), Some("b")]);
        // In whatever order their answers came.
        assert!(agrees(&order("1", &[("b", 4), ("a", 3)]), &kept).is_ok());
        assert!(agrees(&order("1", &[("a", 3)]), &kept).is_err(), "nobody was told of it");
        assert!(agrees(&order("1", &[("a", 3), ("b", 4), ("c", 5)]), &kept).is_err(), "lost");
        assert!(agrees(&order("1", &[("a", 3), ("b", 3)]), &kept).is_err(), "the same version");
        let twice = history(5, &[None, None, Some("a"), Some("a"), Some("b")]);
        assert!(agrees(&order("1", &[("a", 3), ("b", 4)]), &twice).is_err());
        let silent = history(5, &[None, None, Some("a"), Some("b")]);
        assert!(agrees(&order("1", &[("a", 3), ("b", 4)]), &silent).is_err(), "a version too many");
    }

    #[test]
    fn numbers_follow_each_other() {
        let all = |numbers: &[&str]| numbers.iter().map(|n| order(n, &[])).collect::<Vec<_>>();
        assert!(without_gap(&all(&["B-WO-202611-0009", "B-WO-202611-0010"])).is_ok());
        assert!(without_gap(&all(&["B-WO-202611-0009", "B-WO-202611-0011"])).is_err());
        assert!(without_gap(&all(&["B-WO-202611-0009", "B-WO-202611-0009"])).is_err());
    }
}
