//! S1: a home is handed over in the middle of a month; its owner pays a quarter forty days late.

use super::{
    acts::{part, parts},
    office::{FINANCE, Office, SUPERVISOR, amounts, text},
};
use serde_json::{Value, json};

pub const HOME: &str = "3-1-1201";
pub const DEVELOPER: &str = "翠湖置业(演示)";
pub const OWNER: &str = "王芳";

/// 11 June: June is divided, 20 days of 30 for the owner, what is left for the developer.
pub async fn june_is_divided(it: &Office) {
    it.lives(OWNER, "19900000011", HOME, ("OWNER", "2026-06-11"), true).await;
    it.bills_month("2026-06", 2, "278.62").await;
    let owners = it.bill(OWNER, HOME, "2026-06", "185.74").await;
    assert_eq!(
        (&owners["lines"][0]["from"], &owners["lines"][0]["to"]),
        (&json!("2026-06-11"), &json!("2026-06-30"))
    );
    let paid = it.pays((OWNER, HOME), "185.74", ("CARD", "微信 4200001"), &[]).await;
    assert_eq!(parts(&paid), [part(&owners, "PRINCIPAL", "185.74")]);
    let developers = it.bill(DEVELOPER, HOME, "2026-06", "92.88").await;
    let paid = it.pays((DEVELOPER, HOME), "92.88", ("TRANSFER", "T-0611"), &[]).await;
    assert_eq!(parts(&paid), [part(&developers, "PRINCIPAL", "92.88")]);
}

/// 1 July: the quarter is the sum of its months.
pub async fn the_quarter_is_billed(it: &Office) {
    let bill = quarter(it).await;
    assert_eq!((&bill["issuedOn"], &bill["due"]), (&json!("2026-07-01"), &json!("2026-07-15")));
    assert_eq!(amounts(&bill["lines"]), ["278.62"; 3]);
}

async fn quarter(it: &Office) -> Value {
    it.bill(OWNER, HOME, "2026-07", "835.86").await
}

/// The reminder of 16 July, the call of the 22nd, the notice of the 30th, the visit of 14 August:
/// each is there on its day.
pub async fn is_followed_up(it: &Office, steps: usize) {
    let all = [
        ("REMINDER", "2026-07-16", "DONE"),
        ("CALL", "2026-07-22", "OPEN"),
        ("FIRST_NOTICE", "2026-07-30", "OPEN"),
        ("VISIT", "2026-08-14", "OPEN"),
    ];
    let tasks = all[..steps]
        .iter()
        .map(|(step, due, state)| json!({ "step": step, "dueOn": due, "state": state }));
    let expected = Value::Array(tasks.collect());
    it.becomes("what is done about the debt", expected, || async {
        it.dunning(OWNER, HOME).await["tasks"].take()
    })
    .await;
}

/// 24 August: 16.72 for forty days, and never more than 250.76; 852.58 are paid.
pub async fn the_quarter_is_paid_late(it: &Office) {
    let bill = quarter(it).await;
    assert_eq!(it.owes(OWNER, OWNER, HOME).await, ["835.86", "16.72", "852.58"]);
    let query = "query($id: ID!, $on: NaiveDate) { bill(id: $id) { lateFee(on: $on) { quoted { amount } \
                 capped wordsEn lines { days exact } } } }";
    let today = it.sees(OWNER, query, json!({ "id": bill["id"] })).await;
    let words = "835.86 × 0.05% × 40 = 16.7172, rounded to 16.72";
    assert_eq!(today["bill"]["lateFee"]["wordsEn"], words);
    let after_700_days = json!({ "id": bill["id"], "on": "2028-06-14" });
    let cap = it.sees(OWNER, query, after_700_days).await["bill"]["lateFee"].take();
    assert_eq!((&cap["quoted"]["amount"], &cap["capped"]), (&json!("250.76"), &json!(true)));
    assert_eq!(cap["lines"], json!([{ "days": 700, "exact": "292.551" }]));

    let paid = it.pays((OWNER, HOME), "852.58", ("CARD", "微信 4200002"), &[]).await;
    assert_eq!(
        parts(&paid),
        [part(&bill, "PRINCIPAL", "835.86"), part(&bill, "LATE_FEE", "16.72")]
    );
    assert_eq!(it.owes(OWNER, OWNER, HOME).await, ["0.00"; 3]);
    // The first of August was that of an instalment next door.
    assert_eq!(paid["receipts"], json!([{ "number": "FCH-SJ-202608-000002" }]));
    is_invoiced(it, &bill).await;
    it.half_an_hour_passes();
    let case = json!(["SETTLED", "2026-08-24"]);
    it.becomes("the debt is followed up no more", case, || async {
        let case = it.dunning(OWNER, HOME).await;
        json!([case["stage"], case["closedOn"]])
    })
    .await;
}

/// The quarter's lines are invoiced, and the late fee that was paid with them.
async fn is_invoiced(it: &Office, bill: &Value) {
    let input = json!({ "billIds": [bill["id"]] });
    let made = it
        .does(
            OWNER,
            "requestInvoice",
            input,
            "invoice { id gross { amount } net { amount } tax { amount } }",
        )
        .await;
    let sums = ["gross", "net", "tax"].map(|of| text(&made["invoice"][of]["amount"]));
    assert_eq!(sums, ["852.58", "804.32", "48.26"]);
    let export = json!({ "estateId": it.estate.to_string(), "format": "CSV" });
    it.does(FINANCE, "exportInvoices", export, "__typename").await;
    let result = json!({ "invoiceId": made["invoice"]["id"], "number": "24342000000012345678",
        "issuedOn": it.today(), "link": "https://invoices.example/1" });
    let input = json!({ "estateId": it.estate.to_string(), "results": [result] });
    let done = it.does(FINANCE, "recordInvoiceResults", input, "invoices { state }").await;
    assert_eq!(done["invoices"], json!([{ "state": "ISSUED" }]));
}

impl Office {
    /// The newest case of somebody's debt.
    pub async fn dunning(&self, name: &str, label: &str) -> Value {
        let query = "query($estate: ID!, $account: ID!) { dunningCases(estateId: $estate, accountId: $account) \
                     { nodes { id stage held closedOn tasks { step dueOn state } } } }";
        let variables = json!({ "estate": self.estate.to_string(),
            "account": self.account(name, label).await });
        let seen = self.sees(SUPERVISOR, query, variables).await;
        seen["dunningCases"]["nodes"][0].clone()
    }
}
