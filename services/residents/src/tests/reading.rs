//! Files that are read in the background before anything is imported.

use super::{CONFIRM, all_units, finished, july, read, start, uploaded, world};
use crate::importer;
use serde_json::{Value, json};
use sheets::{Header, Value as Cell, XlsxWriter};
use std::io::Cursor;

/// Two sheets of units; far down in the second one a cell holds more than a cell may.
fn file() -> Vec<u8> {
    let mut writer = XlsxWriter::new();
    let heads = ["房号", "建筑面积"].map(|text| Header { text: text.to_owned(), width: 12 });
    for (sheet, building) in [("房屋信息", 1), ("车库", 2)] {
        writer.sheet(sheet, &heads).unwrap();
        for unit in 101..151 {
            let label = Cell::text(format!("{building}-1-{unit}"));
            writer.row(&[label, Cell::number("90")]).unwrap();
        }
    }
    writer.row(&[Cell::text("长".repeat(30_000)), Cell::number("90")]).unwrap();
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    file.into_inner()
}

#[test]
fn what_cannot_be_read_to_its_end_says_why_and_is_read_in_another_way() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("LONG", "长文").await;
        let director = company.staff("DIR", estate).await;
        let upload = uploaded(&world, &director, "long.xlsx", &file()).await;
        let import = start(&director, estate, &upload).await;
        assert_eq!(import["state"], "UNREADABLE", "{import}");
        assert!(import["failure"].as_str().unwrap().contains("52"), "the row is named: {import}");
        let id = import["id"].as_str().unwrap();
        let confirm = json!({ "input": { "id": id, "rows": "GOOD", "choices": [] } });
        assert_eq!(director.send("residents", CONFIRM, confirm.clone()).await.code(), "CONFLICT");

        let query = "query($id: ID!) { import(id: $id) { sheets { sheet kind headerRow
            columns { key index header } } } }";
        let mut seen = director.send("residents", query, json!({ "id": id })).await.ok();
        let Value::Array(sheets) = seen["import"]["sheets"].take() else { panic!("{seen}") };
        let first: Vec<Value> = sheets.into_iter().take(1).collect();
        let adjust = "mutation($input: AdjustImportMappingInput!) {
            adjustImportMapping(input: $input) { import { state failure done total } } }";
        let input = json!({ "input": { "id": id, "sheets": first } });
        let adjusted = director.send("residents", adjust, input).await.ok();
        let now = &adjusted["adjustImportMapping"]["import"];
        let anew = json!({ "state": "READING", "failure": null, "done": 0, "total": 0 });
        assert_eq!(*now, anew);
        let import = read(&director, id).await;
        assert_eq!((&import["state"], &import["errors"]), (&json!("ANALYSED"), &json!(0)));
        assert!(all_units(&director, estate).await.is_empty(), "reading imports nothing");
        director.send("residents", CONFIRM, confirm).await.ok();
        assert_eq!(finished(&director, id).await["state"], "DONE");
        assert_eq!(all_units(&director, estate).await.len(), 50);
    });
}

#[test]
fn what_is_still_being_read_has_no_findings_and_waits() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("SLOW", "慢文件").await;
        let director = company.staff("DIR", estate).await;
        let text = "房号,建筑面积\n1-1-101,none\n";
        let upload = uploaded(&world, &director, "房屋信息.csv", text.as_bytes()).await;
        let import = start(&director, estate, &upload).await;
        assert_eq!(import["errors"], 1);
        let id = import["id"].as_str().unwrap();
        // No file takes long on demand: the import is put back to where its job found it.
        let scope = world.db("residents").write(company.tenant).await.unwrap();
        let back = "UPDATE imports SET state = 'reading' WHERE tenant_id = $1 AND id = $2";
        let row: contracts::ImportId = id.parse().unwrap();
        scope.execute(back, [row.as_uuid().into()]).await.unwrap();
        scope.commit().await.unwrap();

        let query = "query($id: ID!) { import(id: $id) { state findings { nodes { code } } } }";
        let seen = director.send("residents", query, json!({ "id": id })).await.ok();
        assert_eq!(seen["import"], json!({ "state": "READING", "findings": null }));
        let confirm = json!({ "input": { "id": id, "rows": "GOOD", "choices": [] } });
        assert_eq!(director.send("residents", CONFIRM, confirm).await.code(), "CONFLICT");
    });
}

#[test]
fn an_import_without_the_graph_says_why_it_stopped() {
    testkit::run(async {
        let world = world().await;
        let company = world.company();
        let estate = company.estate("LINE", "命令行").await;
        let director = company.staff("DIR", estate).await;
        let importer = importer(world.context("residents")).unwrap();
        let file = file();
        let refused = importer
            .import_bytes(company.tenant, estate, ("long.xlsx", &file), july(), "test")
            .await;
        assert!(refused.is_err());
        let scope = world.db("residents").read(company.tenant).await.unwrap();
        let sql = "SELECT id FROM imports WHERE tenant_id = $1 AND estate_id = $2";
        let rows: Vec<Kept> = scope.rows(sql, [estate.as_uuid().into()]).await.unwrap();
        let id = contracts::ImportId::from_uuid(rows[0].id).to_string();
        drop(scope);
        let import = read(&director, &id).await;
        assert_eq!(import["state"], "UNREADABLE");
        assert!(import["failure"].is_string());
    });
}

#[derive(sea_orm::FromQueryResult)]
struct Kept {
    id: uuid::Uuid,
}
