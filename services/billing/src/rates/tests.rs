//! The collection rate through the graph where money was given back.

use crate::settlements::tests::Play;
use serde_json::{Value, json};
use testkit::run;

/// Receivable and received of some months, as finance sees them.
async fn collected(play: &Play, from: &str, to: &str) -> (Value, Value) {
    let fields = format!(
        "collectionRate(from: \"{from}\", to: \"{to}\") {{ receivable {{ amount }} received {{ amount }} }}"
    );
    let seen = play.stage.estate(&play.stage.finance, &fields).await.ok();
    let rate = &seen["_entities"][0]["collectionRate"];
    (rate["receivable"]["amount"].clone(), rate["received"]["amount"].clone())
}

#[test]
fn what_was_credited_at_leaving_counts_neither_as_charged_nor_as_received() {
    run(async {
        let play = Play::tenancy().await;
        let sums = |receivable: &str, received: &str| (json!(receivable), json!(received));
        // The lessee has paid three months ahead.
        assert_eq!(collected(&play, "2026-10", "2026-12").await, sums("1221.63", "1221.63"));
        // Who leaves on 18 October keeps 236.44 of them; the rest is given back and charged to the
        // owner, who has paid nothing of it yet.
        let owner = play.owner.map(|owner| owner.to_string());
        play.settled(play.leaving("2026-10-18", json!({ "successorId": owner }))).await;
        assert_eq!(collected(&play, "2026-10", "2026-12").await, sums("1221.63", "236.44"));
        assert_eq!(collected(&play, "2026-10", "2026-10").await, sums("407.21", "236.44"));
        // A month that was credited whole: only the owner's, and no fen of it came in.
        assert_eq!(collected(&play, "2026-11", "2026-11").await, sums("407.21", "0.00"));
    });
}
