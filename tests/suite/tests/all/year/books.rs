//! The books: every month closed by two persons, and what they say in the end.

use super::office::{CASHIER, DIRECTOR, FINANCE, Office, text};
use serde_json::{Value, json};

/// What the frozen report of a month says.
pub struct Says {
    /// Charged for the month, and of that settled at its end.
    pub charged: [&'static str; 2],
    /// Overdue at its beginning, and of that settled in it.
    pub arrears: [&'static str; 2],
    /// Open at its end.
    pub open: &'static str,
    /// Deposits held at its end.
    pub deposits: &'static str,
}

/// The cashier works through the checklist, finance closes the month, nobody dates anything in it
/// any more; `says` is what its report says from now on.
pub async fn are_closed(it: &Office, month: &str, says: Says) {
    let input = json!({ "estateId": it.estate.to_string(), "month": month });
    it.does(CASHIER, "startMonthClose", input.clone(), "__typename").await;
    let query = format!(
        "closeChecklist(estateId: $estate, month: \"{month}\") {{ items {{ code count }} }}"
    );
    let list = it.sees_of_estate(CASHIER, &query).await["closeChecklist"]["items"].take();
    let open: Vec<&Value> = list.as_array().unwrap().iter().filter(|it| it["count"] != 0).collect();
    assert_eq!(open, [] as [&Value; 0], "{month}");
    assert_eq!(it.is_refused(CASHIER, "closeMonth", input.clone()).await, "FORBIDDEN");
    let closed =
        it.does(FINANCE, "closeMonth", input, "bookMonth { state startedBy closedBy }").await;
    let closed = &closed["bookMonth"];
    assert_eq!(closed["state"], "CLOSED");
    assert_ne!(closed["startedBy"], closed["closedBy"], "two persons");
    let report = it.report(month).await;
    let of = |figure: &str| text(&report["totals"][figure]["amount"]);
    let seen = [of("receivable"), of("received"), of("openingArrears"), of("recovered")];
    assert_eq!(
        seen,
        [says.charged[0], says.charged[1], says.arrears[0], says.arrears[1]],
        "{month}"
    );
    let owed = [text(&report["totals"]["open"]["total"]["amount"]), of("owedInBooks")];
    assert_eq!(owed, [says.open; 2], "{month}");
    assert_eq!(report["deposits"]["closing"]["amount"], says.deposits, "{month}");
}

/// 31 January: the books agree with themselves and with what was billed and paid.
pub async fn agree(it: &Office) {
    let query = "verifyLedger(estateId: $estate) { agrees differences { code } } \
                 trialBalance(estateId: $estate, on: \"2027-01-31\") { debit { amount } credit { amount } }";
    let seen = it.sees_of_estate(FINANCE, query).await;
    assert_eq!(seen["verifyLedger"], json!({ "agrees": true, "differences": [] }));
    let balance = &seen["trialBalance"];
    assert_eq!(balance["debit"], balance["credit"]);
    assert_ne!(balance["debit"]["amount"], "0.00");
    assert_eq!(it.holds().await, "0.00");
    let months = "bookMonths(estateId: $estate, first: 100) { nodes { month state } }";
    let months = it.sees_of_estate(FINANCE, months).await["bookMonths"]["nodes"].take();
    let expected: Vec<Value> = (5..=12)
        .rev()
        .map(|month| json!({ "month": format!("2026-{month:02}"), "state": "CLOSED" }))
        .collect();
    assert_eq!(months, json!(expected));
}

/// Seven months: what was charged, what of it came in, and how much that is.
pub async fn show_the_collection(it: &Office, receivable: &str, received: &str, percent: &str) {
    let query = "query($id: ID!) { _entities(representations: [{ __typename: \"Estate\", id: $id }]) \
                 { ... on Estate { collectionRate(from: \"2026-06\", to: \"2026-12\") \
                   { receivable { amount } received { amount } percent } } } }";
    let seen = it.sees(DIRECTOR, query, json!({ "id": it.estate.to_string() })).await;
    let rate = &seen["_entities"][0]["collectionRate"];
    let seen = [
        text(&rate["receivable"]["amount"]),
        text(&rate["received"]["amount"]),
        text(&rate["percent"]),
    ];
    assert_eq!(seen, [receivable, received, percent]);
}

impl Office {
    /// The report of a month.
    async fn report(&self, month: &str) -> Value {
        let query = format!(
            "monthReport(estateId: $estate, month: \"{month}\") {{ totals {{ receivable {{ amount }} \
             received {{ amount }} openingArrears {{ amount }} recovered {{ amount }} owedInBooks {{ amount }} \
             open {{ total {{ amount }} }} }} deposits {{ closing {{ amount }} }} }}"
        );
        self.sees_of_estate(DIRECTOR, &query).await["monthReport"].take()
    }

    /// What a fee item has earned until today.
    pub async fn earned(&self, item: &str) -> String {
        let query = format!(
            "trialBalance(estateId: $estate, on: \"{}\") {{ rows {{ feeItem {{ id }} credit {{ amount }} }} }}",
            self.today()
        );
        let seen = self.sees_of_estate(FINANCE, &query).await;
        let rows = seen["trialBalance"]["rows"].as_array().unwrap();
        let id = json!(self.id(item));
        text(&rows.iter().find(|row| row["feeItem"]["id"] == id).unwrap()["credit"]["amount"])
    }
}
