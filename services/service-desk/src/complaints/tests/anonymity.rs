//! An anonymous complainant is named by nothing that belongs to the complaint either.

use super::{done, new};
use crate::{
    attachments::tests::{attach, uploaded},
    contacts::tests::logged,
    testing::Stage,
};
use serde_json::{Value, json};
use testkit::{Signed, run};

const CONTACT: &str = "id person { id } personName callerName phone unit { id } unitLabel
    recordedBy { id } became becameId";

async fn contact(who: &Signed, id: &Value) -> Value {
    let text = format!("query($id: ID!) {{ contact(id: $id) {{ {CONTACT} }} }}");
    who.send("service-desk", &text, json!({ "id": id })).await.ok()["contact"].take()
}

async fn found(stage: &Stage, who: &Signed, filter: Value) -> Vec<Value> {
    let text = "query($estate: ID!, $filter: ContactFilter) {
        contacts(estateId: $estate, filter: $filter) { nodes { id } } }";
    let ask = json!({ "estate": stage.estate.to_string(), "filter": filter });
    let answer = who.send("service-desk", text, ask).await.ok();
    let nodes = answer["contacts"]["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["id"].clone()).collect()
}

/// Who attached what is attached to something.
async fn attached_by(who: &Signed, parent: &Value) -> Value {
    let text = "query($id: ID!) { attachments(parentId: $id) { nodes { attachedBy { id } } } }";
    let answer = who.send("service-desk", text, json!({ "id": parent })).await.ok();
    answer["attachments"]["nodes"][0]["attachedBy"]["id"].clone()
}

#[test]
fn neither_the_call_by_which_it_came_nor_a_photo_tells_staff_who_complained() {
    run(async {
        let stage = Stage::new().await;
        let (unit, person) = stage.home("6-2-0801", "张三").await;
        let resident = stage.resident(person).await;
        let call = json!({ "unitId": unit.to_string(), "personId": person.to_string(),
            "callerName": "张先生", "phone": "13812345678", "class": "COMPLAINT" });
        let call = logged(&stage, &stage.desk, call).await;
        let other = json!({ "unitId": unit.to_string(), "personId": person.to_string() });
        let other = logged(&stage, &stage.desk, other).await;
        let said = json!({ "complainantId": person.to_string(), "unitId": unit.to_string(),
            "complainantName": null, "anonymous": true, "contactId": call["id"] });
        let it = done(&stage.desk, "receiveComplaint", new(&stage, said)).await;
        for who in [&stage.desk, &stage.supervisor, &stage.director] {
            let told = contact(who, &call["id"]).await;
            for field in ["person", "personName", "callerName", "phone", "unit", "unitLabel"] {
                assert_eq!(told[field], Value::Null, "{field}");
            }
            assert_eq!((&told["became"], &told["becameId"]), (&json!("COMPLAINT"), &Value::Null));
            // Nor is it found by whose it was, and it is there all the same.
            for by in
                [json!({ "unitId": unit.to_string() }), json!({ "personId": person.to_string() })]
            {
                assert_eq!(found(&stage, who, by).await, [other["id"].clone()]);
            }
            assert_eq!(found(&stage, who, json!({ "phoneTail": "5678" })).await, [Value::Null; 0]);
            assert!(found(&stage, who, json!({})).await.contains(&call["id"]));
        }
        let text = "query($unit: ID!) { householdTimeline(unitId: $unit) { nodes { id } } }";
        let of_unit = stage.desk.send("service-desk", text, json!({ "unit": unit.to_string() }));
        assert!(!of_unit.await.data.to_string().contains(call["id"].as_str().unwrap()));
        let reveal =
            "mutation($input: RevealContactPhoneInput!) { revealContactPhone(input: $input)
            { phone } }";
        let input = json!({ "input": { "contactId": call["id"], "reason": "回电" } });
        let phone = stage.desk.send("service-desk", reveal, input).await.ok();
        assert_eq!(phone["revealContactPhone"]["phone"], Value::Null);
        // The complainant sees what is their own.
        let own = contact(&resident, &call["id"]).await;
        assert_eq!((&own["personName"], &own["becameId"]), (&json!("张三"), &it["id"]));

        let photo = uploaded(&stage, &resident, "现场.pdf", b"%PDF-1.7 noise").await;
        attach(&resident, &it["id"], &photo, "photo-0001").await.ok();
        for who in [&stage.desk, &stage.supervisor] {
            assert_eq!(attached_by(who, &it["id"]).await, Value::Null);
        }
        assert_eq!(attached_by(&resident, &it["id"]).await, resident.user.to_string());
    });
}
