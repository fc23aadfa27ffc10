//! Files that are read in the background before anything is imported.

use super::{CONFIRM, all_units, finished, read, start, uploaded, world};
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
