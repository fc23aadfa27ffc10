//! Documents through GraphQL, their links, and what anybody may verify.

use crate::{
    documents::print::text_of_pdf,
    stage::{Scene, scene},
    testing::Stage,
};
use axum::body::{Body, to_bytes};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};
use testkit::{Answer, Signed, World, run};
use tower::ServiceExt as _;

/// The text of a PDF.
pub(crate) fn text_of(pdf: &[u8]) -> String {
    text_of_pdf(pdf)
}

/// What a path of billing answers: status, media type, body.
async fn get(world: &World, path: &str, accept: &str) -> (StatusCode, String, Vec<u8>) {
    let mut request = Request::builder().uri(path).header(header::ACCEPT, accept);
    world.running.proof.put(request.headers_mut().unwrap());
    let request = request.body(Body::empty()).unwrap();
    let answer = world.running.routes["billing"].clone().oneshot(request).await.unwrap();
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    (status, kind, to_bytes(answer.into_body(), 40 << 20).await.unwrap().to_vec())
}

/// Follows a link as the gateway does.
pub(crate) async fn fetch(world: &World, link: &str) -> (StatusCode, String, Vec<u8>) {
    get(world, &link.replacen("/files/billing/", "/files/", 1), "*/*").await
}

/// Prints a document and follows its link: what was issued, and the file.
pub(crate) async fn printed(
    who: &Signed,
    world: &World,
    operation: &str,
    input: Value,
) -> (Value, Vec<u8>) {
    let made = issue(who, operation, input).await.ok()[operation]["document"].take();
    let (status, kind, pdf) = fetch(world, made["link"].as_str().unwrap()).await;
    assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pdf"));
    (made, pdf)
}

/// That a file says all of these.
pub(crate) fn assert_says(pdf: &[u8], parts: &[&str]) {
    let text = text_of(pdf);
    for part in parts {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// Issues a document: the operation, the type of its input, and the input.
pub(crate) async fn issue(who: &Signed, operation: &str, input: Value) -> Answer {
    let kind = format!("{}{}Input", operation[..1].to_uppercase(), &operation[1..]);
    let text = format!(
        "mutation($input: {kind}!) {{ {operation}(input: $input) {{ document {{ id number code link }} }} }}"
    );
    who.send("billing", &text, json!({ "input": input })).await
}

/// What anybody who has a code sees.
pub(crate) async fn verified(world: &World, code: &str) -> (StatusCode, Value) {
    let (status, _, body) = get(world, &format!("/verify/{code}"), "application/json").await;
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[test]
fn a_payment_notice_has_one_number_in_both_languages_and_is_verified_by_anybody() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _, owner) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-07").await;
        let bill = stage.bill_from(unit, "2026-07").await;
        let input = |language: &str| json!({ "billId": bill["id"], "language": language });
        let zh = issue(&stage.finance, "issuePaymentNotice", input("ZH")).await.ok();
        let resident = stage.company.resident(owner.as_uuid()).await;
        let en = issue(&resident, "issuePaymentNotice", input("EN")).await.ok();
        let (zh, en) =
            (&zh["issuePaymentNotice"]["document"], &en["issuePaymentNotice"]["document"]);
        assert_eq!((&zh["number"], &zh["code"]), (&en["number"], &en["code"]));
        assert_eq!(zh["number"], "FCH-TZ-202607-000001");
        let world = &stage.company.world;
        let (status, kind, pdf) = fetch(world, zh["link"].as_str().unwrap()).await;
        assert_eq!((status, kind.as_str()), (StatusCode::OK, "application/pdf"));
        let text = text_of(&pdf);
        for part in ["缴费通知单", "278.62", "118.56", "2.35", "3-1-1201", "王*"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let (_, _, own) = fetch(world, en["link"].as_str().unwrap()).await;
        assert!(text_of(&own).contains("王芳"), "their own name is in full");
        let (status, seen) = verified(world, zh["code"].as_str().unwrap()).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!((&seen["number"], &seen["amount"]), (&zh["number"], &json!("278.62")));
        assert_eq!((&seen["void"], &seen["issuedOn"]), (&json!(false), &json!("2026-07-31")));
        assert!(!seen.to_string().contains('王'), "{seen}");
        stage.void(&stage.finance, &bill["id"], "价格错误").await.ok();
        assert_eq!(verified(world, zh["code"].as_str().unwrap()).await.1["void"], true);
        let page =
            get(world, &format!("/verify/{}", zh["code"].as_str().unwrap()), "text/html").await;
        assert!(page.1.starts_with("text/html"));
        assert!(String::from_utf8(page.2).unwrap().contains("该单据已作废"));
    });
}

#[test]
fn an_unknown_code_is_like_a_wrong_one() {
    run(async {
        let stage = Stage::new().await;
        let world = &stage.company.world;
        let unknown = get(world, "/verify/0000-0000-0000-0000", "*/*").await;
        let wrong = get(world, "/verify/nonsense", "*/*").await;
        assert_eq!(unknown.0, StatusCode::NOT_FOUND);
        assert_eq!(unknown, wrong);
    });
}

#[test]
fn a_notice_of_somebody_else_is_none() {
    run(async {
        let stage = Stage::new().await;
        let (unit, ..) = stage.scenario_1().await;
        stage.property_fee().await;
        stage.run("2026-07").await;
        let bill = stage.bill_from(unit, "2026-07").await;
        let neighbour = stage.company.resident(stage.id()).await;
        let elsewhere = stage.company.estate("NTH", "北苑").await;
        let desk = stage.company.staff("DESK", elsewhere).await;
        let guard = stage.company.staff("SEC", stage.estate).await;
        for who in [&neighbour, &desk, &guard] {
            let answer = issue(who, "issuePaymentNotice", json!({ "billId": bill["id"] })).await;
            assert_eq!(answer.code(), "NOT_FOUND");
            let account = &bill["account"]["id"];
            let days = json!({ "accountId": account, "from": "2026-07-01", "to": "2026-07-31" });
            assert_eq!(issue(who, "issueStatement", days).await.code(), "NOT_FOUND");
        }
    });
}

/// A receipt of 852.58, as at the end of scenario 1.
async fn receipted(scene: &Scene) -> (String, Value) {
    let debt = scene.owes("card-1", 85_258).await;
    let paid = scene.take(&scene.cashier, &debt.account, "852.58", "key-0001").await.ok();
    (debt.account, paid["takePayment"]["payment"].clone())
}

#[test]
fn a_receipt_shows_its_figures_and_once_void_the_mark() {
    run(async {
        let scene = scene().await;
        let (_, payment) = receipted(&scene).await;
        let receipt = &payment["receipts"][0];
        let input = json!({ "receiptId": receipt["id"], "language": "ZH" });
        let made = issue(&scene.owner, "printReceipt", input.clone()).await.ok();
        let document = &made["printReceipt"]["document"];
        assert_eq!(document["number"], receipt["number"]);
        let world = &scene.stage.world;
        let (_, _, pdf) = fetch(world, document["link"].as_str().unwrap()).await;
        let text = text_of(&pdf);
        for part in ["852.58", "人民币捌佰伍拾贰元伍角捌分", "王芳", "现金"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let void =
            "mutation($input: VoidReceiptInput!) { voidReceipt(input: $input) { receipt { id } } }";
        let reason = json!({ "receiptId": receipt["id"], "reason": "抬头有误", "idempotencyKey": "key-0002" });
        scene.director.send("billing", void, json!({ "input": reason })).await.ok();
        let again = issue(&scene.cashier, "printReceipt", input).await.ok();
        let (_, _, pdf) =
            fetch(world, again["printReceipt"]["document"]["link"].as_str().unwrap()).await;
        let text = text_of(&pdf);
        assert!(text.contains("抬头有误"), "{text}");
        let code = document["code"].as_str().unwrap();
        assert_eq!(verified(world, code).await.1["void"], true);
    });
}

#[test]
fn a_statement_and_a_refund_form_say_what_happened() {
    run(async {
        let scene = scene().await;
        let (account, payment) = receipted(&scene).await;
        let id = payment["id"].as_str().unwrap();
        let asked = scene.ask_refund(&scene.desk, id, "100", "key-0003").await.ok();
        let refund = asked["requestRefund"]["refund"]["id"].clone();
        scene.approve(&scene.director, refund.as_str().unwrap(), "key-0004").await.ok();
        let input = json!({ "refundId": refund, "language": "EN" });
        let form = issue(&scene.finance, "printRefundForm", input).await.ok();
        let world = &scene.stage.world;
        let link = form["printRefundForm"]["document"]["link"].as_str().unwrap();
        let text = text_of(&fetch(world, link).await.2);
        for part in ["Refund form", "100.00", "重复缴费", "Approved", "Paid back"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let days = json!({ "accountId": account, "from": "2026-07-01", "to": "2026-07-31", "language": "EN" });
        let made = issue(&scene.owner, "issueStatement", days).await.ok();
        let link = made["issueStatement"]["document"]["link"].as_str().unwrap();
        let text = text_of(&fetch(world, link).await.2);
        for part in
            ["Statement of account", "Charge", "852.58", "Payment", "Refund", "Closing balance"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        let wrong = json!({ "accountId": account, "from": "2026-07-31", "to": "2026-07-01" });
        let answer = issue(&scene.owner, "issueStatement", wrong).await;
        assert_eq!((answer.code(), answer.field()), ("INVALID", "to"));
    });
}

#[test]
fn a_link_that_was_changed_opens_nothing() {
    run(async {
        let scene = scene().await;
        let (_, payment) = receipted(&scene).await;
        let input = json!({ "receiptId": payment["receipts"][0]["id"] });
        let made = issue(&scene.owner, "printReceipt", input).await.ok();
        let link = made["printReceipt"]["document"]["link"].as_str().unwrap().to_owned();
        let world = &scene.stage.world;
        let forged = link.replacen("expires=1", "expires=2", 1);
        assert_ne!(forged, link);
        assert_eq!(fetch(world, &forged).await.0, StatusCode::NOT_FOUND);
        assert_eq!(fetch(world, &link).await.0, StatusCode::OK);
        scene.later(601);
        assert_eq!(fetch(world, &link).await.0, StatusCode::NOT_FOUND);
    });
}
