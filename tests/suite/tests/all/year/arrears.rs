//! S7: two neighbours owe two quarters. One pays in part without a word and the rest in instalments,
//! the other says which quarter is meant.

use super::{
    acts::{part, parts},
    office::{ADMIN, CASHIER, DESK, DIRECTOR, FINANCE, Office, SUPERVISOR, amounts},
};
use serde_json::{Value, json};

pub const HOME: &str = "8-1-0802";
pub const OWNER: &str = "刘洋";
/// The same home next door.
pub const NEXT: &str = "8-1-0803";
pub const OTHER: &str = "何军";
const CASH: (&str, &str) = ("CASH", "现金");
const COMPLAINT: &str = "complaint { id version }";

/// 1 June: the arrears come over from who managed the estate before; finance confirms the totals.
pub async fn are_taken_over(it: &Office) {
    let quarter = |label: &str, month: &str| {
        json!({ "kind": "ARREARS", "unitLabel": label, "itemCode": "PROPERTY",
            "month": month, "due": format!("{month}-15"), "amount": "475.23" })
    };
    let rows: Vec<Value> = [HOME, NEXT]
        .iter()
        .flat_map(|home| ["2026-01", "2026-04"].map(|month| quarter(home, month)))
        .collect();
    let estate = it.estate.to_string();
    let answer = "openingBalances { id wrongRows bookedOn }";
    // Billing has heard of the owners when every row is right.
    let good = json!({ "wrongRows": 0, "bookedOn": "2026-05-31" });
    it.becomes("the arrears can be entered", good, || async {
        let input = json!({ "estateId": estate, "cutOverMonth": "2026-06", "rows": rows });
        let draft = it.does(ADMIN, "draftOpeningBalances", input, answer).await;
        let mut draft = draft["openingBalances"].clone();
        it.name("opening balances", &draft["id"]);
        draft.as_object_mut().unwrap().remove("id");
        draft
    })
    .await;
    let input = json!({ "id": it.id("opening balances"),
        "totals": [{ "kind": "ARREARS", "count": 4, "sum": "1900.92" }] });
    let posted =
        it.does(FINANCE, "confirmOpeningBalances", input, "openingBalances { state }").await;
    assert_eq!(posted["openingBalances"]["state"], "POSTED");
}

/// One of the two quarters that were taken over.
async fn quarter(it: &Office, (name, label): (&str, &str), month: &str) -> Value {
    it.bill(name, label, month, "475.23").await
}

/// 7 June: what was overdue when it came over is followed up from its first day here on.
pub async fn are_followed_up(it: &Office) {
    let expected = json!([
        { "step": "REMINDER", "dueOn": "2026-06-01", "state": "DONE" },
        { "step": "CALL", "dueOn": "2026-06-07", "state": "OPEN" },
    ]);
    it.becomes("what is done about the arrears", expected, || async {
        it.dunning(OWNER, HOME).await["tasks"].take()
    })
    .await;
}

/// 10 June: a complaint about mould is open; nothing is demanded until it is answered.
pub async fn a_complaint_holds_the_ladder(it: &Office) {
    let complaint = json!({ "estateId": it.estate.to_string(), "channel": "PHONE",
        "unitId": it.id(HOME), "complainantId": it.id(OWNER), "class": "FACILITY",
        "facts": "墙面发霉" });
    let made = it.serves(DESK, "receiveComplaint", complaint, COMPLAINT).await;
    it.name("complaint", &made["complaint"]["id"]);
    it.half_an_hour_passes();
    it.becomes("the case is held", json!(true), || async {
        it.dunning(OWNER, HOME).await["held"].take()
    })
    .await;
}

/// 12 July: the complaint is answered and the next step falls due.
pub async fn the_complaint_is_answered(it: &Office) {
    let held = it.dunning(OWNER, HOME).await;
    let steps = |case: &Value| case["tasks"].as_array().map_or(0, Vec::len);
    let before = steps(&held);
    let handler = json!({ "handlerId": it.id(SUPERVISOR) });
    let result = json!({ "result": "外墙已修补，墙面已处理", "cause": "FACILITY_FAULT",
        "department": "ENGINEERING", "preventiveAction": "雨季前检查外墙" });
    for (version, (who, name, input)) in [
        (DESK, "respondToComplaint", json!({ "words": "已收到，马上核实" })),
        (DIRECTOR, "gradeComplaint", json!({ "ground": "REST" })),
        (DIRECTOR, "assignComplaint", handler),
        (SUPERVISOR, "resolveComplaint", result),
    ]
    .into_iter()
    .enumerate()
    {
        let mut input = input;
        input["complaintId"] = json!(it.id("complaint"));
        input["expectedVersion"] = json!(version + 1);
        it.does_in((who, "service-desk"), name, input, COMPLAINT).await;
    }
    it.half_an_hour_passes();
    let expected = json!([false, before + 1, "FIRST_NOTICE", "2026-07-12"]);
    it.becomes("the ladder goes on", expected, || async {
        let case = it.dunning(OWNER, HOME).await;
        let last = &case["tasks"][before];
        json!([case["held"], steps(&case), last["step"], last["dueOn"]])
    })
    .await;
}

/// 30 June: 39.44 for 166 days and 18.06 for 76; 1,007.96 in all.
pub async fn the_statement_of_june(it: &Office) {
    let me = (OWNER, HOME);
    for (month, words) in [
        ("2026-01", "475.23 × 0.05% × 166 = 39.44409, rounded to 39.44"),
        ("2026-04", "475.23 × 0.05% × 76 = 18.05874, rounded to 18.06"),
    ] {
        assert_eq!(late_fee(it, &quarter(it, me, month).await).await["wordsEn"], words);
    }
    for (owner, home) in [(OWNER, HOME), (OTHER, NEXT)] {
        assert_eq!(it.owes(owner, owner, home).await, ["950.46", "57.50", "1007.96"]);
    }
}

async fn late_fee(it: &Office, bill: &Value) -> Value {
    let query = "query($id: ID!) { bill(id: $id) { lateFee { due { amount } wordsEn } } }";
    it.sees(FINANCE, query, json!({ "id": bill["id"] })).await["bill"]["lateFee"].take()
}

/// 30 June: 600.00 without a word meet the older quarter first, its principal before its late fee.
pub async fn a_payment_without_a_word(it: &Office) {
    let me = (OWNER, HOME);
    let (first, second) = (quarter(it, me, "2026-01").await, quarter(it, me, "2026-04").await);
    let paid = it.pays(me, "600.00", CASH, &[]).await;
    let expected = [
        part(&first, "PRINCIPAL", "475.23"),
        part(&first, "LATE_FEE", "39.44"),
        part(&second, "PRINCIPAL", "85.33"),
    ];
    assert_eq!(parts(&paid), expected);
    assert_eq!(quarter(it, me, "2026-04").await["outstanding"]["amount"], "389.90");
}

/// 30 June: 600.00 for the second quarter meet that one first.
pub async fn a_payment_for_the_second_quarter(it: &Office) {
    let other = (OTHER, NEXT);
    let (first, second) =
        (quarter(it, other, "2026-01").await, quarter(it, other, "2026-04").await);
    let paid = it.pays(other, "600.00", CASH, &[&second]).await;
    let expected = [
        part(&second, "PRINCIPAL", "475.23"),
        part(&second, "LATE_FEE", "18.06"),
        part(&first, "PRINCIPAL", "106.71"),
    ];
    assert_eq!(parts(&paid), expected);
    assert_eq!(quarter(it, other, "2026-01").await["outstanding"]["amount"], "368.52");
}

/// 31 July: the late fee of 24.10 is waived, the rest is spread over three months; the neighbour
/// pays what is left, 475.23 × 0.05 % × 166 + 368.52 × 0.05 % × 31 = 45.15615 of it late fee.
pub async fn the_statement_of_july(it: &Office) {
    let bill = quarter(it, (OWNER, HOME), "2026-04").await;
    let late = late_fee(it, &bill).await;
    assert_eq!(late["due"]["amount"], "24.10");
    let words = "475.23 × 0.05% × 76 + 389.90 × 0.05% × 31 = 24.10219, rounded to 24.10";
    assert_eq!(late["wordsEn"], words);
    is_waived(it, &bill).await;
    is_spread(it, &bill).await;

    let first = quarter(it, (OTHER, NEXT), "2026-01").await;
    let paid = it.pays((OTHER, NEXT), "413.68", CASH, &[]).await;
    let expected = [part(&first, "PRINCIPAL", "368.52"), part(&first, "LATE_FEE", "45.16")];
    assert_eq!(parts(&paid), expected);
}

/// The desk asks for it, and the supervisor may grant up to 100.00.
async fn is_waived(it: &Office, bill: &Value) {
    let input = json!({ "billId": bill["id"], "of": "LATE_FEE", "amount": "24.10",
        "reason": "霉斑问题已处理", "evidence": "工单 1" });
    let asked = it.does(DESK, "requestWaiver", input, "waiver { id }").await;
    let input = json!({ "waiverId": asked["waiver"]["id"] });
    let granted = it.does(SUPERVISOR, "approveWaiver", input, "waiver { status }").await;
    assert_eq!(granted["waiver"]["status"], "GRANTED");
    assert_eq!(late_fee(it, bill).await["due"]["amount"], "0.00");
}

/// The owner proposes three dates, the supervisor agrees; the last instalment takes the residue.
async fn is_spread(it: &Office, bill: &Value) {
    let input = json!({ "billIds": [bill["id"]], "reason": "一次付清有困难",
        "dueDates": ["2026-08-15", "2026-09-15", "2026-10-15"] });
    let answer = "instalmentPlan { id instalments { amount { amount } } }";
    let plan =
        it.does(OWNER, "proposeInstalmentPlan", input, answer).await["instalmentPlan"].take();
    assert_eq!(amounts(&plan["instalments"]), ["129.97", "129.97", "129.96"]);
    it.name("plan", &plan["id"]);
    let input = json!({ "planId": plan["id"] });
    it.does(SUPERVISOR, "approveInstalmentPlan", input, "__typename").await;
}

/// The 15th: an instalment is paid, and the late fee stays where it is.
pub async fn an_instalment_is_paid(it: &Office, amount: &str, left: &str) {
    let me = (OWNER, HOME);
    let bill = quarter(it, me, "2026-04").await;
    let paid = it.pays(me, amount, CASH, &[]).await;
    assert_eq!(parts(&paid), [part(&bill, "PRINCIPAL", amount)]);
    let bill = quarter(it, me, "2026-04").await;
    assert_eq!(bill["outstanding"]["amount"], left);
    assert_eq!(late_fee(it, &bill).await["due"]["amount"], "0.00");
}

/// 15 October: the plan was kept and nothing is followed up any more.
pub async fn the_plan_was_kept(it: &Office) {
    let query = "query($id: ID!) { instalmentPlan(id: $id) { status } }";
    let seen = it.sees(OWNER, query, json!({ "id": it.id("plan") })).await;
    assert_eq!(seen["instalmentPlan"]["status"], "KEPT");
    assert_eq!(it.owes(DIRECTOR, OWNER, HOME).await, ["0.00"; 3]);
    it.half_an_hour_passes();
    it.becomes("the case is closed", json!("SETTLED"), || async {
        it.dunning(OWNER, HOME).await["stage"].take()
    })
    .await;
}

/// 31 January: since then the neighbour paid neither the fourth quarter nor the first of the new
/// year: 475.23 × 0.05 % × 108 = 25.66242 and 475.23 × 0.05 % × 16 = 3.80184.
pub async fn the_neighbour_is_behind_again(it: &Office) {
    assert_eq!(it.owes(CASHIER, OTHER, NEXT).await, ["950.46", "29.46", "979.92"]);
}
