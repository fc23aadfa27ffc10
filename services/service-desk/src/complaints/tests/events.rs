//! What billing hears of complaints.

use super::{done, found, input, new};
use crate::testing::Stage;
use serde_json::{Value, json};
use testkit::run;

/// The kinds and contents of what the service told of a complaint.
async fn told(stage: &Stage, it: &Value) -> Vec<(String, Value)> {
    let db = stage.company.world.db("service-desk");
    db.worker().place_events().await.unwrap();
    let all = db.events_after(0, 10_000).await.unwrap();
    let id = it["id"].as_str().unwrap();
    let of_it = all.into_iter().filter(|event| {
        event.kind.starts_with("service_desk.complaint") && event.payload.contains(id)
    });
    of_it.map(|event| (event.kind, serde_json::from_str(&event.payload).unwrap())).collect()
}

#[test]
fn a_dissatisfied_home_is_not_dunned_until_it_is_answered() {
    run(async {
        let stage = Stage::new().await;
        let (unit, _) = stage.home("6-2-0801", "张三").await;
        let about =
            json!({ "unitId": unit.to_string(), "complainantName": null, "class": "FACILITY" });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, about.clone())).await;
        let opened = (
            "service_desk.complaint_opened".to_owned(),
            json!({ "complaint": it["id"],
            "estate": stage.estate.to_string(), "unit": unit.to_string(), "subject": it["number"] }),
        );
        assert_eq!(told(&stage, &it).await, std::slice::from_ref(&opened));
        let it =
            done(&stage.desk, "respondToComplaint", input(&it, json!({ "words": "已收到" }))).await;
        let it = done(&stage.supervisor, "gradeComplaint", input(&it, json!({ "ground": "REST" })));
        let it = it.await;
        let handler = json!({ "handlerId": stage.desk.user.to_string() });
        let it = done(&stage.supervisor, "assignComplaint", input(&it, handler)).await;
        let it = done(&stage.desk, "resolveComplaint", input(&it, found())).await;
        let answered =
            ("service_desk.complaint_answered".to_owned(), json!({ "complaint": it["id"] }));
        assert_eq!(told(&stage, &it).await, [opened, answered]);
        // Nobody learns from a pause who complained anonymously, or of whom; neighbours complain of
        // each other.
        let engineer = stage.engineer.user.to_string();
        for (field, value) in [
            ("anonymous", json!(true)),
            ("class", json!("NEIGHBOUR")),
            ("aboutStaffIds", json!([engineer])),
        ] {
            let mut more = about.clone();
            more[field] = value;
            let it = done(&stage.supervisor, "receiveComplaint", new(&stage, more)).await;
            assert_eq!(told(&stage, &it).await, [], "{field}");
        }
    });
}
