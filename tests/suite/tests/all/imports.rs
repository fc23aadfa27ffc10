//! One file, one import, two services: residents takes structure and people, billing the fees.

use crate::stage::send_file;
use chrono::NaiveDate;
use ids::EstateId;
use roster::{FeeLink, FeeSetting, FeeTarget, Formula, UnitRef};
use serde_json::{Value, json};
use sheets::{Language, Limits, Workbook, XlsxWriter};
use std::{collections::BTreeMap, io::Cursor, sync::Arc};
use testkit::{Company, Signed, World, eventually, run};
use tokio::sync::OnceCell;

async fn world() -> Arc<World> {
    static WORLD: OnceCell<Arc<World>> = OnceCell::const_new();
    let services = || vec![residents::service(), billing::service()];
    let start = || async { Arc::new(World::start(services(), &[]).await) };
    Arc::clone(WORLD.get_or_init(start).await)
}

/// An estate and who works there.
struct Scene {
    world: Arc<World>,
    company: Company,
    estate: EstateId,
    director: Signed,
    finance: Signed,
}

impl Scene {
    async fn new() -> Self {
        let company = world().await.company();
        Self::of(company).await
    }

    async fn of(company: Company) -> Self {
        let estate = company.estate("LEG", "旧小区").await;
        let director = company.staff("DIR", estate).await;
        let finance = company.staff("CFIN", None).await;
        Self { world: world().await, company, estate, director, finance }
    }

    async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        send_file(&self.world, &self.director.token(), (name, bytes)).await.unwrap()
    }

    /// The dry run of a file.
    async fn start(&self, name: &str, bytes: &[u8]) -> Value {
        let file = self.upload(name, bytes).await;
        let input = json!({ "estateId": self.estate.to_string(), "fileId": file,
            "cutOverMonth": "2026-07" });
        let text = "mutation($input: StartImportInput!) { startImport(input: $input) \
                    { import { id } } }";
        let begun = self.director.send("residents", text, json!({ "input": input })).await.ok();
        let id = &begun["startImport"]["import"]["id"];
        self.is_read(id).await;
        let text = "query($id: ID!) { import(id: $id) \
                    { id total errors undecided findingsLeftOut } }";
        let mut read = self.director.send("residents", text, json!({ "id": id })).await.ok();
        read["import"].take()
    }

    /// Waits until the rows of a file were read.
    async fn is_read(&self, id: &Value) {
        let read = || async { self.progress(id).await["state"] == "ANALYSED" };
        eventually("the file is read", read).await;
    }

    /// Everything there is to say about an import, as sheet, row, column and code.
    async fn findings(&self, id: &Value) -> Vec<(String, i64, String, String)> {
        let text = "query($id: ID!) { import(id: $id) { findings(first: 100) \
                    { edges { node { sheet row column code } } } } }";
        let seen = self.director.send("residents", text, json!({ "id": id })).await.ok();
        let edges = seen["import"]["findings"]["edges"].as_array().unwrap().clone();
        let word = |node: &Value, key: &str| node[key].as_str().unwrap().to_owned();
        let all = edges.iter().map(|edge| &edge["node"]).map(|node| {
            let row = node["row"].as_i64().unwrap();
            (word(node, "sheet"), row, word(node, "column"), word(node, "code"))
        });
        all.collect()
    }

    /// Lets a file in and waits for both halves; answers billing's.
    async fn confirm(&self, id: &Value, rows: &str) -> Value {
        let way = |code: &str, choice: &str| json!({ "code": code, "choice": choice });
        let choices = [
            way("DANGLING_OWNER", "IMPORT_AS_VACANT"),
            way("DOUBTFUL_IDENTITY", "IMPORT_WITHOUT_IDENTITY"),
        ];
        let input = json!({ "id": id, "rows": rows, "choices": choices });
        let text = "mutation($input: ConfirmImportInput!) { confirmImport(input: $input) \
                    { import { state } } }";
        self.director.send("residents", text, json!({ "input": input })).await.ok();
        self.ended(id).await;
        let seen = self.progress(id).await;
        assert_eq!(seen["state"], "DONE");
        assert_eq!(seen["done"], seen["total"]);
        self.fees(id).await
    }

    /// How far residents is.
    async fn progress(&self, id: &Value) -> Value {
        let text = "query($id: ID!) { import(id: $id) { state done total failure } }";
        let mut seen = self.director.send("residents", text, json!({ "id": id })).await.ok();
        seen["import"].take()
    }

    /// Waits until both halves have ended: as long as one of them gets on.
    async fn ended(&self, id: &Value) {
        loop {
            let (structure, fees) = (self.progress(id).await, self.fees(id).await);
            if !fees.is_null() && fees["state"] != "RUNNING" {
                return;
            }
            assert_ne!(structure["state"], "FAILED", "{structure}");
            eventually("the import gets on", || async {
                (self.progress(id).await, self.fees(id).await) != (structure.clone(), fees.clone())
            })
            .await;
        }
    }

    async fn fees(&self, id: &Value) -> Value {
        let text = "query($id: ID!) { _entities(representations: [{ __typename: \"Import\", id: $id }]) \
                    { ... on Import { fees { state total done items proposed unchanged leftOut } } } }";
        let mut seen = self.director.send("billing", text, json!({ "id": id })).await.ok();
        seen["_entities"][0]["fees"].take()
    }

    async fn approve(&self, id: &Value) {
        let text = "mutation($input: ApproveImportedFeesInput!) { approveImportedFees(input: $input) \
                    { importedFees { state } } }";
        let input = json!({ "input": { "importId": id } });
        let done = self.finance.send("billing", text, input).await.ok();
        assert_eq!(done["approveImportedFees"]["importedFees"]["state"], "APPROVED");
    }

    /// What a run for July would charge: bills, lines, total, and the lines of each unit.
    async fn preview(&self) -> (Value, BTreeMap<String, Vec<String>>) {
        let text = "query($e: ID!) { previewBillRun(estateId: $e, startMonth: \"2026-07\") \
                    { bills lines total { amount } units(first: 100) { edges { node \
                    { label lines { amount { amount } } } } } } }";
        let variables = json!({ "e": self.estate.to_string() });
        let mut seen = self.finance.send("billing", text, variables).await.ok();
        let mut preview = seen["previewBillRun"].take();
        let sites = preview["units"]["edges"].take();
        let lines = |node: &Value| -> Vec<String> {
            let all = node["lines"].as_array().unwrap().iter();
            all.map(|line| line["amount"]["amount"].as_str().unwrap().to_owned()).collect()
        };
        let sites = sites.as_array().unwrap().iter().map(|edge| &edge["node"]);
        let sites = sites.map(|node| (node["label"].as_str().unwrap().to_owned(), lines(node)));
        let sites = sites.filter(|(_, lines)| !lines.is_empty()).collect();
        preview.as_object_mut().unwrap().remove("units");
        (preview, sites)
    }

    /// The rows of an export, sheet by sheet, without their order.
    async fn export(&self) -> BTreeMap<String, Vec<Vec<String>>> {
        let text =
            "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { fileId } }";
        let input = json!({ "input": { "estateId": self.estate.to_string() } });
        let made = self.director.send("residents", text, input).await.ok();
        rows(self.content(made["exportRoster"]["fileId"].as_str().unwrap()).await)
    }

    async fn content(&self, file: &str) -> Vec<u8> {
        let residents = self.world.running.peers.get("residents").unwrap();
        let path = format!("/internal/files/{}/{file}", self.company.tenant);
        residents.get(&path).await.unwrap().into_body().into()
    }

    async fn exported(&self) -> Vec<u8> {
        let text =
            "mutation($input: ExportRosterInput!) { exportRoster(input: $input) { fileId } }";
        let input = json!({ "input": { "estateId": self.estate.to_string() } });
        let made = self.director.send("residents", text, input).await.ok();
        self.content(made["exportRoster"]["fileId"].as_str().unwrap()).await
    }
}

fn rows(file: Vec<u8>) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book = Workbook::open(file, "export.xlsx", Limits::default()).unwrap();
    let names: Vec<String> = book.sheets().iter().map(|sheet| sheet.name.clone()).collect();
    let read = |name: String| {
        let rows = book.rows(&name).unwrap().map(|row| row.unwrap().cells);
        let mut rows: Vec<Vec<String>> =
            rows.map(|cells| cells.iter().map(sheets::Cell::shown).collect()).collect();
        rows.sort();
        (name, rows)
    };
    names.into_iter().map(read).collect()
}

/// Figures by hand: every unit has 94.56 m². Fee 1: 94.56 × 1.3 + 20 = 142.928, rounded 142.93;
/// fee 2: 94.56 × 1 + 20 = 114.56. Units 1011 and 1014 pay both, 1012 fee 1, 1013 and 1021 fee 2;
/// the owners of 1022, 1023 and 1024 are nowhere in the file, so nobody pays there.
/// 2 × (142.93 + 114.56) + 142.93 + 2 × 114.56 = 887.03 in 7 lines on 5 bills.
async fn check_legacy(bytes: Vec<u8>) {
    let scene = Scene::new().await;
    let import = scene.start("legacy.xlsx", &bytes).await;
    assert_eq!((&import["errors"], &import["undecided"]), (&json!(0), &json!(8)));
    let fees = scene.confirm(&import["id"], "ALL").await;
    let want = json!({ "state": "PROPOSED", "total": 11, "done": 11, "items": 2, "proposed": 11,
        "unchanged": 0, "leftOut": 0 });
    assert_eq!(fees, want);
    let (before, _) = scene.preview().await;
    assert_eq!(before["total"]["amount"], "0.00", "a proposed price charges nothing");
    scene.approve(&import["id"]).await;
    let (preview, sites) = scene.preview().await;
    assert_eq!(preview, json!({ "bills": 5, "lines": 7, "total": { "amount": "887.03" } }));
    let line = |label: &str| {
        let mut lines = sites[label].clone();
        lines.sort();
        lines
    };
    assert_eq!(line("1-1-1011"), ["114.56", "142.93"]);
    assert_eq!(line("1-1-1012"), ["142.93"]);
    assert_eq!(line("1-1-1013"), ["114.56"]);
    assert_eq!(line("1-1-1014"), ["114.56", "142.93"]);
    assert_eq!(line("1-1-1021"), ["114.56"]);
    assert_eq!(sites.len(), 5);
    // June lies before the cut-over.
    let june = "query($e: ID!) { previewBillRun(estateId: $e, startMonth: \"2026-06\") { bills } }";
    let variables = json!({ "e": scene.estate.to_string() });
    assert_eq!(scene.finance.send("billing", june, variables).await.field(), "startMonth");

    // The same file again changes nothing.
    let again = scene.start("legacy.xlsx", &bytes).await;
    let fees = scene.confirm(&again["id"], "ALL").await;
    let of = |key: &str| fees[key].clone();
    assert_eq!(
        (of("state"), of("unchanged"), of("proposed")),
        (json!("UNCHANGED"), json!(11), json!(0))
    );
    assert_eq!(scene.preview().await, (preview, sites));
}

#[test]
fn a_file_of_an_older_system_becomes_the_right_bills() {
    run(async { check_legacy(residents::seed::legacy_roster().unwrap()).await });
}

#[test]
#[ignore = "needs the sample file, not part of the repository: LEGACY_SAMPLE=<path>"]
fn the_sample_file_becomes_the_right_bills() {
    let path = std::env::var_os("LEGACY_SAMPLE").expect("LEGACY_SAMPLE names the file");
    run(async { check_legacy(std::fs::read(path).unwrap()).await });
}

fn setting(code: &str, item: &str, kind: &str, formula: Formula) -> FeeSetting {
    FeeSetting {
        item: Some(item.to_owned()),
        fee_type: Some(kind.to_owned()),
        name_en: Some("A fee".to_owned()),
        partner: (kind == "代收代付").then(|| "自来水公司".to_owned()),
        ..FeeSetting::new(code, "=费用", formula)
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Prices of every kind: estate-wide, of a building, of a use, of a unit for a while, of a space,
/// and one collected for a partner.
fn demo_fees() -> Vec<u8> {
    let area = |price: &str| Formula::Area {
        price: price.parse().unwrap(),
        surcharge: "1.50".parse().unwrap(),
    };
    let settings = [
        setting("P1", "PROPERTY", "物业费", area("2.35")),
        setting("P2", "PROPERTY", "物业费", area("2.85")),
        setting("P3", "PROPERTY", "物业费", area("4.5")),
        setting("PARK", "PARKING", "车位费", Formula::Space("60".parse().unwrap())),
        setting("WATER", "WATER", "代收代付", Formula::Fixed("12.34".parse().unwrap())),
    ];
    let all = |building: Option<&str>, used_as| FeeTarget::All {
        building: building.map(str::to_owned),
        used_as,
    };
    let unit = FeeTarget::Unit(UnitRef {
        building: "3".to_owned(),
        entrance: "1".to_owned(),
        number: "1201".to_owned(),
    });
    let space = FeeTarget::Space { lot: "U".to_owned(), code: "017".to_owned() };
    let link = |target: FeeTarget, fee: &str, from: &str, to: Option<&str>| FeeLink {
        target,
        fee: fee.to_owned(),
        starts_on: day(from),
        ends_on: to.map(day),
    };
    let links = [
        link(all(None, None), "P1", "2026-07-01", None),
        link(all(Some("6"), None), "P2", "2026-07-01", None),
        link(all(None, Some(roster::FeeUse::Shop)), "P3", "2026-08-01", None),
        link(unit.clone(), "P2", "2026-07-01", Some("2026-12-31")),
        link(unit, "WATER", "2026-09-15", None),
        link(space, "PARK", "2026-07-01", None),
    ];
    let mut writer = XlsxWriter::new();
    roster::write_sheet(&mut writer, Language::En, settings).unwrap();
    roster::write_sheet(&mut writer, Language::En, links).unwrap();
    let mut file = Cursor::new(Vec::new());
    writer.finish(&mut file).unwrap();
    file.into_inner()
}

#[test]
fn an_export_with_its_fees_imports_to_the_same_state() {
    run(async {
        let scene = Scene::new().await;
        let demo = scene.start("demo.xlsx", &residents::seed::demo_roster().unwrap()).await;
        assert_eq!(scene.confirm(&demo["id"], "ALL").await["state"], "UNCHANGED");
        let fees = scene.start("fees.xlsx", &demo_fees()).await;
        assert_eq!((&fees["errors"], &fees["undecided"]), (&json!(0), &json!(0)));
        assert_eq!(scene.confirm(&fees["id"], "ALL").await["proposed"], 6);
        scene.approve(&fees["id"]).await;
        let first = scene.exported().await;
        let want = rows(first.clone());
        assert_eq!((want["费用设置"].len(), want["房屋费用"].len()), (6, 7));

        let fresh = Scene::of(scene.world.company()).await;
        let import = fresh.start("export.xlsx", &first).await;
        assert_eq!((&import["errors"], &import["undecided"]), (&json!(0), &json!(0)));
        assert_eq!(fresh.confirm(&import["id"], "ALL").await["proposed"], 6);
        fresh.approve(&import["id"]).await;
        assert_eq!(fresh.export().await, want);
        assert_eq!(fresh.preview().await, scene.preview().await);

        let over = scene.start("export.xlsx", &first).await;
        let fees = scene.confirm(&over["id"], "ALL").await;
        assert_eq!((&fees["state"], &fees["unchanged"]), (&json!("UNCHANGED"), &json!(6)));
        assert_eq!(scene.export().await, want);
    });
}

#[test]
fn a_csv_of_links_refers_to_known_fees_and_one_list_says_what_is_wrong() {
    run(async {
        let scene = Scene::new().await;
        let bytes = residents::seed::legacy_roster().unwrap();
        let import = scene.start("legacy.xlsx", &bytes).await;
        scene.confirm(&import["id"], "ALL").await;
        scene.approve(&import["id"]).await;
        // 1011 has fee 2 already, 1012 gets it, 9999 is no unit, 7 is no fee, the last is no date.
        let text = "房屋编号,楼栋编号,单元编号,费用编号,费用开始时间\n1011,1,1,2,2020-06-10\n\
            1012,1,1,2,2020-06-10\n9999,1,1,2,2020-06-10\n1013,1,1,7,2020-06-10\n\
            1013,1,1,1,someday\n";
        let import = scene.start("房屋费用.csv", text.as_bytes()).await;
        let column = |row, column: &str, code: &str| {
            ("房屋费用".to_owned(), row, column.to_owned(), code.to_owned())
        };
        let dry = vec![column(6, "费用开始时间", "NOT_A_DATE")];
        assert_eq!(scene.findings(&import["id"]).await, dry);
        let fees = scene.confirm(&import["id"], "GOOD").await;
        let counts = ["proposed", "unchanged", "leftOut"].map(|key| fees[key].clone());
        assert_eq!(counts, [json!(1), json!(1), json!(2)]);
        let all = [
            dry,
            vec![column(4, "房屋编号", "UNKNOWN_UNIT"), column(5, "费用编号", "UNKNOWN_FEE")],
        ]
        .concat();
        eventually("billing's findings join the list", || async {
            scene.findings(&import["id"]).await == all
        })
        .await;
        scene.approve(&import["id"]).await;
        // Unit 1012 now pays both: 887.03 + 114.56.
        assert_eq!(scene.preview().await.0["total"]["amount"], "1001.59");
    });
}

#[test]
fn an_adjusted_mapping_holds_for_billing_too() {
    run(async {
        let scene = Scene::new().await;
        let bytes = residents::seed::legacy_roster().unwrap();
        let import = scene.start("legacy.xlsx", &bytes).await;
        let text = "query($id: ID!) { import(id: $id) { sheets { sheet kind headerRow columns \
                    { key index header } } } }";
        let id = json!({ "id": import["id"] });
        let mut seen = scene.director.send("residents", text, id).await.ok();
        // Without the column of fees billing finds no links.
        let mut sheets = seen["import"]["sheets"].take();
        for sheet in sheets.as_array_mut().unwrap() {
            let columns = sheet["columns"].as_array_mut().unwrap();
            columns.retain(|column| column["key"] != "fees" && column["key"] != "fee_starts");
        }
        let text = "mutation($input: AdjustImportMappingInput!) { adjustImportMapping(input: $input) \
                    { import { id } } }";
        let input = json!({ "input": { "id": import["id"], "sheets": sheets } });
        scene.director.send("residents", text, input).await.ok();
        scene.is_read(&import["id"]).await;
        let fees = scene.confirm(&import["id"], "ALL").await;
        assert_eq!((&fees["items"], &fees["total"]), (&json!(2), &json!(0)));
        assert_eq!(fees["state"], "UNCHANGED");
    });
}

#[test]
fn thousands_of_findings_are_counted_and_listed_page_by_page() {
    run(async {
        let scene = Scene::new().await;
        let rows = (0..5_010).map(|n| format!("{n},none\n"));
        let text =
            std::iter::once("房屋编号,建筑面积\n".to_owned()).chain(rows).collect::<String>();
        let import = scene.start("房屋信息.csv", text.as_bytes()).await;
        let counts = ["errors", "findingsLeftOut", "total"].map(|key| import[key].clone());
        assert_eq!(counts, [json!(5_010), json!(10), json!(0)]);
        let text = "query($id: ID!, $after: String) { import(id: $id) { findings(first: 100, \
                    after: $after) { pageInfo { hasNextPage endCursor } edges { node { row } } } } }";
        let (mut rows, mut after) = (Vec::new(), Value::Null);
        loop {
            let variables = json!({ "id": import["id"], "after": after });
            let seen = scene.director.send("residents", text, variables).await.ok();
            let page = &seen["import"]["findings"];
            let edges = page["edges"].as_array().unwrap();
            rows.extend(edges.iter().map(|edge| edge["node"]["row"].as_i64().unwrap()));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        assert_eq!(rows, (2..5_002).collect::<Vec<i64>>());
    });
}
