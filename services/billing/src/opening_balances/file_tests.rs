//! Opening balances from files: all rows or none, each wrong cell named, the same file once.

use super::tests::Scene;
use crate::meters::tests::{register, tariff, water_item};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sheets::{Header, XlsxWriter};
use testkit::{Answer, Signed, run};

impl Scene {
    async fn hand_in(&self, who: &Signed, name: &str, file: &[u8], key: &str) -> Answer {
        let text = "mutation($input: ImportOpeningBalancesInput!) { importOpeningBalances(input: $input) { \
                    openingBalances { id state fileName totals { kind count sum { amount } } knownRows } \
                    alreadyImported faults { row column value reason } } }";
        let input = json!({ "estateId": self.stage.estate.to_string(), "fileName": name,
            "content": STANDARD.encode(file), "idempotencyKey": key });
        who.send("billing", text, json!({ "input": input })).await
    }

    async fn taken_in(&self, name: &str, file: &[u8], key: &str) -> Value {
        let done = self.hand_in(&self.admin, name, file, key).await.ok();
        done["importOpeningBalances"].clone()
    }
}

const GOOD: &str = "期初余额,,,,,,,,,\n\
    类型,房号,缴费人,收费项目,所属月份,应缴日期,金额(元),说明,表号,读数,抄表日期\n\
    欠费,3-1-1201,王芳,PROPERTY,2026-05,2026-05-15,278.62,,,,\n\
    欠费,3-1-1201,,PROPERTY,2026/6,2026-06-15,278.62,,,,\n\
    预缴,3-1-1201,,,,,100,,,,\n\
    押金,3-1-1201,,,,,\"2,000.00\",装修押金,,,\n\
    读数,,,,,,,,W-0801,1318,2026-06-30\n\
    合计,,,,,,,,,,\n";

fn totals() -> Value {
    json!([
        { "kind": "ARREARS", "count": 2, "sum": "557.24" },
        { "kind": "DEPOSIT", "count": 1, "sum": "2000" },
        { "kind": "METER_READING", "count": 1, "sum": "0" },
        { "kind": "PREPAYMENT", "count": 1, "sum": "100" },
    ])
}

async fn scene() -> Scene {
    let scene = Scene::new().await;
    let item = water_item(&scene.stage).await;
    tariff(&scene.stage, &item).await;
    let old = json!({ "installedOn": "2025-06-30", "installedReading": "1000", "usedBefore": "0" });
    register(&scene.stage, &scene.unit, &item, old).await.ok();
    scene
}

#[test]
fn a_file_is_drafted_once_and_posted_by_the_same_totals_as_typed_rows() {
    run(async {
        let scene = scene().await;
        let finance = &scene.stage.finance;
        let first = scene.taken_in("期初.csv", GOOD.as_bytes(), "file-0001").await;
        assert_eq!(first["faults"], json!([]));
        let draft = &first["openingBalances"];
        assert_eq!((&draft["state"], &draft["fileName"]), (&json!("DRAFT"), &json!("期初.csv")));
        assert_eq!(draft["totals"][0]["sum"]["amount"], "557.24");
        // By the same key, and by another: it is the same draft.
        assert_eq!(scene.taken_in("期初.csv", GOOD.as_bytes(), "file-0001").await, first);
        let again = scene.taken_in("again.csv", GOOD.as_bytes(), "file-0002").await;
        assert_eq!((&again["alreadyImported"], &again["openingBalances"]), (&json!(true), draft));

        let mut wrong = totals();
        wrong[3]["sum"] = json!("100.01");
        let refused = scene.confirm(finance, &draft["id"], wrong, "key-0001").await;
        assert_eq!((refused.code(), refused.field()), ("INVALID", "totals"));
        scene.confirm(finance, &draft["id"], totals(), "key-0002").await.ok();
        let want =
            json!({ "1122": "557.24", "2203": "-100.00", "2241": "-2000.00", "4101": "1542.76" });
        assert_eq!(scene.books().await, want);
        let posted = scene.taken_in("期初.csv", GOOD.as_bytes(), "file-0003").await;
        assert_eq!(posted["openingBalances"]["state"], "POSTED");
        assert_eq!(posted["alreadyImported"], true);
        // A longer file of the same brings only what is new.
        let longer = format!("{GOOD}押金,3-1-1201,,,,,50,门禁卡押金,,,\n");
        let longer = scene.taken_in("longer.csv", longer.as_bytes(), "file-0004").await;
        let more = json!([{ "kind": "DEPOSIT", "count": 1, "sum": { "amount": "50.00" } }]);
        let draft = &longer["openingBalances"];
        assert_eq!((&draft["totals"], &draft["knownRows"]), (&more, &json!(5)));
        assert_eq!(scene.books().await, want);
    });
}

#[test]
fn a_workbook_is_read_and_a_file_comes_again_after_it_was_given_up() {
    run(async {
        let scene = scene().await;
        let header = |text: &str| Header { text: text.to_owned(), width: 12 };
        let heads = ["Kind", "Unit", "Fee item", "Month", "Due date", "Amount"].map(header);
        let mut book = XlsxWriter::new();
        book.sheet("Opening balances", &heads).unwrap();
        let cells = ["arrears", "3-1-1201", "PROPERTY", "2026-06", "2026-06-15", "278.62"];
        let cells = cells.map(sheets::Value::text);
        book.row(&cells).unwrap();
        let mut file = std::io::Cursor::new(Vec::new());
        book.finish(&mut file).unwrap();
        let file = file.into_inner();
        let first = scene.taken_in("opening.xlsx", &file, "file-0001").await;
        let total = json!([{ "kind": "ARREARS", "count": 1, "sum": { "amount": "278.62" } }]);
        let draft = &first["openingBalances"];
        assert_eq!(draft["totals"], total, "{first}");
        let gone = json!({ "id": draft["id"], "reason": "重新整理" });
        scene.act(&scene.admin, "withdrawOpeningBalances", gone).await.ok();
        let second = scene.taken_in("opening.xlsx", &file, "file-0002").await;
        assert_eq!(second["alreadyImported"], false);
        assert_ne!(second["openingBalances"]["id"], draft["id"]);
    });
}

#[test]
fn every_wrong_cell_is_named_by_row_and_column_and_nothing_is_kept() {
    run(async {
        let scene = scene().await;
        let other = Scene::new().await;
        let foreign = other
            .draft(json!([{ "kind": "PREPAYMENT", "unitLabel": "3-1-1201", "amount": "1" }]))
            .await;
        let one = json!([{ "kind": "PREPAYMENT", "count": 1, "sum": "1" }]);
        other.confirm(&other.stage.finance, &foreign["id"], one, "key-0001").await.ok();
        let rows = "query($id: ID!) { openingRows(openingId: $id) { nodes { accountId } } }";
        let rows = other.admin.send("billing", rows, json!({ "id": foreign["id"] })).await.ok();
        let foreign = rows["openingRows"]["nodes"][0]["accountId"].as_str().unwrap().to_owned();
        let missing = format!("bac_{}", scene.stage.id().simple());
        let file = format!(
            "Kind,Account,Unit,Fee item,Month,Due date,Amount,Meter,Reading,Reading date\n\
             arrears,,3-1-1201,PROPERTY,2026-05,2026-05-15,278.62,,,\n\
             arrears,,3-1-1201,PROPERTY,2026-05,2026-05-15,278.62,,,\n\
             arrears,,9-9-9999,PROPERTY,2026-05,2026-05-15,1,,,\n\
             arrears,,3-1-1201,WATERS,2026-05,2026-05-15,1,,,\n\
             arrears,,3-1-1201,PROPERTY,2026-08,2026-08-15,1,,,\n\
             debt,,3-1-1201,PROPERTY,2026-04,2026-04-15,1.005,,,\n\
             prepayment,{foreign},,,,,1,,,\n\
             prepayment,{missing},,,,,1,,,\n\
             reading,,,,,,,W-0801,999,2026-06-30\n\
             deposit,,3-1-1201,,,,,,,\n"
        );
        let refused = scene.taken_in("a.csv", file.as_bytes(), "file-0001").await;
        assert_eq!(refused["openingBalances"], Value::Null);
        let named: Vec<_> = refused["faults"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fault| {
                let text = |name: &str| fault[name].as_str().unwrap().to_owned();
                (fault["row"].as_i64().unwrap(), text("column"), text("value"), text("reason"))
            })
            .collect();
        let no_account = "there is no such account in the estate";
        let want = [
            (3, "Kind", "", "an earlier row says the same"),
            (4, "Unit", "9-9-9999", "there is no such unit in the estate"),
            (5, "Fee item", "WATERS", "there is no fee item of that code in the estate"),
            (6, "Month", "2026-08", "must be before the cut-over month"),
            (7, "Kind", "debt", "`debt` is none of arrears, prepayment, deposit and meter reading"),
            (7, "Amount", "1.005", "`1.005` is not a number with at most 2 decimal places"),
            (8, "Account", foreign.as_str(), no_account),
            (9, "Account", missing.as_str(), no_account),
            (10, "Reading", "999", "the meter showed more before"),
            (11, "Amount", "0.00", "must be above zero"),
        ];
        let want = want.map(|(row, column, value, reason)| {
            (row, column.to_owned(), value.to_owned(), reason.to_owned())
        });
        assert_eq!(named, want);
        let query = "openingBalancesOfEstate(estateId: $estate) { nodes { id } }";
        let kept = scene.stage.ask(&scene.stage.finance, query).await.ok();
        assert_eq!(kept["openingBalancesOfEstate"]["nodes"], json!([]));
        // The key is free for the corrected file.
        let right = scene.taken_in("a.csv", GOOD.as_bytes(), "file-0001").await;
        assert_eq!(right["faults"], json!([]));
    });
}

#[test]
fn what_is_no_table_and_who_may_not_are_refused() {
    run(async {
        let scene = scene().await;
        let none = scene.hand_in(&scene.admin, "a.csv", b"a,b\n1,2\n", "file-0001").await;
        assert_eq!((none.code(), none.field()), ("INVALID", "content"));
        let empty =
            scene.hand_in(&scene.admin, "a.csv", "类型,金额\n".as_bytes(), "file-0001").await;
        assert_eq!((empty.code(), empty.field()), ("INVALID", "content"));
        let foreign = Scene::new().await;
        for who in [&foreign.admin, &scene.stage.company.staff("CASH", scene.stage.estate).await] {
            let refused = scene.hand_in(who, "a.csv", GOOD.as_bytes(), "file-0001").await;
            assert_eq!((refused.code(), refused.message()), ("NOT_FOUND", "not found"));
        }
    });
}
