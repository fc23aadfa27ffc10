//! Figures through the graph.

use crate::{
    complaints::tests::{done, new},
    contacts::tests::logged,
    testing::{Stage, own_world},
};
use chrono::Duration;
use serde_json::{Value, json};
use sheets::Cell;
use testkit::{Answer, Signed, run};

const MEASURES: [(&str, &str); 13] = [
    ("opened", "OPENED"),
    ("handled", "HANDLED"),
    ("responsePromised", "RESPONSE_PROMISED"),
    ("respondedOnTime", "RESPONDED_ON_TIME"),
    ("resolutionPromised", "RESOLUTION_PROMISED"),
    ("resolvedOnTime", "RESOLVED_ON_TIME"),
    ("firstContact", "FIRST_CONTACT"),
    ("open", "OPEN"),
    ("openDay", "OPEN_DAY"),
    ("openThreeDays", "OPEN_THREE_DAYS"),
    ("openSevenDays", "OPEN_SEVEN_DAYS"),
    ("openThirtyDays", "OPEN_THIRTY_DAYS"),
    ("openLonger", "OPEN_LONGER"),
];

async fn figures(stage: &Stage, who: &Signed, by: &str, version: Option<i32>) -> Answer {
    let fields: Vec<&str> = MEASURES.iter().map(|(field, _)| *field).collect();
    let text = format!(
        "query($estate: ID!, $by: DeskFiguresBy!, $version: Int) {{ deskFigures(estateId: $estate, \
         month: \"2026-07\", by: $by, version: $version) {{ version rows {{ kind key label handlingRate {} }} }} }}",
        fields.join(" ")
    );
    let ask = json!({ "estate": stage.estate.to_string(), "by": by, "version": version });
    who.send("service-desk", &text, ask).await
}

async fn rows(stage: &Stage, by: &str, version: Option<i32>) -> Vec<Value> {
    let found = figures(stage, &stage.supervisor, by, version).await.ok();
    found["deskFigures"]["rows"].as_array().unwrap().clone()
}

/// How many tickets are behind a figure.
async fn behind(stage: &Stage, figure: Value) -> usize {
    let text = "query($estate: ID!, $figure: DeskFigureInput!, $after: String) {
        deskFigureTickets(estateId: $estate, month: \"2026-07\", figure: $figure, first: 2, after: $after) {
            pageInfo { hasNextPage endCursor } nodes { id reference officer { name } buildingCode } } }";
    let (mut many, mut after) = (0, Value::Null);
    loop {
        let ask = json!({ "estate": stage.estate.to_string(), "figure": figure, "after": after });
        let page = stage.supervisor.send("service-desk", text, ask).await.ok();
        let page = &page["deskFigureTickets"];
        many += page["nodes"].as_array().unwrap().len();
        if page["pageInfo"]["hasNextPage"] == false {
            return many;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

async fn call(stage: &Stage, label: &str) -> Value {
    let (unit, person) = stage.home(label, "王建国").await;
    let more = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
    logged(stage, &stage.desk, more).await
}

async fn answer(stage: &Stage, contact: &Value) {
    let text =
        "mutation($input: AnswerContactInput!) { answerContact(input: $input) { contact { id } } }";
    let input = json!({ "contactId": contact["id"], "expectedVersion": contact["version"], "answer": "已处理" });
    stage.desk.send("service-desk", text, json!({ "input": input })).await.ok();
}

async fn freeze(stage: &Stage, who: &Signed, version: i32, reason: Option<&str>) -> Answer {
    let text = "mutation($input: FreezeDeskFiguresInput!) { freezeDeskFigures(input: $input) { version } }";
    let input = json!({ "estateId": stage.estate.to_string(), "month": "2026-07",
        "expectedVersion": version, "reason": reason, "idempotencyKey": stage.id().to_string() });
    who.send("service-desk", text, json!({ "input": input })).await
}

#[test]
fn each_number_has_as_many_tickets_behind_it_and_a_frozen_month_stays() {
    run(async {
        let world = own_world("2026-07-20T04:00:00Z").await;
        let stage = Stage::in_world(&world).await;
        let mut calls = Vec::new();
        for n in 0..5 {
            calls.push(call(&stage, &format!("6-1-010{n}")).await);
        }
        answer(&stage, &calls[0]).await;
        world.clock.advance(Duration::hours(30));
        answer(&stage, &calls[1]).await;
        for by in ["CLASS", "OFFICER", "BUILDING", "MONTH"] {
            let rows = rows(&stage, by, None).await;
            let contacts: Vec<&Value> =
                rows.iter().filter(|row| row["kind"] == "CONTACT").collect();
            let sum =
                |field: &str| contacts.iter().map(|row| row[field].as_i64().unwrap()).sum::<i64>();
            assert_eq!((sum("opened"), sum("handled"), sum("open")), (5, 2, 3), "{by}");
            assert_eq!((sum("responsePromised"), sum("respondedOnTime")), (5, 1), "{by}");
            assert_eq!((sum("firstContact"), sum("openThreeDays")), (1, 3), "{by}");
            for row in &rows {
                for (field, measure) in MEASURES {
                    let figure = json!({ "kind": row["kind"], "by": by, "key": row["key"], "measure": measure });
                    let there = i64::try_from(behind(&stage, figure).await).unwrap();
                    assert_eq!(row[field].as_i64().unwrap(), there, "{by} {field}");
                }
            }
        }
        let by_officer = rows(&stage, "OFFICER", None).await;
        assert!(by_officer.iter().any(|row| row["label"] == "陈前台"), "{by_officer:?}");
        let early = freeze(&stage, &stage.supervisor, 0, None).await;
        assert_eq!((early.code(), early.field()), ("INVALID", "month"));
        frozen(&stage, &calls).await;
    });
}

/// The month is over, and its day has not come: what was frozen stays, a correction is another version.
async fn frozen(stage: &Stage, calls: &[Value]) {
    stage.company.world.clock.set("2026-08-04T02:00:00Z".parse().unwrap());
    let supervisor = &stage.supervisor;
    let first = freeze(stage, supervisor, 0, None).await.ok();
    assert_eq!(first["freezeDeskFigures"]["version"], 1);
    assert_eq!(freeze(stage, supervisor, 0, None).await.code(), "CONFLICT");
    let silent = freeze(stage, supervisor, 1, None).await;
    assert_eq!((silent.code(), silent.field()), ("INVALID", "reason"));
    let before = rows(stage, "CLASS", Some(1)).await;
    answer(stage, &calls[2]).await;
    assert_eq!(rows(stage, "CLASS", Some(1)).await, before, "frozen");
    let second = freeze(stage, supervisor, 1, Some("补录一件")).await.ok();
    assert_eq!(second["freezeDeskFigures"]["version"], 2);
    let after = rows(stage, "CLASS", Some(2)).await;
    let handled =
        |rows: &[Value]| rows.iter().map(|row| row["handled"].as_i64().unwrap()).sum::<i64>();
    assert_eq!((handled(&before), handled(&after)), (2, 3));
    assert_eq!(rows(stage, "CLASS", Some(1)).await, before, "the first stays readable");
    let text = "query($estate: ID!) { deskFigureVersions(estateId: $estate, month: \"2026-07\") {
        nodes { version reason frozenBy { name } } } }";
    let ask = json!({ "estate": stage.estate.to_string() });
    let seen = supervisor.send("service-desk", text, ask).await.ok();
    let seen = seen["deskFigureVersions"]["nodes"].as_array().unwrap();
    assert_eq!((&seen[0]["reason"], &seen[1]["reason"]), (&json!("补录一件"), &Value::Null));
    assert_eq!(seen[0]["frozenBy"]["name"], "林主管");
}

/// How many contacts somebody is told of, and that whole months are not for them.
async fn contacts_of(stage: &Stage, who: &Signed) -> i64 {
    for query in ["complaintFigures", "revisitFigures"] {
        let text =
            format!("query($e: ID!) {{ {query}(estateId: $e, month: \"2026-07\") {{ month }} }}");
        let ask = json!({ "e": stage.estate.to_string() });
        assert_eq!(who.send("service-desk", &text, ask).await.code(), "NOT_FOUND", "{query}");
    }
    let found = figures(stage, who, "CLASS", None).await.ok();
    let rows = found["deskFigures"]["rows"].as_array().unwrap().clone();
    rows.iter().filter(|it| it["kind"] == "CONTACT").map(|it| it["opened"].as_i64().unwrap()).sum()
}

#[test]
fn an_officer_sees_the_figures_of_their_buildings_and_the_desk_its_own() {
    run(async {
        let stage = Stage::new().await;
        for label in ["6-1-0301", "6-1-0302"] {
            call(&stage, label).await;
        }
        logged(&stage, &stage.supervisor, json!({})).await;
        let officer = |zone| stage.company.staff_in_zone("PO", stage.estate, vec![zone]);
        let other = officer(stage.id()).await;
        let officer = officer(stage.building.as_uuid()).await;
        let found = figures(&stage, &stage.supervisor, "CLASS", None).await.ok();
        let all = found["deskFigures"]["rows"].as_array().unwrap().clone();
        let all: i64 = all.iter().map(|row| row["opened"].as_i64().unwrap()).sum();
        assert_eq!(all, 3);
        assert_eq!(contacts_of(&stage, &officer).await, 2);
        assert_eq!(contacts_of(&stage, &other).await, 0);
        assert_eq!(contacts_of(&stage, &stage.desk).await, 2);
    });
}

#[test]
fn whom_a_complaint_blames_does_not_find_it_among_the_figures() {
    run(async {
        let stage = Stage::new().await;
        let about = json!({ "aboutStaffIds": [stage.supervisor.user.to_string()] });
        done(&stage.desk, "receiveComplaint", new(&stage, about)).await;
        let complaints = |answer: Value| {
            let rows = answer["deskFigures"]["rows"].as_array().unwrap().clone();
            rows.into_iter().filter(|row| row["kind"] == "COMPLAINT").count()
        };
        let director = figures(&stage, &stage.director, "CLASS", None).await.ok();
        assert_eq!(complaints(director), 1);
        let blamed = figures(&stage, &stage.supervisor, "CLASS", None).await.ok();
        assert_eq!(complaints(blamed), 0);
    });
}

#[test]
fn the_workbook_has_the_numbers_and_their_tickets_and_only_some_may_take_it_away() {
    run(async {
        let stage = Stage::new().await;
        answer(&stage, &call(&stage, "6-1-0201").await).await;
        call(&stage, "6-1-0202").await;
        let text = "mutation($input: ExportDeskFiguresInput!) { exportDeskFigures(input: $input) { link } }";
        let input = json!({ "input": { "estateId": stage.estate.to_string(), "month": "2026-07", "by": "CLASS" } });
        let made = stage.supervisor.send("service-desk", text, input.clone()).await.ok();
        let link = made["exportDeskFigures"]["link"].as_str().unwrap().to_owned();
        let file = link.strip_prefix("/files/service-desk/figures/files/").unwrap();
        let file: contracts::FileId = file.split_once('?').unwrap().0.parse().unwrap();
        let context = stage.company.world.context("service-desk");
        let store = files::FileStore::from_config(&context.config, context.clock.clone()).unwrap();
        let bytes = store.read(stage.company.tenant, file.as_uuid()).await.unwrap().to_vec();
        let mut book =
            sheets::Workbook::open(bytes, "figures.xlsx", sheets::Limits::default()).unwrap();
        let names: Vec<&str> = book.sheets().iter().map(|sheet| &*sheet.name).collect();
        assert_eq!(names, ["Figures", "Tickets"]);
        let mut rows = |sheet| -> Vec<Vec<Cell>> {
            book.rows(sheet).unwrap().map(|row| row.unwrap().cells).collect()
        };
        let (numbers, tickets) = (rows("Figures"), rows("Tickets"));
        let contacts = numbers.iter().find(|row| row[0] == Cell::Text("Contact".to_owned()));
        let number = |column: &str| {
            let at = numbers[0].iter().position(|cell| *cell == Cell::Text(column.to_owned()));
            contacts.unwrap()[at.unwrap()].clone()
        };
        for (column, expected) in [
            ("Received", 2.0),
            ("Handled", 1.0),
            ("Handling rate %", 50.0),
            ("At first contact", 1.0),
            ("Answered on time %", 100.0),
            ("Open", 1.0),
        ] {
            assert_eq!(number(column), Cell::Number(expected), "{column}");
        }
        let due = tickets[0].iter().position(|cell| *cell == Cell::Text("Answer due".to_owned()));
        assert_eq!(tickets.len(), 3);
        assert!(matches!(tickets[1][due.unwrap()], Cell::Text(_)), "{:?}", tickets[1]);
        assert_eq!(
            stage.director.send("service-desk", text, input.clone()).await.code(),
            "FORBIDDEN"
        );
        assert_eq!(stage.desk.send("service-desk", text, input.clone()).await.code(), "NOT_FOUND");
        let strangers = Stage::new().await;
        assert_eq!(
            strangers.supervisor.send("service-desk", text, input).await.code(),
            "NOT_FOUND"
        );
        assert_eq!(figures(&stage, &strangers.supervisor, "CLASS", None).await.code(), "NOT_FOUND");
        assert_eq!(figures(&stage, &stage.engineer, "CLASS", None).await.code(), "NOT_FOUND");
        let frozen = freeze(&stage, &stage.director, 0, None).await;
        assert_eq!(frozen.code(), "FORBIDDEN");
    });
}
