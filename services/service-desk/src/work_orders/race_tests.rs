//! Many who move the same orders at once: one wins each time, the rest hear of it, nothing is lost.

use super::tests::{act, go, hand, order_of, report};
use crate::testing::Stage;
use futures::future::join_all;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use testkit::run;

const MOVERS: usize = 24;
const ORDERS: usize = 4;
const ROUNDS: usize = 6;

#[test]
fn of_many_who_move_an_order_at_once_one_wins_and_the_rest_get_conflict() {
    run(async {
        let stage = Stage::new().await;
        hand(&stage, &stage.engineer, &["CARPENTRY"], "STAFF").await;
        let (unit, _) = stage.home("6-1-0108", "李明").await;
        let mut orders = Vec::new();
        for n in 0..ORDERS {
            let input = report(&stage, Some(unit), "DOOR", &format!("race-{n:04}"));
            orders.push(order_of(act(&stage.desk, "createWorkOrder", input).await));
        }
        let (won, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
        for round in 0..ROUNDS {
            for order in &mut orders {
                let input = json!({ "assigneeId": stage.engineer.user.to_string(),
                    "note": format!("round {round}") });
                let movers =
                    (0..MOVERS).map(|_| go(&stage.desk, order, "assignWorkOrder", input.clone()));
                let mut next: Option<Value> = None;
                for answer in join_all(movers).await {
                    if answer.errors.is_empty() {
                        won.fetch_add(1, Ordering::Relaxed);
                        assert!(next.replace(order_of(answer)).is_none(), "two won");
                    } else {
                        assert_eq!(answer.code(), "CONFLICT");
                        lost.fetch_add(1, Ordering::Relaxed);
                    }
                }
                *order = next.expect("one won");
            }
        }
        assert_eq!(won.into_inner(), ROUNDS * ORDERS);
        assert_eq!(lost.into_inner(), (MOVERS - 1) * ROUNDS * ORDERS);
        for order in orders {
            // Made, given by itself, and every round: each left its step.
            let steps = order["timeline"].as_array().unwrap();
            assert_eq!(steps.len(), 2 + ROUNDS);
            assert_eq!(order["version"], 2 + ROUNDS);
            assert_eq!(steps[1 + ROUNDS]["note"], format!("round {}", ROUNDS - 1));
        }
    });
}

#[test]
fn reports_made_at_once_have_numbers_without_gaps_and_one_key_makes_one_order() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-1-0109", "李明").await;
        let make = |key: String| {
            act(&stage.desk, "createWorkOrder", report(&stage, Some(unit), "DOOR", &key))
        };
        let all = join_all((0..40).map(|n| make(format!("many-{:04}", n / 2)))).await;
        let mut numbers: Vec<String> = all
            .into_iter()
            .map(|answer| order_of(answer)["number"].as_str().unwrap().to_owned())
            .collect();
        numbers.sort();
        numbers.dedup();
        let wanted: Vec<String> = (1..=20).map(|n| format!("FCH-WO-202607-{n:04}")).collect();
        assert_eq!(numbers, wanted);
    });
}
