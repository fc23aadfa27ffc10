//! Exports through the graph, read back as a spreadsheet reads them.

use crate::{
    closing::tests::{ask, july},
    stage::Scene,
};
use contracts::FileId;
use files::FileStore;
use money::Fen;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use testkit::{Answer, Signed, eventually, run};

async fn start(scene: &Scene, who: &Signed, kind: &str, format: &str, key: &str) -> Answer {
    let document =
        "mutation($input: ExportBooksInput!) { exportBooks(input: $input) { bookExport { id } } }";
    let input = json!({ "estateId": scene.estate.to_string(), "kind": kind, "format": format,
        "from": "2026-07", "to": "2026-07", "idempotencyKey": key });
    who.send("billing", document, json!({ "input": input })).await
}

async fn export(who: &Signed, id: &Value) -> Answer {
    let document = "query($id: ID!) { bookExport(id: $id) { state total done link } }";
    who.send("billing", document, json!({ "id": id })).await
}

/// The file of an export, fetched by its link.
async fn file(scene: &Scene, kind: &str, format: &str, key: &str) -> Vec<u8> {
    let made = start(scene, &scene.finance, kind, format, key).await.ok();
    let id = &made["exportBooks"]["bookExport"]["id"];
    let seen = || async { export(&scene.finance, id).await.ok()["bookExport"].take() };
    eventually("the file is written", || async { seen().await["state"] == "DONE" }).await;
    let seen = seen().await;
    assert_eq!(seen["total"], seen["done"]);
    let link = seen["link"].as_str().unwrap().to_owned();
    let (path, query) = link.split_once('?').unwrap();
    let file: FileId = path.strip_prefix("/files/billing/").unwrap().parse().unwrap();
    let part = |name: &str| {
        let found = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        found.unwrap().to_owned()
    };
    let signed = files::Link {
        tenant: part("tenant"),
        name: part("name"),
        expires: part("expires").parse().unwrap(),
        signature: part("signature"),
    };
    let context = scene.stage.world.context("billing");
    let store = FileStore::from_config(&context.config, context.clock.clone()).unwrap();
    let (tenant, name) = store.verify(file.as_uuid(), &signed).unwrap();
    assert!(name.starts_with("FCH-") && name.ends_with(&format.to_lowercase()), "{name}");
    store.read(tenant, file.as_uuid()).await.unwrap().to_vec()
}

#[test]
fn the_journal_adds_up_to_the_trial_balance() {
    run(async {
        let (scene, debt) = july().await;
        scene.take(&scene.cashier, &debt.account, "400", "key-0002").await.ok();
        let text = String::from_utf8(file(&scene, "JOURNAL", "CSV", "file-0001").await).unwrap();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let headers = lines.next().unwrap();
        assert!(headers.starts_with("Date,Voucher,Summary,Account,Account name,Debit,Credit"));
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            assert!(cells[1].starts_with("记-2026-07-"), "{line}");
            let fen = |text: &str| {
                if text.is_empty() { 0 } else { text.parse::<Fen>().unwrap().0 }
            };
            *sums.entry(cells[3].to_owned()).or_default() += fen(cells[5]) - fen(cells[6]);
        }
        assert_eq!(sums.values().sum::<i64>(), 0);
        let query = "trialBalance(estateId: $estate, on: \"2026-07-31\") { rows { code debit { amount } credit { amount } } }";
        let seen = ask(&scene, &scene.finance, query).await.ok();
        for row in seen["trialBalance"]["rows"].as_array().unwrap() {
            let side = |side: &str| {
                row[side]["amount"].as_str().map_or(0, |text| text.parse::<Fen>().unwrap().0)
            };
            let code = row["code"].as_str().unwrap();
            assert_eq!(sums[code], side("debit") - side("credit"), "{code}");
        }
        let book = file(&scene, "JOURNAL", "XLSX", "file-0002").await;
        assert!(book.starts_with(b"PK"));
    });
}

#[test]
fn the_reports_are_a_workbook_or_their_first_table() {
    run(async {
        let (scene, _) = july().await;
        let text = String::from_utf8(file(&scene, "REPORTS", "CSV", "file-0001").await).unwrap();
        let row = text.lines().nth(1).unwrap();
        assert!(row.starts_with("SERVICE,Services,3,835.86,500.00,"), "{row}");
        let book = file(&scene, "REPORTS", "XLSX", "file-0002").await;
        let limits = sheets::Limits::default();
        let read = sheets::Workbook::open(book, "reports.xlsx", limits).unwrap();
        let names: Vec<&str> = read.sheets().iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["Receivables", "Deposits", "Prepayments", "Common income", "Revenue"]);
    });
}

#[test]
fn only_finance_exports_and_a_repeat_is_the_same_file() {
    run(async {
        let (scene, _) = july().await;
        let made = start(&scene, &scene.finance, "JOURNAL", "CSV", "file-0001").await.ok();
        let again = start(&scene, &scene.finance, "JOURNAL", "CSV", "file-0001").await.ok();
        assert_eq!(made, again);
        let other = start(&scene, &scene.finance, "JOURNAL", "XLSX", "file-0001").await;
        assert_eq!(other.code(), "IDEMPOTENCY_MISMATCH");
        let id = &made["exportBooks"]["bookExport"]["id"];
        let stranger = scene.stage.world.company().staff("CFIN", None).await;
        for who in [&scene.director, &scene.cashier, &scene.owner, &stranger] {
            let refused = start(&scene, who, "JOURNAL", "CSV", "file-0002").await;
            assert_eq!(refused.code(), "NOT_FOUND");
            assert_eq!(export(who, id).await.code(), "NOT_FOUND");
        }
    });
}
